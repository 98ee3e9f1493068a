//! How many sockets somebody has open.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::rates::Counted;

/// Counts the sockets of addresses and of users.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Places(Arc<Mutex<HashMap<Counted, usize>>>);

/// One of somebody's sockets; free again when it is dropped.
#[derive(Debug)]
pub(in crate::http) struct Place {
    places: Places,
    holder: Counted,
}

impl Places {
    /// A place for one more of so many at most, if there is one.
    pub(in crate::http) fn take(&self, holder: Counted, most: usize) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(holder).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { places: self.clone(), holder })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.holder);
            }
        }
    }
}
