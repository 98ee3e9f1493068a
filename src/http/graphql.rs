//! GraphQL over HTTP, by the specification of that name (<https://graphql.github.io/graphql-over-http/draft/>).

use async_graphql_axum::GraphQLResponse;
use axum::{
    Extension, Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    Rejection,
    accept::{ResponseType, negotiate},
    body,
};
use crate::graphql::{Answer, Api, RequestId};

/// Reads, runs and answers one request.
pub(super) async fn answer(
    State(api): State<Api>,
    Extension(request_id): Extension<RequestId>,
    request: Request,
) -> Response {
    let Some(response_type) = negotiate(request.headers()) else {
        return Rejection::not_acceptable().into_response();
    };
    let answered = match body::read(request).await {
        Ok((request, allowed)) => respond(api.execute(request, allowed, &request_id).await, response_type),
        Err(rejection) => rejection.into_response(),
    };
    with_headers(answered, response_type)
}

fn respond(answer: Answer, response_type: ResponseType) -> Response {
    match answer {
        Answer::Executed(response) => GraphQLResponse::from(*response).into_response(),
        Answer::NotAllowed => Rejection::only_queries_over_get().into_response(),
        Answer::Refused(errors) => {
            let status = match response_type {
                ResponseType::Json => StatusCode::OK,
                ResponseType::GraphqlResponse => StatusCode::BAD_REQUEST,
            };
            (status, Json(json!({ "errors": errors }))).into_response()
        }
    }
}

fn with_headers(mut response: Response, response_type: ResponseType) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(response_type.content_type()));
    // Answers are somebody's messages, and differ by what was accepted.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
