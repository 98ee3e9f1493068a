//! The only documents that run.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_graphql::Value;

use super::hash::bare;
use crate::{
    graphql::error::{ErrorCode, RequestError},
    types::{JsonBounds, read_json},
};

/// Documents by their ids, as a tool has written them into a file.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Trusted {
    by_id: HashMap<String, Arc<str>>,
    texts: HashSet<Arc<str>>,
}

impl Trusted {
    /// Reads a JSON object of documents by their ids, which may be hashes or anything else.
    pub(in crate::graphql) fn read(json: &str) -> Result<Self, String> {
        let expected = "it must hold a JSON object of documents by their ids";
        let read = read_json(json.as_bytes(), JsonBounds::FILE);
        let Value::Object(object) = read.map_err(|error| format!("{expected}, and {error}"))? else {
            return Err(expected.to_owned());
        };
        let mut trusted = Self { by_id: HashMap::new(), texts: HashSet::new() };
        for (id, document) in object {
            let Value::String(text) = document else {
                return Err(format!("what stands under \"{id}\" is no string with a document"));
            };
            let text: Arc<str> = text.into();
            trusted.texts.insert(Arc::clone(&text));
            trusted.by_id.insert(bare(&id).to_owned(), text);
        }
        if trusted.by_id.is_empty() {
            return Err("it holds no document, so nothing could run".to_owned());
        }
        Ok(trusted)
    }

    /// Every document with its id, in the order of the ids.
    pub(in crate::graphql) fn documents(&self) -> Vec<(&str, &str)> {
        let mut documents: Vec<_> = self.by_id.iter().map(|(id, text)| (id.as_str(), &**text)).collect();
        documents.sort_unstable();
        documents
    }

    /// The document that a request means: by its whole text, or else by its id.
    pub(super) fn find(&self, query: Option<&str>, id: Option<&str>) -> Result<Arc<str>, RequestError> {
        let found = match query {
            Some(query) => self.texts.get(query),
            None => id.and_then(|id| self.by_id.get(bare(id))),
        };
        found.cloned().ok_or_else(|| {
            RequestError::new(
                ErrorCode::DocumentNotTrusted,
                "only the documents that this server was started with run here; send the id of one of them, or its \
                 whole text",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_the_file_holds_is_documents_or_an_error(
            text in prop_oneof![".{0,200}", r#"\{"[a-z]": ?["\[\]{},:a-z0-9\\]{0,60}\}"#],
        ) {
            if let Ok(trusted) = Trusted::read(&text) {
                prop_assert!(!trusted.documents().is_empty());
            }
        }
    }
}
