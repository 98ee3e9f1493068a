//! The lease that keeps a user online.

use std::{fmt, sync::Arc, time::Instant};

use super::{Lease, PresenceStore, RENEWAL};
use crate::types::{Clock, UserId};

/// Keeps a user online until it is dropped, as long as it is renewed.
pub struct PresenceLease {
    store: Arc<dyn PresenceStore>,
    clock: Arc<dyn Clock>,
    lease: Lease,
    /// When to renew it.
    renewal: Instant,
}

impl PresenceLease {
    /// The user is online from now on.
    pub async fn begin(store: Arc<dyn PresenceStore>, clock: Arc<dyn Clock>, user_id: UserId) -> Self {
        let lease = store.lease(user_id).await;
        let renewal = clock.instant() + RENEWAL;
        Self { store, clock, lease, renewal }
    }

    /// Waits until it must be renewed.
    pub async fn due(&self) {
        self.clock.wait_until(self.renewal).await;
    }

    /// Renews it, if it must be.
    pub async fn keep_up(&mut self) {
        let now = self.clock.instant();
        if now >= self.renewal {
            self.store.renew(self.lease).await;
            self.renewal = now + RENEWAL;
        }
    }
}

impl Drop for PresenceLease {
    fn drop(&mut self) {
        self.store.release(self.lease);
    }
}

impl fmt::Debug for PresenceLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresenceLease").field("lease", &self.lease).finish_non_exhaustive()
    }
}
