//! Sees every statement that is run: for the logs, and for tests that count statements and ask for their
//! plans.

use std::{fmt, sync::Arc};

use diesel::connection::{Instrumentation, InstrumentationEvent};

type See = dyn Fn(&dyn fmt::Display) + Send + Sync;

/// Told of every statement before it runs.
#[derive(Clone)]
pub struct StatementObserver(Arc<See>);

impl StatementObserver {
    /// Calls `see` with every statement, on the thread that runs it.
    pub fn new(see: impl Fn(&dyn fmt::Display) + Send + Sync + 'static) -> Self {
        Self(Arc::new(see))
    }

    /// Writes every statement to the logs at level `trace`, target `messenger::sql`, without what is bound to
    /// it: messages are nobody's business but their readers'.
    #[must_use]
    pub fn log() -> Self {
        Self::new(|statement| {
            if tracing::enabled!(target: "messenger::sql", tracing::Level::TRACE) {
                let text = statement.to_string();
                let sql = text.split(" -- binds:").next().unwrap_or_default();
                tracing::trace!(target: "messenger::sql", "{sql}");
            }
        })
    }

    pub(super) fn instrumentation(&self) -> impl Instrumentation {
        let see = Arc::clone(&self.0);
        move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                see(&query);
            }
        }
    }
}

impl fmt::Debug for StatementObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatementObserver").finish_non_exhaustive()
    }
}
