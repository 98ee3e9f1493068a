//! The documents that were read and validated already.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use crate::graphql::{
    document::Document,
    limits::{MAX_KNOWN, MAX_KNOWN_BYTES},
};

/// Sound documents by their texts. What is asked for seldom makes place for others.
pub(in crate::graphql) struct DocumentCache(Cache<Arc<str>, Arc<Document>, ByMemory>);

/// Counts the memory that a document takes, and its text.
#[derive(Clone)]
struct ByMemory;

impl Weighter<Arc<str>, Arc<Document>> for ByMemory {
    fn weight(&self, text: &Arc<str>, document: &Arc<Document>) -> u64 {
        (text.len() + document.bytes()) as u64
    }
}

impl DocumentCache {
    pub(in crate::graphql) fn new() -> Self {
        Self(Cache::with_weighter(MAX_KNOWN, MAX_KNOWN_BYTES as u64, ByMemory))
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
