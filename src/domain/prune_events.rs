//! Forget old events.
//!
//! What is old is said by the machine's clock, which may be wrong. So no event is forgotten because of one moment alone: an
//! event that stays must tell that the clock has shown times like this one for a while.

use std::{ops::ControlFlow, time::Duration};

use crate::{app::App, domain::DomainError, models::event, store::Connection, types::Timestamp};

/// How many events are looked at in one transaction, and forgotten in one, so that nobody waits for long.
const BATCH: i64 = 1_000;
const DAY: Duration = Duration::from_hours(24);

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pruned {
    /// So many events were forgotten.
    Forgot(usize),
    /// There are old events, and no event that stays is from between then and a day ago, or half of the retention where that is
    /// less: the server was idle, or its clock has jumped ahead. Nothing was forgotten.
    PutOff,
}

/// Forgets the events that are older than so many days.
///
/// The log is looked through from its oldest event to the first that is not old. Events of a time to come, which were
/// written while the clock was ahead, are passed over: they go when an old event comes after them. Events that were
/// written while it was behind wait until those before them are old.
pub async fn prune_events(app: &App, days: u32) -> Result<Pruned, DomainError> {
    let now = app.clock.now();
    let age = DAY * days;
    let mut survey = Survey { now, limit: now.before(age), seen: 0, last_old: None, ahead: 0 };
    let oldest_to_stay = loop {
        let after = survey.seen;
        let batch = app.store.read(move |connection| times(connection, after)).await?;
        if batch.is_empty() {
            break None;
        }
        if let ControlFlow::Break(happened_at) = batch.into_iter().try_for_each(|event| survey.look(event)) {
            break Some(happened_at);
        }
    };
    if survey.ahead > 0 {
        tracing::warn!(
            events = survey.ahead,
            "events are of a time to come: the machine's clock was ahead, or is behind"
        );
    }
    let Some(end) = survey.last_old else { return Ok(Pruned::Forgot(0)) };
    let settled = now.before(DAY.min(age / 2));
    if oldest_to_stay.is_none_or(|happened_at| happened_at > settled) {
        return Ok(Pruned::PutOff);
    }
    forget_up_to(app, end).await.map(Pruned::Forgot)
}

/// What was seen of the log, from its oldest event on.
struct Survey {
    now: Timestamp,
    /// Events from before this are old.
    limit: Timestamp,
    /// Up to which position.
    seen: i64,
    /// The position of the last event that is old.
    last_old: Option<i64>,
    /// How many are of a time to come.
    ahead: usize,
}

impl Survey {
    /// Goes on, or ends with the time of an event that is neither old nor of a time to come.
    fn look(&mut self, (position, happened_at): (i64, Timestamp)) -> ControlFlow<Timestamp> {
        if happened_at < self.limit {
            self.last_old = Some(position);
        } else if happened_at > self.now {
            self.ahead += 1;
        } else {
            return ControlFlow::Break(happened_at);
        }
        self.seen = position;
        ControlFlow::Continue(())
    }
}

fn times(connection: &mut Connection, after: i64) -> Result<Vec<(i64, Timestamp)>, DomainError> {
    Ok(event::times_after(connection, after, BATCH)?)
}

async fn forget_up_to(app: &App, end: i64) -> Result<usize, DomainError> {
    let mut forgot = 0;
    loop {
        let batch = app.store.write(move |connection| forget_batch(connection, end)).await?;
        forgot += batch;
        if batch == 0 {
            return Ok(forgot);
        }
    }
}

fn forget_batch(connection: &mut Connection, end: i64) -> Result<usize, DomainError> {
    let oldest = event::times_after(connection, 0, BATCH)?;
    match oldest.iter().take_while(|(position, _)| *position <= end).last() {
        Some((position, _)) => Ok(event::prune(connection, *position)?),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn an_event_that_is_not_old_stays_unless_an_old_one_comes_after_it(times in vec(0..30_i64, 0..20)) {
            let at = Timestamp::from_millis;
            let mut survey = Survey { now: at(20), limit: at(10), seen: 0, last_old: None, ahead: 0 };
            let log: Vec<_> = (1..).zip(times.iter().map(|time| at(*time))).collect();
            let ended = log.iter().copied().try_for_each(|event| survey.look(event));
            let first_young = times.iter().position(|time| (10..=20).contains(time)).unwrap_or(times.len());
            let last_old = times[..first_young].iter().rposition(|time| *time < 10);
            prop_assert_eq!(survey.last_old, last_old.map(|place| i64::try_from(place).expect("few") + 1));
            prop_assert_eq!(ended.is_break(), first_young < times.len());
            prop_assert_eq!(survey.ahead, times[..first_young].iter().filter(|time| **time > 20).count());
        }
    }
}
