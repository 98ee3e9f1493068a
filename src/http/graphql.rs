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
    connection::{Connection, Stop},
    credentials, socket, streamed,
};
use crate::graphql::{Allowed, Answer, Answers, Api, ErrorCode, RequestError, RequestId, Session};

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
    let negotiated = negotiate(request.headers());
    let session = match api.admit(&credentials::of_headers(request.headers()), &request_id).await {
        Ok(session) => session,
        Err(answer) => {
            body::pass_over(request).await;
            return refuse(answer, negotiated, connection.stop);
        }
    };
    let Some(response_type) = negotiated else {
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
            let answer = api.execute(session, request, allowed, &request_id).await;
            with_headers((status(&answer, single), Json(answer)), response_type)
        }
        ResponseType::Streamed(stream_type) => {
            let answers = api.follow(session, request, allowed, request_id).until(expiry(api, session));
            with_headers(streamed::body(stream_type, answers, connection.stop), response_type)
        }
    }
}

/// The last word to a subscription whose session ends.
async fn expiry(api: Api, session: Session) -> Answer {
    api.ended(session).await;
    RequestError::expired().into()
}

/// The answer to a request that opens no session. Who has no token is told by the status, also where a stream is wanted.
fn refuse(answer: Answer, negotiated: Option<ResponseType>, stop: Stop) -> Response {
    let response_type = negotiated.unwrap_or(ResponseType::Single(SingleType::Json));
    if let ResponseType::Streamed(stream_type) = response_type
        && !answer.is_refused_with(ErrorCode::Unauthenticated)
    {
        return with_headers(streamed::body(stream_type, Answers::only(answer), stop), response_type);
    }
    let single = response_type.of_rejections();
    with_headers((status(&answer, single), Json(answer)), ResponseType::Single(single))
}

fn status(answer: &Answer, response_type: SingleType) -> StatusCode {
    match (answer, response_type) {
        (answer, _) if answer.is_refused_with(ErrorCode::MethodNotAllowed) => StatusCode::METHOD_NOT_ALLOWED,
        (answer, _) if answer.is_refused_with(ErrorCode::Unauthenticated) => StatusCode::UNAUTHORIZED,
        (Answer::Refused { .. }, SingleType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

fn with_headers(answer: impl IntoResponse, response_type: ResponseType) -> Response {
    let mut response = answer.into_response();
    let status = response.status();
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
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
