//! What surrounds every request: its id, its line in the logs, a look at whom it names, and a net under
//! panics.
//!
//! One layer for all of it: each further one makes the library copy the whole stack below it for every request.

use std::{
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header::ORIGIN},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use serde_json::json;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::CorsLayer;

use super::{
    Rejection, body,
    host::{self, Names},
    single_headers,
};
use crate::{
    graphql::{ErrorCode, INTERNAL, RequestId},
    types::Timestamp,
};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives every request a name: when the server started, and a count.
#[derive(Debug)]
pub(super) struct RequestIds {
    started: i64,
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn new(started: Timestamp) -> Self {
        Self { started: started.millis(), next: AtomicU64::new(1) }
    }

    fn next(&self) -> RequestId {
        RequestId(format!("{:x}-{}", self.started, self.next.fetch_add(1, Ordering::Relaxed)))
    }
}

/// What is needed to let a request in.
#[derive(Debug)]
pub(super) struct Entrance {
    pub(super) ids: RequestIds,
    /// The names that it may be called by; `None` for any.
    pub(super) names: Option<Names>,
    /// Lets pages read their answers.
    pub(super) sharing: CorsLayer,
}

impl Entrance {
    fn check(&self, request: &Request) -> Result<(), Rejection> {
        host::require(request.version(), request.headers())?;
        single_headers::require(request.headers())?;
        self.names.as_ref().map_or(Ok(()), |names| names.check(request.headers()))
    }
}

/// The outermost layer.
pub(super) async fn enter(
    State(entrance): State<Arc<Entrance>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = entrance.ids.next();
    let (method, path, started) = (request.method().clone(), request.uri().path().to_owned(), Instant::now());
    request.extensions_mut().insert(id.clone());
    let answering = AssertUnwindSafe(share(&entrance, request, next)).catch_unwind();
    let mut response = answering.await.unwrap_or_else(|_| failed(&id));
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HEADER, value);
    }
    tracing::debug!(request_id = %id, %method, path, status = response.status().as_u16(), micros = started.elapsed().as_micros(), "request");
    response
}

/// Answers, so that a page can read whatever it is answered. What is no page's request costs nothing more.
async fn share(entrance: &Arc<Entrance>, request: Request, next: Next) -> Response {
    if !request.headers().contains_key(ORIGIN) {
        return answer(entrance, request, next).await;
    }
    let answering = service_fn(|request| {
        let (entrance, next) = (Arc::clone(entrance), next.clone());
        async move { Ok::<_, Infallible>(answer(&entrance, request, next).await) }
    });
    entrance.sharing.layer(answering).oneshot(request).await.unwrap_or_else(|never| match never {})
}

async fn answer(entrance: &Entrance, request: Request, next: Next) -> Response {
    match entrance.check(&request) {
        Ok(()) => next.run(request).await,
        Err(rejection) => body::refuse(request, rejection).await.into_response(),
    }
}

/// What the panic said is in the logs already, from the hook that `cli` sets.
fn failed(id: &RequestId) -> Response {
    tracing::error!(request_id = %id, "a request panicked");
    let error = json!({
        "message": INTERNAL,
        "extensions": { "code": ErrorCode::Internal, "requestId": id.0 },
    });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "errors": [error] }))).into_response()
}
