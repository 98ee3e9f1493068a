//! How followers are told what happens: once for all who ask for the same and may see the same.
//!
//! `Subscription.events` only begins: it reads its arguments and hands its follower over ([`Begun`]). What
//! the follower hears is then answered by a schema of its own ([`Teller`]) in which the subscription's
//! document is a query about one event, with the same types and resolvers. The answer is written once for
//! everybody whose subscription asks the same of this type of event ([`plan`]), as long as nothing in it
//! depends on who they are (`alike`).
//!
//! What is kept for a subscription is counted ([`ledger`]): its document, once for all who send the same, and
//! the variables that events need. What is told to one follower alone counts in a bucket of values, and so
//! does what was missed: whoever empties it is told more slowly ([`audience`]).

mod alike;
mod audience;
mod begun;
mod in_its_place;
mod kind;
mod ledger;
mod plan;
mod selection;
mod teller;
mod usage;

pub(super) use audience::Audience;
pub(super) use begun::Begun;
pub(super) use ledger::Subscribed;
pub(super) use teller::Teller;
