//! The presence of one user.

use std::{collections::HashMap, time::Instant};

use super::{Presence, PresenceSetting, PresenceStatus, pace::Pace};
use crate::types::Clock;

/// A user who was online, or set their presence, since the program started.
#[derive(Default)]
pub(super) struct Person {
    /// When their leases run out, by number.
    pub(super) leases: HashMap<u64, Instant>,
    pub(super) setting: PresenceSetting,
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
    /// Removes expired leases, and computes what others see. Returns whether that has changed.
    pub(super) fn refresh(&mut self, clock: &dyn Clock) -> bool {
        let now = clock.instant();
        self.leases.retain(|_, ends| *ends > now);
        let status = if self.leases.is_empty() { PresenceStatus::Offline } else { self.setting.status };
        let is_other = status != self.shown.status;
        let since = if is_other { Some(clock.now()) } else { self.shown.since };
        if is_other || self.setting.text != self.shown.text {
            self.shown = Presence { status, text: self.setting.text.clone(), since };
            return true;
        }
        false
    }
}
