//! A request that is not one of ours, told in the same shape as every other error.

use axum::{
    Json,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::parameters::NoRequest;
use crate::{
    graphql::{ErrorCode, RequestError},
    rates::RateLimited,
    types::JsonError,
};

/// Why a request was not even read as GraphQL.
#[derive(Debug)]
pub(super) struct Rejection {
    status: StatusCode,
    error: RequestError,
    /// A header that says what is taken here.
    header: Option<(&'static str, &'static str)>,
}

impl Rejection {
    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, error: RequestError::new(code, message), header: None }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// JSON that cannot be taken; `what` says which, such as "the body".
    pub(super) fn bad_json(what: &str, error: JsonError) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: RequestError::bad_json(what, error), header: None }
    }

    pub(super) fn not_acceptable() -> Self {
        Self::new(
            StatusCode::NOT_ACCEPTABLE,
            ErrorCode::NotAcceptable,
            "Accept must allow application/graphql-response+json or application/json; for a subscription \
             text/event-stream, or multipart/mixed;subscriptionSpec=1.0",
        )
    }

    pub(super) fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::UnsupportedMediaType,
            "Content-Type must be application/json",
        )
    }

    /// A coding in which no body is taken (RFC 9110, section 12.5.3).
    pub(super) fn unsupported_coding() -> Self {
        let message = "Content-Encoding must be gzip, or left out";
        let rejection =
            Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType, message);
        Self { header: Some(("accept-encoding", "gzip")), ..rejection }
    }

    pub(super) fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::RequestTooLarge,
            format!("the body is too large; at most {most} bytes are allowed"),
        )
    }

    /// Too many bytes of requests are on their way.
    pub(super) fn overloaded() -> Self {
        let message = "the server receives as many bytes of requests as it can hold at a time, for all or for you; try again \
                       after retryAfterMs";
        let error = RequestError::overloaded(message);
        Self { status: StatusCode::SERVICE_UNAVAILABLE, error, header: None }
    }

    pub(super) fn timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, "the body did not arrive in time")
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "only GET, HEAD and POST are served here";
        let rejection = Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, message);
        Self { header: Some(("allow", "GET, HEAD, POST")), ..rejection }
    }

    pub(super) fn only_get() -> Self {
        let message = "only GET is served here; the API is at /graphql";
        let rejection = Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, message);
        Self { header: Some(("allow", "GET, HEAD")), ..rejection }
    }

    pub(super) fn foreign_host() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ErrorCode::HostNotAllowed,
            "this server asks for no tokens, and so takes no requests that name another host in Host: call it as localhost or, \
             where it is reached from elsewhere, by its IP address, or add an origin with this name to \
             MESSENGER_ALLOWED_ORIGINS",
        )
    }

    pub(super) fn foreign_page() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ErrorCode::OriginNotAllowed,
            "pages of this Origin may not call this server; serve the page and /graphql under one name, or add the \
             origin to MESSENGER_ALLOWED_ORIGINS",
        )
    }

    pub(super) fn cross_site() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ErrorCode::CrossSiteRequest,
            "a link, a form or an image of another site may not call this server; let a script call it, from an origin \
             that is allowed in MESSENGER_ALLOWED_ORIGINS",
        )
    }

    pub(super) fn rate_limited(error: RateLimited) -> Self {
        Self {
            error: RequestError::rate_limited(error),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, "")
        }
    }

    pub(super) fn too_many(most: usize, whose: &str) -> Self {
        let message =
            format!("{most} WebSockets and event streams are open {whose}; close some of them first");
        Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManySockets, message)
    }

    pub(super) fn batch_too_large(most: usize) -> Self {
        let message = match most {
            0 => "arrays of requests are not served; send one request at a time".to_owned(),
            _ => format!("an array may hold 1 to {most} requests"),
        };
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::RequestBatchTooLarge, message)
    }

    pub(super) fn no_file(home: &str) -> Self {
        let message = format!("there is no such file; the page begins at {home}");
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, message)
    }

    pub(super) fn nothing_here(shows_graphiql: bool) -> Self {
        let message = if shows_graphiql {
            "there is nothing here; the API is at /graphql, and / shows GraphiQL"
        } else {
            "there is nothing here; the API is at /graphql, and GraphiQL is switched off"
        };
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, message)
    }
}

impl From<NoRequest> for Rejection {
    fn from(reason: NoRequest) -> Self {
        Self::bad_request(reason.to_string())
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let retry_after = self.error.retry_after_seconds();
        let mut response = (self.status, Json(json!({ "errors": [self.error] }))).into_response();
        let headers = [
            (CONTENT_TYPE, "application/json; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        for (name, value) in headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        response
    }
}
