//! The root type `Subscription`.

use async_graphql::MergedSubscription;

use super::events;

/// What can be followed live: over a WebSocket with the sub-protocol `graphql-transport-ws`, or as server-sent events.
#[derive(Default, MergedSubscription)]
pub(in crate::graphql) struct Subscription(events::EventsSubscription);
