//! What is served over HTTP: the route table, and the layers around it.

mod accept;
mod body;
mod graphiql;
mod graphql;
mod health;
mod listen;
mod rejection;
mod request;

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get},
};

pub use listen::{bind, serve};

use crate::{app::App, graphql::Api};
use rejection::Rejection;
use request::RequestIds;

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
