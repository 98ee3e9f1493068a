//! GraphQL over HTTP, by the specification of that name (<https://graphql.github.io/graphql-over-http/draft/>), and what
//! it leaves open: answers as a stream, and WebSockets on the same address.

use axum::{
    Extension, Json,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    Rejection,
    accept::{ResponseType, SingleType, negotiate},
    body,
    connection::Connection,
    socket, streamed,
};
use crate::graphql::{Allowed, Answer, Api, ErrorCode, RequestError, RequestId};

/// Reads, runs and answers one request, or opens a WebSocket for many.
pub(super) async fn answer(
    State(api): State<Api>,
    Extension(request_id): Extension<RequestId>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    if socket::is_asked_for(&request) {
        return socket::open(request, api, request_id, connection).await.into_response();
    }
    let Some(response_type) = negotiate(request.headers()) else {
        return Rejection::not_acceptable().into_response();
    };
    let allowed = Allowed {
        mutations: request.method() != Method::GET,
        subscriptions: matches!(response_type, ResponseType::Streamed(_)),
    };
    let request = match body::read(request, api.limits()).await {
        Ok(request) => request,
        Err(rejection) => {
            return with_headers(rejection, ResponseType::Single(response_type.of_rejections()));
        }
    };
    match response_type {
        ResponseType::Single(single) => {
            let answer = api.execute(request, allowed, &request_id).await;
            with_headers((status(&answer, single), Json(answer)), response_type)
        }
        ResponseType::Streamed(stream_type) => {
            let answers = api.follow(request, allowed, request_id);
            with_headers(streamed::body(stream_type, answers, connection.stop), response_type)
        }
    }
}

fn status(answer: &Answer, response_type: SingleType) -> StatusCode {
    let is_method_wrong =
        |errors: &[RequestError]| errors.iter().any(|error| error.code() == ErrorCode::MethodNotAllowed);
    match (answer, response_type) {
        (Answer::Refused { errors }, _) if is_method_wrong(errors) => StatusCode::METHOD_NOT_ALLOWED,
        (Answer::Refused { .. }, SingleType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

fn with_headers(answer: impl IntoResponse, response_type: ResponseType) -> Response {
    let mut response = answer.into_response();
    let is_method_wrong = response.status() == StatusCode::METHOD_NOT_ALLOWED;
    let headers = response.headers_mut();
    if is_method_wrong {
        // Only a mutation over GET comes here without it.
        headers.entry(header::ALLOW).or_insert(HeaderValue::from_static("POST"));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(response_type.content_type()));
    // Answers are somebody's messages, and differ by what was accepted.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
