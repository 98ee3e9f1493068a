//! How one thing was told, for all who are told it in the same words.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::value::RawValue;
use tokio::sync::OnceCell;

/// An answer, written. `None` when there is nothing to tell, because what it refers to has gone.
pub type Wording = Option<Arc<RawValue>>;

/// The answers that were written of one thing, each once, by what was asked.
///
/// Measured with `just bench-fan-out`; `docs/performance.md` has the figures.
#[derive(Default)]
pub struct Wordings(Mutex<HashMap<Arc<str>, Arc<OnceCell<Wording>>>>);

impl Wordings {
    /// The answer to what is asked. The first who asks writes it, and the others wait for that; when it fails, the next one
    /// tries.
    pub async fn get_or_write<E>(
        &self,
        asked: &Arc<str>,
        write: impl Future<Output = Result<Wording, E>>,
    ) -> Result<Wording, E> {
        let cell = self.cell(asked);
        cell.get_or_try_init(|| write).await.cloned()
    }

    fn cell(&self, asked: &Arc<str>) -> Arc<OnceCell<Wording>> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(cells.entry(Arc::clone(asked)).or_default())
    }
}

impl fmt::Debug for Wordings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wordings").finish_non_exhaustive()
    }
}
