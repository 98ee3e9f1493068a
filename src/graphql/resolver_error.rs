//! Errors of resolvers: how what the domain says becomes an answer, and what the library gets wrong on the way.

use std::{collections::HashSet, fmt, sync::Arc};

use async_graphql::{Context, Error, ErrorExtensionValues, PathSegment, Result, ServerError, Value};

use super::error::{ErrorCode, OVERLOADED_RETRY_MS, RequestId};
use crate::{
    domain::{DomainError, Refusal},
    store::StoreError,
};

/// A resolver's error with a code.
pub(super) fn coded(code: ErrorCode, message: impl fmt::Display) -> Error {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    Error { message: message.to_string(), source: None, extensions: Some(extensions) }
}

/// A resolver's error for what the domain said. A fault goes along as the source, for the log, and shows nothing of
/// itself.
pub(super) fn domain_error(error: impl Into<Arc<DomainError>>) -> Error {
    let error = error.into();
    match &*error {
        DomainError::Refused { refusal: refusal @ Refusal::TooManySearches, .. } => overloaded(refusal),
        DomainError::Refused { refusal, .. } => coded(refusal.into(), refusal),
        DomainError::Fault(StoreError::Overloaded) => {
            overloaded("too much waits for the database already; nothing was read, try again")
        }
        DomainError::Fault(StoreError::TooLate) => {
            Error { source: Some(error.clone()), ..coded(ErrorCode::ExecutionTimeout, TOO_LONG) }
        }
        DomainError::Fault(fault) if fault.is_passing() => Error {
            source: Some(error.clone()),
            ..coded(
                ErrorCode::Unavailable,
                "the database cannot be used just now; nothing was stored, try again (a message with the same clientMessageId)",
            )
        },
        DomainError::Fault(_) => {
            Error { source: Some(error.clone()), ..coded(ErrorCode::Internal, INTERNAL) }
        }
    }
}

/// The error of a field for which there is no place at the moment.
fn overloaded(message: impl fmt::Display) -> Error {
    let mut error = coded(ErrorCode::Overloaded, message);
    error.extensions.get_or_insert_default().set("retryAfterMs", OVERLOADED_RETRY_MS);
    error
}

/// What a client is told of a read that took too long.
const TOO_LONG: &str = "this took too long to read and was stopped; ask for less";

/// What a client is told of a fault.
pub const INTERNAL: &str = "the server failed; quote the requestId to its operator";

/// Logs the faults among the errors of an answer, once, and adds the id under which the log has them.
pub(super) fn log_faults(errors: &mut [ServerError], request_id: &RequestId) {
    let mut logged = HashSet::new();
    for error in errors {
        let Some(fault) = error.source::<DomainError>() else {
            continue;
        };
        // Fields that were loaded together share the fault that befell them.
        if logged.insert(std::ptr::from_ref(fault)) {
            tracing::error!(%request_id, error = %fault, "a request failed");
        }
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("requestId", request_id.0.as_str());
    }
}

/// The error of a nullable field, noted beside `null`: this version of the library would null the parent as well.
pub(super) fn noted<T>(ctx: &Context<'_>, result: Result<Option<T>>) -> Option<T> {
    result.unwrap_or_else(|error| {
        ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
        None
    })
}

/// Where [`located`] keeps a path until [`restore_path`] takes it out.
const PATH: &str = "path";

/// Remembers where the error of a field that may not be null arose: below a list, this version of the library cuts the
/// path off.
pub(super) fn located<T>(ctx: &Context<'_>, result: Result<T>) -> Result<T> {
    result.map_err(|mut error| {
        let place = ctx.set_error_path(ServerError::new("", None)).path;
        let steps = place.into_iter().map(|step| match step {
            PathSegment::Field(name) => Value::from(name),
            PathSegment::Index(number) => Value::from(number),
        });
        error.extensions.get_or_insert_default().set(PATH, Value::List(steps.collect()));
        error
    })
}

/// Gives an error the whole path that was remembered for it.
pub(super) fn restore_path(error: &mut ServerError) {
    let Some(extensions) = &mut error.extensions else {
        return;
    };
    let Some(Value::List(steps)) = extensions.get(PATH).cloned() else {
        return;
    };
    extensions.unset(PATH);
    let steps = steps.into_iter().filter_map(|step| match step {
        Value::String(name) => Some(PathSegment::Field(name)),
        Value::Number(number) => {
            number.as_u64().and_then(|number| usize::try_from(number).ok()).map(PathSegment::Index)
        }
        _ => None,
    });
    error.path = steps.collect();
}
