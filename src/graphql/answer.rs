//! What came of a request.

use std::sync::Arc;

use async_graphql::{Response, ServerError, Value, parser::types::OperationType};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{
    cursor::EventCursor,
    document::NameMasking,
    error::{ErrorCode, OVERLOADED_RETRY_MS, RequestError, RequestId, and_more},
    limits::MAX_ERRORS,
    memory::{GivenUp, Meter},
    rendered::Rendered,
    resolver_error::{log_faults, restore_path},
    wire,
};
use crate::types::EventPosition;

/// What came of a request. Written as JSON, it is what the client gets.
#[derive(Debug)]
pub enum Answer {
    /// Nothing was executed; there is no `data`.
    Refused {
        /// Why not.
        errors: Vec<RequestError>,
    },
    /// A subscription could not begin; there is no `data`.
    NotBegun {
        /// Why not.
        errors: Vec<ServerError>,
    },
    /// The operation was executed.
    Executed(Box<Response>),
    /// The same, written as JSON.
    Rendered(Rendered),
    /// An event of a subscription, written for all who are told it, and its position in the log if it has
    /// one.
    Written(Arc<RawValue>, Option<EventPosition>),
    /// The last answer to a subscription that broke off and can be taken up again where it was.
    Lost(Box<Response>),
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Refused { errors } => serializer.collect_map([("errors", errors)]),
            Self::NotBegun { errors } => serializer.collect_map([("errors", errors)]),
            Self::Executed(response) | Self::Lost(response) => wire::response(response, serializer),
            Self::Rendered(rendered) => rendered.serialize(serializer),
            Self::Written(json, _) => json.serialize(serializer),
        }
    }
}

impl Answer {
    /// Whether nothing was executed, for this reason.
    #[must_use]
    pub fn is_refused_with(&self, code: ErrorCode) -> bool {
        matches!(self, Self::Refused { errors } if errors.iter().any(|error| error.code() == code))
    }

    /// Writes what was executed, within what the meter allows.
    pub(super) async fn render(self, meter: &Arc<Meter>) -> Result<Self, GivenUp> {
        let Self::Executed(response) = self else { return Ok(self) };
        Rendered::of(*response, meter).await.map(Self::Rendered)
    }

    /// The same; what the meter stops is given up.
    pub(super) async fn rendered(self, meter: &Arc<Meter>, request_id: &RequestId) -> Self {
        let rendered = self.render(meter).await;
        rendered.unwrap_or_else(|given_up| Self::given_up(given_up, meter.kind(), request_id))
    }

    /// The same as the only answer to a subscription that could not begin.
    pub(super) fn into_not_begun(self) -> Self {
        match self {
            Self::Executed(response) => Self::NotBegun { errors: response.errors },
            other => other,
        }
    }

    /// The cursor of the event that this answer tells: what `after` takes.
    #[must_use]
    pub fn cursor(&self) -> Option<String> {
        let position = match self {
            Self::Rendered(rendered) => rendered.position(),
            Self::Written(_, position) => *position,
            Self::Refused { .. } | Self::NotBegun { .. } | Self::Executed(_) | Self::Lost(_) => None,
        };
        position.map(|position| EventCursor::of(position).to_string())
    }

    /// The same answer, to an event at this position.
    pub(super) fn at(self, position: Option<EventPosition>) -> Self {
        match self {
            Self::Rendered(rendered) => Self::Rendered(rendered.at(position)),
            other => other,
        }
    }

    /// The same as the last answer to a subscription that broke off.
    pub(super) fn into_lost(self) -> Self {
        match self {
            Self::Executed(response) => Self::Lost(response),
            other => other,
        }
    }

    /// What a client is told when the meter stopped the answer to an operation of this kind.
    pub(super) fn given_up(given_up: GivenUp, kind: OperationType, request_id: &RequestId) -> Self {
        let message = given_up.told(kind);
        match given_up {
            GivenUp::TooLarge { .. } => Self::broken_off(ErrorCode::AnswerTooLarge, &message, request_id),
            GivenUp::Overloaded(_) => {
                let mut answer = Self::broken_off(ErrorCode::Overloaded, &message, request_id);
                if let Self::Executed(response) = &mut answer {
                    let extensions =
                        response.errors.iter_mut().map(|error| error.extensions.get_or_insert_default());
                    extensions.for_each(|extensions| extensions.set("retryAfterMs", OVERLOADED_RETRY_MS));
                }
                answer
            }
            GivenUp::TooLong { seconds } => {
                tracing::warn!(%request_id, seconds, "an answer took too long and was given up");
                Self::broken_off(ErrorCode::ExecutionTimeout, &message, request_id)
            }
        }
    }

    /// What a client is told when something was begun and not finished.
    pub(super) fn broken_off(code: ErrorCode, message: &str, request_id: &RequestId) -> Self {
        let mut error = ServerError::new(message, None);
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", code);
        extensions.set("requestId", request_id.0.as_str());
        Self::Executed(Box::new(Response::from_errors(vec![error])))
    }
}

impl From<RequestError> for Answer {
    fn from(error: RequestError) -> Self {
        Self::Refused { errors: vec![error] }
    }
}

impl From<Vec<RequestError>> for Answer {
    fn from(errors: Vec<RequestError>) -> Self {
        Self::Refused { errors }
    }
}

impl Answer {
    /// The same without the names that its errors may not tell.
    pub(super) fn covered(mut self, masking: &NameMasking) -> Self {
        match &mut self {
            Self::Refused { errors } => errors.iter_mut().for_each(|error| error.mask(masking)),
            Self::NotBegun { errors } => mask(errors, masking),
            Self::Executed(response) | Self::Lost(response) => mask(&mut response.errors, masking),
            Self::Rendered(_) | Self::Written(..) => {}
        }
        self
    }
}

/// Takes out of the library's own messages the names that they may not tell.
fn mask(errors: &mut [ServerError], masking: &NameMasking) {
    let is_of_library = |error: &&mut ServerError| {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        code == Some(&Value::from(ErrorCode::ArgumentsInvalid))
    };
    let errors = errors.iter_mut().filter(is_of_library);
    errors.for_each(|error| error.message = masking.mask(std::mem::take(&mut error.message)));
}

/// What a response of the library is to a client.
pub(super) fn finish(mut response: Response, request_id: &RequestId) -> Answer {
    response.errors.iter_mut().for_each(restore_path);
    log_faults(&mut response.errors, request_id);
    let more = response.errors.len().saturating_sub(MAX_ERRORS);
    response.errors.truncate(MAX_ERRORS);
    response.errors.last_mut().into_iter().for_each(|last| last.message.push_str(&and_more(more)));
    response.errors.iter_mut().for_each(ensure_code);
    Answer::Executed(Box::new(response))
}

/// Arguments that the library itself refuses while executing carry no code.
fn ensure_code(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_none() {
        extensions.set("code", ErrorCode::ArgumentsInvalid);
    }
}
