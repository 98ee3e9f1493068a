//! What happens just now, and who is to hear of it.

mod backlog;
mod entry;
mod hub;
mod notice;
mod pass_on;
mod registry;
mod rooms;
mod tail;
mod wordings;

pub use entry::Entry;
pub use hub::{Heard, Hub, Listener};
pub use notice::{Notice, PresenceNotice, TypingNotice};
pub use pass_on::pass_on;
pub use tail::follow_log;
pub use wordings::{Asked, Wording, Wordings};
