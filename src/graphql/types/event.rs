use async_graphql::{SimpleObject, Union};

/// Something that happened, and its place in the log.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EventEdge {
    /// The place in the log: hand the last one you have to `after` when you subscribe again. `null` for events that are not kept.
    pub(in crate::graphql) cursor: Option<String>,
    /// What happened.
    pub(in crate::graphql) event: Event,
}

/// Something that happened.
#[derive(Union)]
pub(in crate::graphql) enum Event {
    CaughtUp(CaughtUp),
}

/// Everything that was missed has been told; what comes now is live.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CaughtUp {
    /// Always true.
    pub(in crate::graphql) caught_up: bool,
}
