//! Reads a GraphQL request out of an HTTP request.

use std::time::Duration;

use async_graphql::{Name, Value};
use axum::{
    body::{Body, HttpBody},
    extract::Request as HttpRequest,
    http::{HeaderMap, Method, header::CONTENT_TYPE},
};
use http_body_util::{BodyExt, Limited};
use mediatype::{MediaType, names};
use tokio::time::timeout;

use super::{
    Rejection,
    budget::{FREE_BYTES, Reservation},
    parameters::{Fields, request},
    unpacking::Coding,
};
use crate::{
    config::Limits,
    graphql::Request,
    types::{JsonBounds, read_json},
};

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client whose request is refused may pause before it is answered.
const LINGER: Duration = Duration::from_secs(1);
/// How much more of a body that is too large is received before it is refused.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// What is asked in one HTTP request.
pub(super) enum Asked {
    /// One thing.
    One(Box<Request>),
    /// One after the other, where that is allowed.
    Many(Vec<Request>),
}

/// The GraphQL request in the query string or in the body, or an array of them. The body has its place in a budget until it is
/// parsed.
pub(super) async fn read(
    request: HttpRequest,
    limits: &Limits,
    mut reservation: Reservation,
) -> Result<Asked, Rejection> {
    match *request.method() {
        Method::GET | Method::HEAD => {
            from_query_string(request.uri().query().unwrap_or_default()).map(|one| Asked::One(Box::new(one)))
        }
        Method::POST => {
            let headers = request.headers();
            let coding = match require_json(headers).and_then(|()| Coding::of(headers)) {
                Ok(coding) => coding,
                Err(rejection) => return Err(refuse(request, rejection).await),
            };
            let body = collect(request.into_body(), limits.body_bytes, &mut reservation).await?;
            let body = coding.unpack(body, limits.body_bytes, &mut reservation).await?;
            from_json(&body, limits.request_batch)
        }
        _ => Err(refuse(request, Rejection::method_not_allowed()).await),
    }
}

/// Whether a request asks in its query string. HEAD is answered like GET, and the HTTP library sends no body
/// (RFC 9110, section 9.3.2).
pub(super) fn is_get(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Takes the body of a request that is refused whatever it says, and keeps nothing of it.
pub(super) async fn pass_over(request: HttpRequest) {
    discard(request.into_body()).await;
}

/// The rejection of a request whose body was not read, after it was taken: who is still sending would find the connection
/// closed, and hear no reason (RFC 9112, section 9.6).
pub(super) async fn refuse(request: HttpRequest, rejection: Rejection) -> Rejection {
    pass_over(request).await;
    rejection
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

async fn collect(mut body: Body, most: usize, reservation: &mut Reservation) -> Result<Vec<u8>, Rejection> {
    let too_large = (most + MAX_DISCARDED_BYTES) as u64;
    if body.size_hint().lower() > too_large {
        return Err(Rejection::too_large(most));
    }
    let received = timeout(BODY_TIMEOUT, receive(&mut body, most, reservation)).await;
    match received.unwrap_or_else(|_| Err(Rejection::timeout())) {
        Err(rejection) => {
            reservation.release();
            discard(body).await;
            Err(rejection)
        }
        received => received,
    }
}

/// Takes place for what has arrived, not for what was announced: a client may announce much and send nothing.
async fn receive(body: &mut Body, most: usize, reservation: &mut Reservation) -> Result<Vec<u8>, Rejection> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(FREE_BYTES);
    let mut received = Vec::with_capacity(announced.min(FREE_BYTES));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Rejection::bad_request("the body broke off"))?;
        let Ok(data) = frame.into_data() else { continue };
        let length = received.len() + data.len();
        if length > most {
            return Err(Rejection::too_large(most));
        }
        reservation.grow_to(length).map_err(|_| Rejection::overloaded())?;
        received.extend_from_slice(&data);
    }
    Ok(received)
}

/// Reads on without keeping anything: who is still sending would find the connection closed, and hear no reason. Who stops
/// sending is answered at once.
async fn discard(body: Body) {
    let mut rest = Limited::new(body, MAX_DISCARDED_BYTES);
    let discarding = async { while let Ok(Some(Ok(_))) = timeout(LINGER, rest.frame()).await {} };
    drop(timeout(BODY_TIMEOUT, discarding).await);
}

fn from_json(body: &[u8], most: usize) -> Result<Asked, Rejection> {
    let value =
        read_json(body, JsonBounds::REQUEST).map_err(|error| Rejection::bad_json("the body", error))?;
    match value {
        Value::List(items) if (1..=most).contains(&items.len()) => {
            let requests: Result<_, _> = items.into_iter().map(from_value).collect();
            requests.map(Asked::Many)
        }
        Value::List(_) => Err(Rejection::batch_too_large(most)),
        value => from_value(value).map(|one| Asked::One(Box::new(one))),
    }
}

fn from_value(value: Value) -> Result<Request, Rejection> {
    match value {
        Value::Object(parameters) => Ok(request(parameters)?),
        _ => Err(Rejection::bad_request("a request must be a JSON object with the key \"query\"")),
    }
}

/// As in a body, but `variables` and `extensions` are JSON in a text. Clients write what they do not have as an empty text,
/// so that counts as left out.
fn from_query_string(query: &str) -> Result<Request, Rejection> {
    let mut parameters = Fields::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()).filter(|(_, text)| !text.is_empty()) {
        let value = match &*name {
            "variables" | "extensions" => read_json(text.as_bytes(), JsonBounds::REQUEST)
                .map_err(|error| Rejection::bad_json(&format!("the parameter \"{name}\""), error))?,
            _ => Value::String(text.into_owned()),
        };
        if parameters.insert(Name::new(&name), value).is_some() {
            let message = format!("the parameter \"{name}\" is there more than once; send it once");
            return Err(Rejection::bad_request(message));
        }
    }
    Ok(request(parameters)?)
}
