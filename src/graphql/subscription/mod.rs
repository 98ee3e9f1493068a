//! What can be followed live.

mod events;
mod root;

pub(super) use root::Subscription;
