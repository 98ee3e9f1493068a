//! Values that are right by construction: ids, times and validated texts.
//!
//! Everything here is plain data with rules. Nothing knows a table, a query or a transport.

mod chatroom_name;
mod client_message_id;
mod clock_watch;
mod display_name;
mod emoji;
mod entity_id;
mod ephemeral_change;
mod event_kind;
mod event_position;
mod external_id;
mod id;
mod invitations_from;
mod json;
mod message_text;
mod mint;
mod page;
mod presence_text;
mod search_letters;
mod search_parts;
mod search_text;
mod search_words;
mod stored;
mod text_digest;
mod time;
mod username;
mod visible;
mod window;

pub use chatroom_name::{ChatroomName, ChatroomNameError};
pub use client_message_id::{ClientMessageId, ClientMessageIdError};
pub use clock_watch::ClockWatch;
pub use display_name::{DisplayName, DisplayNameError};
pub use emoji::{Emoji, EmojiError};
pub use entity_id::{ConversationId, EntityId, RecipientId};
pub use ephemeral_change::{EphemeralChange, Typist};
pub use event_kind::EventKind;
pub use event_position::{EventPosition, LogId};
pub use external_id::{ExternalId, ExternalIdError};
pub use id::{
    Activity, ChatroomId, ConversationKey, DirectConversationId, GlobalId, Id, IdError, Kind, MessageId,
    RecipientKey, UserId,
};
pub use invitations_from::InvitationsFrom;
pub use json::{JsonBounds, JsonError, read_envelope, read_json};
pub use message_text::{MessageText, MessageTextError};
pub use mint::IdMint;
pub use page::{Bounds, Page};
pub use presence_text::{PresenceText, PresenceTextError};
pub use search_text::{SearchText, SearchTextError};
pub use search_words::search_words;
pub use stored::IdBytes;
pub use text_digest::TextDigest;
pub use time::{Clock, SystemClock, Timestamp, deadline, reached};
pub use username::{Username, UsernameError};
pub use visible::is_invisible;
pub use window::{RecentWindow, RecentWindowError};
