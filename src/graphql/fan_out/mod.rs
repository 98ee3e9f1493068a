//! Fan-out: an event is rendered once for all subscriptions with the same selection, where the answer is the
//! same for all.
//!
//! The resolver of `Subscription.events` only starts: it reads its arguments and hands its follower over
//! ([`FollowerHandover`]). What the follower receives is then answered by a schema of its own
//! ([`EventRenderer`]) in which the subscription's document is a query about one event, with the same types
//! and resolvers. The answer is rendered once for all subscriptions with the same selection on this type of
//! event ([`plan`]), as long as nothing in it depends on the acting user (`shareable`).
//!
//! What is kept for a subscription is counted ([`ledger`]): its document, once for all who send the same, and
//! the variables that events need. What is told to one follower alone counts in a bucket of values, and so
//! does what was missed: a user who empties it gets events more slowly ([`audience`]).

mod audience;
mod event_renderer;
mod follower_handover;
mod in_its_place;
mod kind;
mod ledger;
mod plan;
mod selection;
mod shareable;
mod usage;

pub(super) use audience::Audience;
pub(super) use event_renderer::EventRenderer;
pub(super) use follower_handover::FollowerHandover;
pub(super) use ledger::Subscribed;
