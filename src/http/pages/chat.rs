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

const HOME: &str = "/chat/";

/// What `just web` has built.
#[derive(RustEmbed)]
#[folder = "web/built/chat"]
struct Files;

/// Its WebSocket is of its own origin as well.
static CHAT: Bundle = Bundle {
    home: HOME,
    find: Packed::find::<Files>,
    policy: "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/// The chat, and what it loads.
pub(in crate::http) fn routes() -> Router {
    let chat = get(async || Redirect::permanent(HOME));
    Router::new().route("/chat", chat).route(HOME, get(home)).route("/chat/{*path}", get(file))
}

async fn home(asked: HeaderMap) -> Response {
    CHAT.index(&asked).await
}

async fn file(Path(path): Path<String>, asked: HeaderMap) -> Response {
    CHAT.file(&path, &asked).await
}
