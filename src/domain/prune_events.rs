//! Forget old events.

use std::time::Duration;

use crate::{app::App, domain::DomainError, models::event, store::Connection, types::Timestamp};

/// How many events are forgotten in one transaction, so that nobody waits for long who writes meanwhile.
const BATCH: i64 = 1_000;
const DAY: Duration = Duration::from_hours(24);

/// Forgets the events that are older than so many days; gives how many.
///
/// The newest event stays, so that the log always knows how far it had come.
pub async fn prune_events(app: &App, days: u32) -> Result<usize, DomainError> {
    let limit = app.clock.now().before(DAY * days);
    let mut pruned = 0;
    loop {
        let batch = app.store.write(move |connection| prune_batch(connection, limit)).await?;
        pruned += batch;
        if batch == 0 {
            return Ok(pruned);
        }
    }
}

/// Prunes from the oldest on, and not beyond an event that is to stay.
fn prune_batch(connection: &mut Connection, limit: Timestamp) -> Result<usize, DomainError> {
    let newest = event::latest_position(connection)?;
    let oldest = event::oldest(connection, BATCH)?;
    let old = oldest.iter().take_while(|(position, happened_at)| *happened_at < limit && *position < newest);
    match old.last() {
        Some((position, _)) => Ok(event::prune(connection, *position)?),
        None => Ok(0),
    }
}
