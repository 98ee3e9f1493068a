//! What happens just now, and who is to hear of it.

mod backlog;
mod entry;
mod ephemeral_event;
mod hub;
mod registry;
mod relay;
mod rendered_answers;
mod rooms;
mod tail;

pub use entry::Entry;
pub use ephemeral_event::{EphemeralEvent, PresenceEvent, TypingEvent};
pub use hub::{Heard, Hub, Listener};
pub use relay::relay;
pub use rendered_answers::{RenderedAnswer, RenderedAnswers, SelectionHash};
pub use tail::follow_log;
