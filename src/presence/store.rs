//! What is asked of whoever keeps presence.

use std::{collections::HashMap, time::Duration};

use futures_util::future::BoxFuture;

use crate::types::{PresenceText, Timestamp, Typist, UserId};

/// How long somebody is there without a sign of life.
pub const LEASE: Duration = Duration::from_secs(30);

/// How often those who are there give one.
pub const RENEWAL: Duration = Duration::from_secs(10);

/// How long somebody types without saying so again.
pub const TYPING: Duration = Duration::from_secs(5);

/// Whether somebody can be expected to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PresenceStatus {
    /// There.
    Online,
    /// There, and not looking.
    Away,
    /// There, and not to be disturbed.
    Busy,
    /// Not there, or not to be seen.
    #[default]
    Offline,
}

/// What others see of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Offline without a lease, else what was chosen.
    pub status: PresenceStatus,
    /// What they say beside it.
    pub text: Option<PresenceText>,
    /// Since when the status is this, by the server's clock; `None` when it has been since before that was watched.
    pub since: Option<Timestamp>,
}

/// What somebody chose to show whenever they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceSetting {
    /// The status; offline hides that they are there.
    pub status: PresenceStatus,
    /// What they say beside it, also while they are not there.
    pub text: Option<PresenceText>,
}

impl Default for PresenceSetting {
    fn default() -> Self {
        Self { status: PresenceStatus::Online, text: None }
    }
}

/// Somebody's being there in one place, such as one subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Who.
    pub user_id: UserId,
    /// Tells their leases apart.
    pub number: u64,
}

/// Keeps who is online, what they show, and who is typing; reports each change as an
/// [`EphemeralChange`](crate::types::EphemeralChange).
///
/// No message depends on any of it, so nothing here fails: one that cannot reach its server logs that, and answers with what
/// it knows.
pub trait PresenceStore: Send + Sync {
    /// Somebody is there, for [`LEASE`].
    fn lease(&self, user_id: UserId) -> BoxFuture<'_, Lease>;

    /// They still are, for as long again; also when the lease has run out.
    fn renew(&self, lease: Lease) -> BoxFuture<'_, ()>;

    /// They are not there any more. Does not wait, because it is called where something is dropped.
    fn release(&self, lease: Lease);

    /// What somebody shows from now on.
    fn choose(&self, user_id: UserId, setting: PresenceSetting) -> BoxFuture<'_, ()>;

    /// What people show. Those of whom nothing is known are left out; they are offline.
    fn read(&self, user_ids: Vec<UserId>) -> BoxFuture<'_, HashMap<UserId, Presence>>;

    /// Somebody types, for [`TYPING`], or has stopped. Says so only where it was not known.
    fn set_typing(&self, typist: Typist, is_typing: bool) -> BoxFuture<'_, ()>;
}
