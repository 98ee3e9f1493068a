//! How many sockets and event streams a user or an address may have open.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::rates::RateKey;

/// Counts the open sockets and event streams of addresses and of users.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct ConnectionQuota(Arc<Mutex<HashMap<RateKey, usize>>>);

/// One socket or stream within a quota; given back when it is dropped.
#[derive(Debug)]
pub(in crate::http) struct QuotaPermit {
    quota: ConnectionQuota,
    holder: RateKey,
}

/// As many are open as may be.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct QuotaExceeded;

impl ConnectionQuota {
    /// A permit for one more of so many at most. `None` for a holder that is not counted.
    pub(in crate::http) fn take(
        &self,
        holder: Option<RateKey>,
        most: usize,
    ) -> Result<Option<QuotaPermit>, QuotaExceeded> {
        let Some(holder) = holder else {
            return Ok(None);
        };
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(holder).or_default();
        if *count >= most {
            return Err(QuotaExceeded);
        }
        *count += 1;
        Ok(Some(QuotaPermit { quota: self.clone(), holder }))
    }
}

impl Drop for QuotaPermit {
    fn drop(&mut self) {
        let mut taken = self.quota.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.holder);
            }
        }
    }
}
