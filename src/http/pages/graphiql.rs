//! GraphiQL: the schema's documentation and a place to try it.

use axum::{Router, extract::Path, http::HeaderMap, response::Response, routing::get};
use rust_embed::RustEmbed;

use super::{bundle::Bundle, packed::Packed};

/// What `just web` has built.
#[derive(RustEmbed)]
#[folder = "web/built/graphiql"]
struct Files;

/// The editor measures and colours with styles that it writes into the page, and its fonts and icons are partly in its
/// styles. Scripts, workers and requests are its own.
static GRAPHIQL: Bundle = Bundle {
    home: "/",
    find: Packed::find::<Files>,
    policy: "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
             font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
};

/// The front page, and what it loads.
pub(in crate::http) fn routes() -> Router {
    Router::new().route("/", get(front)).route("/graphiql/{*path}", get(file))
}

async fn front(asked: HeaderMap) -> Response {
    GRAPHIQL.index(&asked).await
}

async fn file(Path(path): Path<String>, asked: HeaderMap) -> Response {
    GRAPHIQL.file(&path, &asked).await
}
