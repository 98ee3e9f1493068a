//! The route table, on one screen.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get},
};

use super::{
    Rejection, graphiql, graphql, health, loopback,
    request::{self, RequestIds},
};
use crate::{app::App, graphql::Api};

/// Everything there is to call on a server that listens on `addr`.
pub fn routes(app: App, addr: SocketAddr) -> Router {
    let request_ids = Arc::new(RequestIds::new(app.clock.now()));
    let routes = Router::new()
        .route("/", get(graphiql::page))
        .route("/graphql", any(graphql::answer).with_state(Api::new(app.clone())))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready).with_state(app))
        .fallback(async || Rejection::nothing_here())
        .method_not_allowed_fallback(async || Rejection::only_get());
    let guarded = if addr.ip().is_loopback() { routes.layer(from_fn(loopback::guard)) } else { routes };
    guarded.layer(from_fn_with_state(request_ids, request::enter))
}
