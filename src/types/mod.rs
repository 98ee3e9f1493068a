//! Values that are right by construction: ids, times and validated texts.
//!
//! Everything here is plain data with rules. Nothing knows a table, a query or a transport.

mod client_message_id;
mod display_name;
mod id;
mod message_text;
mod mint;
mod page;
mod stored;
mod time;
mod username;
mod window;

pub use client_message_id::{ClientMessageId, ClientMessageIdError};
pub use display_name::{DisplayName, DisplayNameError};
pub use id::{DirectConversationId, EntityId, Id, IdError, Kind, MessageId, UserId};
pub use message_text::{MessageText, MessageTextError};
pub use mint::IdMint;
pub use page::{Bounds, Page};
pub use time::{Clock, SystemClock, Timestamp};
pub use username::{Username, UsernameError};
pub use window::{RecentWindow, RecentWindowError};
