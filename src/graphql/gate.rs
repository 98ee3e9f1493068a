//! What every document passes before it runs.

use std::{fmt, sync::Arc};

use async_graphql::{Variables, parser::types::OperationDefinition};

use super::{
    catalogue::{Catalogue, Found, Known, Trusted},
    document::{Discretion, Document, Rules},
    error::RequestError,
    request::Request,
    schema::sdl,
    validator::Validator,
};
use crate::config::Limits;

/// Says which documents run.
pub struct Gate {
    catalogue: Catalogue,
    known: Known,
    rules: Rules,
    validator: Validator,
}

/// A document that a request means.
pub(super) struct Opened {
    pub(super) document: Arc<Document>,
    /// Whether it has run before.
    pub(super) is_known: bool,
}

/// A document that has yet to prove sound, and its text.
pub(super) struct New {
    text: Arc<str>,
    document: Arc<Document>,
}

impl Opened {
    /// What is to be kept of it when it has run.
    pub(super) fn new_to(self, found: &Found) -> Option<New> {
        let Self { document, is_known } = self;
        (!is_known).then(|| New { text: Arc::clone(&found.text), document })
    }
}

impl Gate {
    /// For any document. Without introspection none may ask for the schema.
    #[must_use]
    pub fn open(introspection: bool, limits: Arc<Limits>) -> Self {
        Self::with(Catalogue::registered(), introspection, limits)
    }

    /// For the documents in this JSON object, which has them under their ids, and for no others. Says what is wrong with the
    /// first one that could not run.
    pub fn trusting(json: &str, introspection: bool, limits: Arc<Limits>) -> Result<Self, String> {
        let trusted = Trusted::read(json)?;
        let gate = Self::with(Catalogue::Trusted(trusted.clone()), introspection, limits);
        for (id, text) in trusted.documents() {
            gate.require_valid(text)
                .map_err(|problem| format!("the document \"{id}\" could not run: {problem}"))?;
        }
        Ok(gate)
    }

    fn with(catalogue: Catalogue, introspection: bool, limits: Arc<Limits>) -> Self {
        let validator = Validator::new(&limits);
        Self { catalogue, known: Known::new(), rules: Rules::of(&sdl(), introspection, limits), validator }
    }

    /// Whether only documents run that are known here.
    #[must_use]
    pub fn is_trusting(&self) -> bool {
        matches!(self.catalogue, Catalogue::Trusted(_))
    }

    /// Whether clients may ask for the schema.
    pub(super) fn introspection(&self) -> bool {
        self.rules.introspection
    }

    /// The text of the document that a request means.
    pub(super) fn find(&self, request: &Request) -> Result<Found, RequestError> {
        self.catalogue.find(request, self.rules.limits.document_bytes)
    }

    /// The document of a text that has run before, as long as it is remembered.
    pub(super) fn known(&self, text: &str) -> Option<Opened> {
        self.known.get(text).map(|document| Opened { document, is_known: true })
    }

    /// A document that is new, and has yet to prove sound.
    pub(super) fn read(&self, text: &str) -> Result<Opened, RequestError> {
        Ok(Opened { document: Arc::new(self.rules.read(text)?), is_known: false })
    }

    /// Refuses an operation that the schema's rules refuse.
    pub(super) fn check(
        &self,
        found: &Found,
        opened: &Opened,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), RequestError> {
        self.rules.check_length(&found.text, operation)?;
        if !opened.is_known {
            self.rules.check_operation(&opened.document, operation)?;
        }
        self.rules.check_variables(&opened.document, operation, variables).map(drop)
    }

    /// Keeps a text that the client wants to register.
    pub(super) fn register(&self, found: &Found, document: &Document) {
        self.catalogue.keep(found, || self.validator.errors(document).is_empty());
    }

    /// Keeps a document that the library found to fit the schema.
    pub(super) fn keep(&self, new: New) {
        if self.rules.check_document(&new.document).is_ok() {
            self.known.put(new.text, new.document);
        }
    }

    /// What messages about a document may tell.
    pub(super) fn discretion(&self, found: &Found) -> Discretion {
        if self.introspection() { Discretion::default() } else { Discretion::about(Arc::clone(&found.text)) }
    }

    fn require_valid(&self, text: &str) -> Result<(), String> {
        let told = |error: &RequestError| error.message().to_owned();
        let document = self.rules.read(text).map_err(|error| told(&error))?;
        self.rules.check_document(&document).map_err(|error| told(&error))?;
        let mut operations = document.content.operations.iter();
        let lengths =
            operations.try_for_each(|(_, operation)| self.rules.check_length(text, &operation.node));
        lengths.map_err(|error| told(&error))?;
        self.validator.errors(&document).into_iter().next().map_or(Ok(()), |error| Err(error.message))
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("catalogue", &self.catalogue).finish_non_exhaustive()
    }
}
