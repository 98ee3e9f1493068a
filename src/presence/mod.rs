//! Who is there, what they show of themselves, and who is typing. Nothing of it is kept.

mod attendance;
mod in_process;
mod pace;
mod person;
mod store;

pub use attendance::Attendance;
pub use in_process::InProcess;
pub use store::{Choice, LEASE, Lease, Presence, PresenceStatus, PresenceStore, RENEWAL, TYPING};
