//! Ids as they come in and go out.

use async_graphql::{Error, ID, Result};

use super::resolver_error::coded;
use crate::types::{Id, IdError, Kind};

/// The id of this kind, or the coded error of a query.
pub(super) fn parse<K: Kind>(argument: &str, id: &ID) -> Result<Id<K>> {
    id.parse().map_err(|error| unusable(argument, &error))
}

/// What a query says of an id that it cannot use.
pub(super) fn unusable(argument: &str, error: &IdError) -> Error {
    coded(error.into(), format_args!("{argument}: {error}"))
}

/// The id as clients know it.
pub(super) fn global<K: Kind>(id: Id<K>) -> ID {
    ID(id.to_string())
}
