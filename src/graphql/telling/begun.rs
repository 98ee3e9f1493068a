//! How a resolver hands over what it began.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::Follower;

/// Where the resolver of a subscription leaves its follower. Part of the request's data.
#[derive(Clone, Default)]
pub(in crate::graphql) struct Begun(Arc<Mutex<Option<Follower>>>);

impl Begun {
    /// Leaves it.
    pub(in crate::graphql) fn leave(&self, follower: Follower) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(follower);
    }

    /// Takes it up.
    pub(in crate::graphql) fn take(&self) -> Option<Follower> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
