//! Ids as they come in and go out.

use std::fmt::Display;

use async_graphql::{Error, ID, Result};

use super::resolver_error::coded;
use crate::types::{GlobalId, IdError};

/// The id of this kind, or the coded error of a query.
pub(super) fn parse<I: GlobalId>(argument: &str, id: &ID) -> Result<I> {
    id.parse().map_err(|error| unusable(argument, &error))
}

/// What a query says of an id that it cannot use.
pub(super) fn unusable(argument: &str, error: &IdError) -> Error {
    coded(error.into(), format_args!("{argument}: {error}"))
}

/// The id as clients know it.
pub(super) fn global(id: impl Display) -> ID {
    ID(id.to_string())
}
