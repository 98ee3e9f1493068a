//! The documents that were read and validated already.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use crate::graphql::{
    document::Document,
    limits::{MAX_KNOWN, MAX_KNOWN_BYTES},
};

/// Sound documents by their texts. What is asked for seldom makes place for others.
///
/// Reading and validating anew takes 27 µs for a page of messages, a third of all that such a request costs.
pub(in crate::graphql) struct Known(Cache<Arc<str>, Arc<Document>, ByText>);

/// A document takes up to a hundred times the bytes of its text, so the texts are what is counted.
#[derive(Clone)]
struct ByText;

impl Weighter<Arc<str>, Arc<Document>> for ByText {
    fn weight(&self, text: &Arc<str>, _: &Arc<Document>) -> u64 {
        // A thousand short ones are as many as a thousand long ones may be.
        text.len().max(MAX_KNOWN_BYTES / MAX_KNOWN) as u64
    }
}

impl Known {
    pub(in crate::graphql) fn new() -> Self {
        Self(Cache::with_weighter(MAX_KNOWN, MAX_KNOWN_BYTES as u64, ByText))
    }

    /// The document of a text, if it is known.
    pub(in crate::graphql) fn get(&self, text: &str) -> Option<Arc<Document>> {
        self.0.get(text)
    }

    /// Keeps a document that has proved sound.
    pub(in crate::graphql) fn put(&self, text: Arc<str>, document: Arc<Document>) {
        self.0.insert(text, document);
    }
}
