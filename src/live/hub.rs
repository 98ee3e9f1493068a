//! The hub: listeners register here, and get events.

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::mpsc::{self, Receiver};

use super::{
    EphemeralEvent, EventRecord,
    backlog::{Payload, Slot},
    ephemeral_event::Audience,
    joined_chatrooms::JoinedChatrooms,
    registry::{Letter, Registry},
};
use crate::types::{ConversationKey, UserId};

/// How many letters wait for a listener. One who is further behind goes back to the log. What is told does
/// not wait here but in the backlog, which is bounded for all listeners together; a letter takes 8 bytes.
pub(super) const MAILBOX: usize = 256;

/// Delivers events to listeners. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<Registry>>);

impl Hub {
    /// A hub that publishes what comes after a position of the log.
    #[must_use]
    pub fn starting_at(tail: i64) -> Self {
        Self(Arc::new(Mutex::new(Registry::starting_at(tail))))
    }

    /// Registers a listener: first of all, so that nothing is missed between reading the log and following
    /// it.
    #[must_use]
    pub fn listen(&self, user_id: UserId, only: Option<ConversationKey>) -> Listener {
        let (sender, mailbox) = mpsc::channel(MAILBOX);
        let (number, chatrooms) = self.lock().add(user_id, only, sender);
        Listener { hub: self.clone(), user_id, number, mailbox, chatrooms }
    }

    /// Publishes events in the order of the log.
    pub(super) fn publish(&self, records: &[Arc<EventRecord>]) {
        let mut registry = self.lock();
        for record in records {
            registry.publish(record);
        }
    }

    /// Delivers an ephemeral event to its audience.
    pub(super) fn relay(&self, event: &Arc<EphemeralEvent>, audience: &Audience) {
        self.lock().relay(event, audience);
    }

    /// Whether nobody listens.
    pub(super) fn is_idle(&self) -> bool {
        self.lock().is_empty()
    }

    /// How many listen.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.lock().listeners()
    }

    /// How many bytes wait for listeners, or are being told.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.lock().backlog.bytes()
    }

    /// The position up to which the log was published.
    pub(super) fn tail(&self) -> i64 {
        self.lock().tail
    }

    /// Skips events without a listener; returns false when a listener has registered meanwhile.
    pub(super) fn skip_to(&self, position: i64) -> bool {
        let mut registry = self.lock();
        if registry.is_empty() {
            registry.tail = registry.tail.max(position);
            return true;
        }
        false
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("tail", &self.tail()).finish_non_exhaustive()
    }
}

/// A registration with the hub; ends when it is dropped.
pub struct Listener {
    hub: Hub,
    user_id: UserId,
    number: u64,
    mailbox: Receiver<Letter>,
    chatrooms: Arc<JoinedChatrooms>,
}

/// What a listener receives.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// The next event of the log.
    Record(Arc<EventRecord>),
    /// An event that is not in the log.
    Ephemeral(Arc<EphemeralEvent>),
    /// There were more than could wait. Read the log up to this position, and listen again.
    ReadLog {
        /// Up to where; what comes after is delivered again.
        up_to: i64,
    },
    /// Nothing more will come.
    Closed,
}

impl Listener {
    /// Says in which chatrooms the listener was at a position of the log; gives the position up to which they
    /// must read the log, because what comes after is delivered.
    #[must_use]
    pub fn place(&self, chatrooms: &[ConversationKey], as_of: i64) -> i64 {
        self.hub.lock().place(self.user_id, chatrooms, as_of)
    }

    /// Whether the listener is in a chatroom, also by events that it has not received yet.
    #[must_use]
    pub fn is_in(&self, chatroom: ConversationKey) -> bool {
        self.chatrooms.contains(chatroom)
    }

    /// The chatrooms that the listener is in, in a set that all listeners of the same user share.
    #[must_use]
    pub fn chatrooms(&self) -> Arc<HashSet<ConversationKey>> {
        self.chatrooms.published()
    }

    /// Waits for the next delivery. Nothing is lost when the future is dropped.
    pub async fn recv(&mut self) -> Delivery {
        while let Some(letter) = self.mailbox.recv().await {
            match letter.as_deref().map(|slot: &Slot| (slot.payload(), slot.is_logged)) {
                Some((Some(Payload::Record(record)), _)) => return Delivery::Record(record),
                Some((Some(Payload::Ephemeral(event)), _)) => return Delivery::Ephemeral(event),
                // It had to make place, and is not in the log.
                Some((None, false)) => {}
                Some((None, true)) | None => return self.read_log(),
            }
        }
        Delivery::Closed
    }

    /// Empties the mailbox: the log has all that was told so far.
    fn read_log(&mut self) -> Delivery {
        let mut registry = self.hub.lock();
        while self.mailbox.try_recv().is_ok() {}
        registry.has_emptied(self.user_id, self.number);
        Delivery::ReadLog { up_to: registry.tail }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.lock().remove(self.user_id, self.number);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
