//! How many sockets and event streams somebody has open.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::rates::Counted;

/// Counts the sockets and event streams of addresses and of users.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Places(Arc<Mutex<HashMap<Counted, usize>>>);

/// One of somebody's sockets or streams; free again when it is dropped.
#[derive(Debug)]
pub(in crate::http) struct Place {
    places: Places,
    holder: Counted,
}

/// They have as many as they may.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Full;

impl Places {
    /// A place for one more of so many at most. Whoever is not counted needs none.
    pub(in crate::http) fn take(&self, holder: Option<Counted>, most: usize) -> Result<Option<Place>, Full> {
        let Some(holder) = holder else {
            return Ok(None);
        };
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(holder).or_default();
        if *count >= most {
            return Err(Full);
        }
        *count += 1;
        Ok(Some(Place { places: self.clone(), holder }))
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
