//! What happens just now, and who is to hear of it.

mod backlog;
mod entry;
mod hub;
mod notice;
mod pass_on;
mod registry;
mod rendered_answers;
mod rooms;
mod tail;

pub use entry::Entry;
pub use hub::{Heard, Hub, Listener};
pub use notice::{Notice, PresenceNotice, TypingNotice};
pub use pass_on::pass_on;
pub use rendered_answers::{RenderedAnswer, RenderedAnswers, SelectionHash};
pub use tail::follow_log;
