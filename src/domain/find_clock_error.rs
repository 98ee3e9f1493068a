//! Is the machine's clock behind?

use std::time::Duration;

use crate::{app::App, domain::DomainError, models::event};

/// By how much the clock may be behind without a word: machines differ, and a database may come from another.
const TOLERANCE: Duration = Duration::from_mins(1);

/// By how much the clock is behind the newest event, when that is more than a minute.
pub async fn find_clock_error(app: &App) -> Result<Option<Duration>, DomainError> {
    let read = |connection: &mut _| Ok::<_, DomainError>(event::latest_time(connection)?);
    let Some(latest) = app.store.read(read).await? else { return Ok(None) };
    let behind = latest.millis().saturating_sub(app.clock.now().millis());
    let behind = u64::try_from(behind).map(Duration::from_millis).unwrap_or_default();
    Ok((behind > TOLERANCE).then_some(behind))
}
