//! Reads a GraphQL request out of an HTTP request.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request as HttpRequest,
    http::{HeaderMap, Method, header::CONTENT_TYPE},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use mediatype::{MediaType, names};
use serde_json::{Map, Value};

use super::{Rejection, parameters::request};
use crate::{config::Limits, graphql::Request};

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How much more of a body that is too large is received before it is refused.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// What is asked in one HTTP request.
pub(super) enum Asked {
    /// One thing.
    One(Box<Request>),
    /// One after the other, where that is allowed.
    Many(Vec<Request>),
}

/// The GraphQL request in the query string or in the body, or an array of them.
pub(super) async fn read(request: HttpRequest, limits: &Limits) -> Result<Asked, Rejection> {
    match *request.method() {
        Method::GET => {
            from_query_string(request.uri().query().unwrap_or_default()).map(|one| Asked::One(Box::new(one)))
        }
        Method::POST => {
            require_json(request.headers())?;
            let body = collect(request.into_body(), limits.body_bytes).await?;
            from_json(&body, limits.request_batch)
        }
        _ => Err(Rejection::method_not_allowed()),
    }
}

/// Takes the body of a request that is refused whatever it says, and keeps nothing of it.
pub(super) async fn pass_over(request: HttpRequest) {
    drop(tokio::time::timeout(BODY_TIMEOUT, discard(request.into_body())).await);
}

/// Nothing but JSON: a browser asks before it sends that to another site, so no form can forge a request.
fn require_json(headers: &HeaderMap) -> Result<(), Rejection> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let parsed = content_type.and_then(|text| MediaType::parse(text).ok());
    match parsed {
        Some(media)
            if media.ty == names::APPLICATION && media.subty == names::JSON && media.suffix.is_none() =>
        {
            Ok(())
        }
        _ => Err(Rejection::unsupported_media_type()),
    }
}

async fn collect(body: Body, most: usize) -> Result<Bytes, Rejection> {
    let too_large = (most + MAX_DISCARDED_BYTES) as u64;
    if body.size_hint().lower() > too_large {
        return Err(Rejection::too_large(most));
    }
    tokio::time::timeout(BODY_TIMEOUT, receive(body, most))
        .await
        .unwrap_or_else(|_| Err(Rejection::timeout()))
}

async fn receive(mut body: Body, most: usize) -> Result<Bytes, Rejection> {
    match Limited::new(&mut body, most).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            discard(body).await;
            Err(Rejection::too_large(most))
        }
        Err(_) => Err(Rejection::bad_request("the body broke off")),
    }
}

/// Reads on without keeping anything: who is still sending would find the connection closed, and hear no reason.
async fn discard(body: Body) {
    let mut rest = Limited::new(body, MAX_DISCARDED_BYTES);
    while let Some(Ok(_)) = rest.frame().await {}
}

fn from_json(body: &[u8], most: usize) -> Result<Asked, Rejection> {
    match serde_json::from_slice(body) {
        Ok(Value::Array(items)) if (1..=most).contains(&items.len()) => {
            let requests: Result<_, _> = items.into_iter().map(from_value).collect();
            requests.map(Asked::Many)
        }
        Ok(Value::Array(_)) => Err(Rejection::batch_too_large(most)),
        Ok(value) => from_value(value).map(|one| Asked::One(Box::new(one))),
        Err(error) => Err(Rejection::bad_request(format!(
            "the body is not JSON (line {}, column {})",
            error.line(),
            error.column()
        ))),
    }
}

fn from_value(value: Value) -> Result<Request, Rejection> {
    match value {
        Value::Object(parameters) => Ok(request(parameters)?),
        _ => Err(Rejection::bad_request("a request must be a JSON object with the key \"query\"")),
    }
}

/// As in a body, but `variables` and `extensions` are JSON in a text.
fn from_query_string(query: &str) -> Result<Request, Rejection> {
    let mut parameters = Map::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let value = match &*name {
            "variables" | "extensions" => serde_json::from_str(&text)
                .map_err(|_| Rejection::bad_request(format!("the parameter \"{name}\" is not JSON")))?,
            _ => Value::String(text.into_owned()),
        };
        parameters.insert(name.into_owned(), value);
    }
    Ok(request(parameters)?)
}
