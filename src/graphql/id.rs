//! Ids as they come in and go out.

use std::fmt;

use async_graphql::{Error, ID, Result};

use super::resolver_error::coded;
use crate::types::{self, EntityId, IdError};

/// The id of this kind, or the coded error of a query.
pub(super) fn parse<I: types::GlobalId>(argument: &str, id: &ID) -> Result<I> {
    id.parse().map_err(|error| unusable(argument, &error))
}

/// What a query says of an id that it cannot use.
pub(super) fn unusable(argument: &str, error: &IdError) -> Error {
    coded(error.into(), format_args!("{argument}: {error}"))
}

/// An id as clients know it; it has no text until one is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct GlobalId(EntityId);

/// The id as clients know it.
pub(super) fn global(id: impl Into<EntityId>) -> GlobalId {
    GlobalId(id.into())
}

impl GlobalId {
    /// Writes its text.
    pub(super) fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        self.0.write(out)
    }
}

impl fmt::Display for GlobalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}
