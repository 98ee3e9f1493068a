//! Who is there, what they show of themselves, and who is typing. Nothing of it is kept.

mod in_process;
mod pace;
mod person;
mod presence_lease;
mod store;

pub use in_process::InProcess;
pub use presence_lease::PresenceLease;
pub use store::{LEASE, Lease, Presence, PresenceSetting, PresenceStatus, PresenceStore, RENEWAL, TYPING};
