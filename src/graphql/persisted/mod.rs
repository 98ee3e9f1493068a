//! Documents that are known before they come: those that clients registered, or the only ones that run.

mod document_cache;
mod hash;
mod lookup;
mod recent;
mod trusted;

pub(super) use document_cache::DocumentCache;
pub(super) use lookup::{PersistedDocuments, ResolvedDocument};
pub(super) use trusted::Trusted;
