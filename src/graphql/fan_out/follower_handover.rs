//! Hands a follower from the resolver to the fan-out.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::Follower;

/// Where the resolver of a subscription leaves its follower. Part of the request's data.
#[derive(Clone, Default)]
pub(in crate::graphql) struct FollowerHandover(Arc<Mutex<Option<Follower>>>);

impl FollowerHandover {
    /// Leaves the follower.
    pub(in crate::graphql) fn leave(&self, follower: Follower) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(follower);
    }

    /// Takes the follower.
    pub(in crate::graphql) fn take(&self) -> Option<Follower> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
