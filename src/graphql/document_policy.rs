//! What every document passes before it runs.

use std::{fmt, sync::Arc};

use async_graphql::Variables;

use super::{
    document::{Document, NameMasking, Operation, Reader},
    error::RequestError,
    persisted::{DocumentCache, PersistedDocuments, ResolvedDocument, Trusted},
    request::Request,
    schema::sdl,
};
use crate::config::Limits;

/// The document with which GraphiQL asks for the schema.
const INTROSPECTION: &str = include_str!("introspection.graphql");

/// Says which documents run.
pub struct DocumentPolicy {
    persisted: PersistedDocuments,
    cache: DocumentCache,
    reader: Reader,
}

impl DocumentPolicy {
    /// For any document. Without introspection none may ask for the schema.
    #[must_use]
    pub fn open(introspection: bool, limits: Arc<Limits>) -> Self {
        Self::with(PersistedDocuments::registered(), introspection, limits)
    }

    /// For the documents in this JSON object, which has them under their ids, and for no others. Says what is wrong with the
    /// first one that could not run.
    pub fn trusting(json: &str, introspection: bool, limits: Arc<Limits>) -> Result<Self, String> {
        let trusted = Trusted::read(json)?;
        let policy = Self::with(PersistedDocuments::Trusted(trusted.clone()), introspection, limits);
        for (id, text) in trusted.documents() {
            policy
                .require_valid(text)
                .map_err(|problem| format!("the document \"{id}\" could not run: {}", problem.message()))?;
        }
        Ok(policy)
    }

    fn with(persisted: PersistedDocuments, introspection: bool, limits: Arc<Limits>) -> Self {
        Self { persisted, cache: DocumentCache::new(), reader: Reader::of(&sdl(), introspection, limits) }
    }

    /// What is wrong with a document, whatever its variables will be: at most 10 errors, and none if it would run. Nothing
    /// is remembered of it.
    #[must_use]
    pub fn problems(&self, text: &str) -> Vec<RequestError> {
        self.reader.read(text).err().unwrap_or_default()
    }

    /// Whether only documents run that are known here.
    #[must_use]
    pub fn is_trusting(&self) -> bool {
        matches!(self.persisted, PersistedDocuments::Trusted(_))
    }

    /// Whether GraphiQL gets the schema: introspection is on, and within the limits of documents.
    #[must_use]
    pub fn tells_schema(&self) -> bool {
        let Ok(document) = self.reader.read(INTROSPECTION) else { return false };
        let limits = &self.reader.limits;
        document
            .operations()
            .iter()
            .all(|operation| operation.check_cost(&Variables::default(), limits).is_ok())
    }

    /// Whether clients may ask for the schema.
    pub(super) fn introspection(&self) -> bool {
        self.reader.introspection
    }

    /// The text of the document that a request means.
    pub(super) fn find(&self, request: &Request) -> Result<ResolvedDocument, RequestError> {
        self.persisted.find(request, self.reader.limits.document_bytes)
    }

    /// The document of a text that was read before, as long as it is remembered.
    pub(super) fn cached(&self, resolved: &ResolvedDocument) -> Option<Arc<Document>> {
        self.cache.get(&resolved.text)
    }

    /// The document of a text that is new, and is known from now on; or what is wrong with it.
    pub(super) fn read(&self, resolved: &ResolvedDocument) -> Result<Arc<Document>, Vec<RequestError>> {
        let masking = self.masking(resolved);
        let document = self.reader.read(&resolved.text).map_err(|mut errors| {
            for error in &mut errors {
                error.mask(&masking);
            }
            errors
        })?;
        let document = Arc::new(document);
        self.cache.put(Arc::clone(&resolved.text), Arc::clone(&document));
        Ok(document)
    }

    /// The document of a text that was read before, read anew when it is not remembered any more.
    pub(super) fn read_again(&self, text: &Arc<str>) -> Option<Arc<Document>> {
        self.cache.get(text).or_else(|| {
            let document = Arc::new(self.reader.read(text).ok()?);
            self.cache.put(Arc::clone(text), Arc::clone(&document));
            Some(document)
        })
    }

    /// The variables of an operation as it declares them, and how many values it may give with them. Refuses those that do not fit, and with them an operation that
    /// would give too much, or would be kept for too long for its length.
    pub(super) fn variables(
        &self,
        resolved: &ResolvedDocument,
        operation: &Operation,
        given: Variables,
    ) -> Result<(Variables, usize), RequestError> {
        let limits = &self.reader.limits;
        operation.check_length(&resolved.text, limits)?;
        let variables = self.reader.variables(operation, given)?;
        let values = operation.check_cost(&variables, limits)?;
        Ok((variables, values))
    }

    /// Keeps a text that the client wants to register.
    pub(super) fn register(&self, resolved: &ResolvedDocument) {
        self.persisted.keep(resolved);
    }

    /// What messages about a document may tell.
    pub(super) fn masking(&self, resolved: &ResolvedDocument) -> NameMasking {
        if self.introspection() {
            NameMasking::default()
        } else {
            NameMasking::about(Arc::clone(&resolved.text))
        }
    }
}

impl DocumentPolicy {
    fn require_valid(&self, text: &str) -> Result<(), RequestError> {
        let document = self.reader.read(text).map_err(|errors| errors.into_iter().next());
        let document = match document {
            Ok(document) => document,
            Err(first) => return first.map_or(Ok(()), Err),
        };
        let mut operations = document.operations().iter();
        operations.try_for_each(|operation| operation.check_length(text, &self.reader.limits))
    }
}

impl fmt::Debug for DocumentPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentPolicy").field("persisted", &self.persisted).finish_non_exhaustive()
    }
}
