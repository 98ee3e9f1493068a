//! For whoever keeps the program running: is it alive, and can it work?

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

use crate::{app::App, domain::is_ready};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The process runs. Restart it when this fails.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// The database answers. Send no requests while this fails.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(PATIENCE, is_ready(&app)).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database takes too long to answer\n"),
    }
}
