//! Live events, and the listeners that receive them.

mod backlog;
mod ephemeral_event;
mod event_record;
mod hub;
mod joined_chatrooms;
mod registry;
mod relay;
mod rendered_answers;
mod tail;

pub use ephemeral_event::{EphemeralEvent, PresenceEvent, TypingEvent};
pub use event_record::EventRecord;
pub use hub::{Delivery, Hub, Listener};
pub use relay::relay;
pub use rendered_answers::{RenderedAnswer, RenderedAnswers, SelectionHash};
pub use tail::follow_log;
