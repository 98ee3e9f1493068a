//! What happens just now, and who is to hear of it.

mod entry;
mod hub;
mod registry;
mod tail;

pub use entry::Entry;
pub use hub::{Heard, Hub, Listener};
pub use tail::follow_log;
