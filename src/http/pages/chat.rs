//! The example chat, whose sources are in `web/chat`.

use axum::{
    Router,
    extract::Path,
    http::HeaderMap,
    response::{Redirect, Response},
    routing::get,
};
use rust_embed::RustEmbed;

use super::{bundle::Bundle, packed::Packed};
use crate::http::Rejection;

const HOME: &str = "/chat/";

/// What `web/bundles.mjs` has built, if it has.
#[derive(RustEmbed)]
#[folder = "web/built/chat/files"]
#[allow_missing = true]
struct Files;

/// Its WebSocket is of its own origin as well.
static CHAT: Bundle = Bundle {
    home: HOME,
    find: Packed::find::<Files>,
    policy: "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/// Whether this binary carries it.
#[must_use]
pub fn is_built() -> bool {
    CHAT.is_built()
}

/// The chat, and what it loads.
pub(in crate::http) fn routes() -> Router {
    let [chat, home, file] = if is_built() {
        [get(async || Redirect::permanent(HOME)), get(home), get(file)]
    } else {
        [(); 3].map(|()| get(async || Rejection::chat_not_built()))
    };
    Router::new().route("/chat", chat).route(HOME, home).route("/chat/{*path}", file)
}

async fn home(asked: HeaderMap) -> Response {
    CHAT.index(&asked).await
}

async fn file(Path(path): Path<String>, asked: HeaderMap) -> Response {
    CHAT.file(&path, &asked).await
}
