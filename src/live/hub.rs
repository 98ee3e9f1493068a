//! Where listeners register, and are told.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::mpsc::{self, Receiver};

use super::{
    Entry, Notice,
    notice::Audience,
    registry::{Ear, Registry, Rooms},
};
use crate::types::{ConversationKey, UserId};

/// What waits for a listener. One who is further behind goes back to the log, so memory stays bounded.
pub(super) const MAILBOX: usize = 256;

/// Tells listeners what happens. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<Registry>>);

impl Hub {
    /// A hub that tells what comes after a position of the log.
    #[must_use]
    pub fn starting_at(tail: i64) -> Self {
        Self(Arc::new(Mutex::new(Registry::starting_at(tail))))
    }

    /// Registers a listener: first of all, so that nothing is missed between reading the log and following it.
    #[must_use]
    pub fn listen(&self, user_id: UserId, only: Option<ConversationKey>) -> Listener {
        let (mailbox, heard) = mpsc::channel(MAILBOX);
        let lags = Arc::<AtomicBool>::default();
        let chatrooms = Arc::<Rooms>::default();
        let ear = Ear {
            user_id,
            only,
            mailbox,
            lags: Arc::clone(&lags),
            chatrooms: Arc::clone(&chatrooms),
            moved: Some(HashMap::new()),
        };
        let number = self.lock().add(ear);
        Listener { hub: self.clone(), number, heard, lags, chatrooms }
    }

    /// Tells entries in the order of the log.
    pub(super) fn tell(&self, entries: &[Arc<Entry>]) {
        let mut registry = self.lock();
        for entry in entries {
            registry.tell(entry);
        }
    }

    /// Tells those concerned what is not in the log.
    pub(super) fn pass_on(&self, notice: &Arc<Notice>, audience: &Audience) {
        self.lock().pass_on(notice, audience);
    }

    /// Whether nobody listens.
    pub(super) fn is_idle(&self) -> bool {
        self.lock().is_empty()
    }

    /// The position up to which the log was told.
    pub(super) fn tail(&self) -> i64 {
        self.lock().tail
    }

    /// Skips what nobody was there to hear; somebody who came meanwhile is told after all.
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

/// Somebody who listens; stops when it is dropped.
#[derive(Debug)]
pub struct Listener {
    hub: Hub,
    number: u64,
    heard: Receiver<Heard>,
    lags: Arc<AtomicBool>,
    chatrooms: Arc<Rooms>,
}

/// What a listener hears.
#[derive(Clone, Debug)]
pub enum Heard {
    /// The next entry.
    Entry(Arc<Entry>),
    /// Something that is not in the log.
    Notice(Arc<Notice>),
    /// There were more than could wait. Read the log up to this position, and listen again.
    ReadLog {
        /// Up to where; what comes after is heard again.
        up_to: i64,
    },
    /// Nothing more will come.
    Nothing,
}

impl Listener {
    /// Says in which chatrooms the listener was at a position of the log; gives the position up to which they must read the
    /// log, because what comes after they hear.
    #[must_use]
    pub fn place(&self, chatrooms: &[ConversationKey], as_of: i64) -> i64 {
        let mut registry = self.hub.lock();
        registry.place(self.number, chatrooms, as_of);
        registry.tail.max(as_of)
    }

    /// Whether the listener is in a chatroom, and listens to it, also by what they have not heard yet.
    #[must_use]
    pub fn is_in(&self, chatroom: ConversationKey) -> bool {
        self.chatrooms.lock().contains(&chatroom)
    }

    /// Waits for the next thing to hear. Nothing is lost when the wait is given up.
    pub async fn hear(&mut self) -> Heard {
        if let Ok(heard) = self.heard.try_recv() {
            return heard;
        }
        // The mailbox was full when this was set, and has been emptied since.
        if self.lags.load(Ordering::Relaxed) {
            let registry = self.hub.lock();
            self.lags.store(false, Ordering::Relaxed);
            return Heard::ReadLog { up_to: registry.tail };
        }
        self.heard.recv().await.unwrap_or(Heard::Nothing)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.lock().remove(self.number);
    }
}
