use async_graphql::{Enum, SimpleObject};

use super::DateTime;
use crate::presence;

/// Whether somebody can be expected to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "presence::PresenceStatus")]
pub(in crate::graphql) enum PresenceStatus {
    /// There, and not looking: what a client sets when nothing was touched for some minutes.
    Away,
    /// There, and not to be disturbed.
    Busy,
    /// Not there: without a subscription. Also somebody who is there and does not want to be seen.
    Offline,
    /// There: with at least one subscription.
    Online,
}

/// What somebody shows of themselves. It is not kept: when the server starts, everybody is offline and shows nothing.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Presence {
    /// Since when the status is this, by the server's clock; `null` when it has not changed since the server started.
    since: Option<DateTime>,
    /// `OFFLINE` without a subscription, else what they chose with `setPresence`, at first `ONLINE`.
    status: PresenceStatus,
    /// What they say beside it, also while they are offline: up to 100 characters; `null` when they say nothing.
    text: Option<String>,
}

impl From<presence::Presence> for Presence {
    fn from(shown: presence::Presence) -> Self {
        Self {
            since: shown.since.map(DateTime),
            status: shown.status.into(),
            text: shown.text.map(|text| text.as_str().to_owned()),
        }
    }
}
