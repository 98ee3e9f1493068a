//! For whoever keeps the program running: is it alive, and can it work?

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{extract::State, http::StatusCode};
use tokio::sync::Mutex;

use crate::{app::App, domain::check_ready};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The process runs. Restart it when this fails.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// Whether the database answers, as it was last found.
///
/// Requests that come while it is asked share the next answer, so that a flood of them is one read at a time, and does not
/// fill the lane.
#[derive(Clone, Debug, Default)]
pub(super) struct Readiness(Arc<Mutex<Option<Checked>>>);

#[derive(Clone, Copy, Debug)]
struct Checked {
    begun: Instant,
    answers: bool,
}

impl Readiness {
    /// The database answers. Send no requests while this fails.
    pub(super) async fn ready(self, State(app): State<App>) -> (StatusCode, &'static str) {
        match tokio::time::timeout(PATIENCE, self.check(&app)).await {
            Ok(true) => (StatusCode::OK, "ready\n"),
            Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database takes too long to answer\n"),
        }
    }

    /// Whether it answers at a time after this was called.
    async fn check(&self, app: &App) -> bool {
        let asked = Instant::now();
        let mut last = self.0.lock().await;
        if let Some(checked) = last.filter(|checked| checked.begun >= asked) {
            return checked.answers;
        }
        let begun = Instant::now();
        let outcome = check_ready(app).await;
        if let Err(error) = &outcome {
            tracing::warn!(%error, "not ready");
        }
        let answers = outcome.is_ok();
        *last = Some(Checked { begun, answers });
        answers
    }
}
