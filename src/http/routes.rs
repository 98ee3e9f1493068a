//! The route table, on one screen.

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get},
};

use super::{
    Rejection, graphiql, graphql, health,
    request::{self, RequestIds},
};
use crate::{app::App, graphql::Api};

/// Everything there is to call.
pub fn routes(app: App) -> Router {
    let request_ids = Arc::new(RequestIds::new(app.clock.now()));
    Router::new()
        .route("/", get(graphiql::page))
        .route("/graphql", any(graphql::answer).with_state(Api::new(app.clone())))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready).with_state(app))
        .fallback(async || Rejection::nothing_here())
        .layer(from_fn_with_state(request_ids, request::enter))
}
