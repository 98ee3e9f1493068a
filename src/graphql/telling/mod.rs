//! How followers are told what happens: once for all who ask for the same and may see the same.
//!
//! `Subscription.events` only begins: it reads its arguments and hands its follower over ([`Begun`]). What the follower hears
//! is then answered by a schema of its own ([`Teller`]) in which the subscription's document is a query about one event, with
//! the same types and resolvers. The answer is written once for everybody whose subscription asks the same of this type of
//! event ([`Plan`]), as long as nothing in it depends on who they are (`alike`).

mod alike;
mod begun;
mod kind;
mod plan;
mod selection;
mod teller;

pub(super) use begun::Begun;
pub(super) use plan::Plan;
pub(super) use teller::{Audience, Teller};
