//! GraphiQL: the schema's documentation and a place to try it.

use axum::{
    http::header,
    response::{Html, IntoResponse},
};

/// The page; its scripts come from a CDN, at fixed versions whose hashes the browser checks.
pub(super) async fn page() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-cache")], Html(include_str!("graphiql/page.html")))
}
