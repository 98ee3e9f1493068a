//! What is known of one person.

use std::{collections::HashMap, time::Instant};

use super::{Choice, Presence, PresenceStatus, pace::Pace};
use crate::types::Clock;

/// Somebody who was there, or chose something, since the program started.
#[derive(Default)]
pub(super) struct Person {
    /// When their leases run out, by number.
    pub(super) leases: HashMap<u64, Instant>,
    pub(super) choice: Choice,
    /// What others see.
    pub(super) shown: Presence,
    /// How often changes of their presence are told.
    pub(super) pace: Pace,
    /// How often it is told that they begin to type.
    pub(super) typing_pace: Pace,
    /// A change that waits to be told, and whether it was their choice.
    pub(super) untold: Option<bool>,
}

impl Person {
    /// Forgets leases that have run out, and finds out what others see. Tells whether that is something else than before.
    pub(super) fn settle(&mut self, clock: &dyn Clock) -> bool {
        let now = clock.instant();
        self.leases.retain(|_, ends| *ends > now);
        let status = if self.leases.is_empty() { PresenceStatus::Offline } else { self.choice.status };
        let is_other = status != self.shown.status;
        let since = if is_other { Some(clock.now()) } else { self.shown.since };
        if is_other || self.choice.text != self.shown.text {
            self.shown = Presence { status, text: self.choice.text.clone(), since };
            return true;
        }
        false
    }
}
