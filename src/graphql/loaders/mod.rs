//! Batches what the items of a page ask for one by one into one call to the domain.
//!
//! The batches are those of one request: what one client asks for, or fails to get, is never part of what another gets. They
//! are loaded by whoever in the request waits for them, so a request that ends takes its reads with it.

mod batch;
mod kinds;

use kinds::Key;
pub(super) use kinds::{Loaders, load, load_together};
