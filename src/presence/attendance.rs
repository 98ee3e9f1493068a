//! Being there.

use std::{fmt, sync::Arc, time::Instant};

use super::{Lease, PresenceStore, RENEWAL};
use crate::types::{Clock, UserId};

/// Somebody is there for as long as they have this, and renew it.
pub struct Attendance {
    store: Arc<dyn PresenceStore>,
    clock: Arc<dyn Clock>,
    lease: Lease,
    /// When to renew it.
    renewal: Instant,
}

impl Attendance {
    /// Somebody is there from now on.
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

impl Drop for Attendance {
    fn drop(&mut self) {
        self.store.release(self.lease);
    }
}

impl fmt::Debug for Attendance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attendance").field("lease", &self.lease).finish_non_exhaustive()
    }
}
