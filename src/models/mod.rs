//! One file for each table: its row and its queries, as plain functions over a connection.

pub mod chatroom;
pub mod contact;
pub mod conversation;
pub mod departure;
pub mod event;
pub mod log;
pub mod membership;
pub mod message;
mod message_cache;
pub mod message_search;
mod message_words;
pub mod reaction;
pub mod read_position;
mod recent_ids_cache;
pub mod retired_username;
pub mod user;
mod user_cache;

pub use chatroom::Chatroom;
pub use conversation::Conversation;
pub use departure::Departure;
pub use event::{Event, NewEvent};
pub use membership::Membership;
pub use message::Message;
pub use message_cache::{Changing, MessageCache, MessageReader};
pub use reaction::{CountedReaction, Reaction};
pub use read_position::ReadPosition;
pub use recent_ids_cache::{RecentIdsCache, RecentIdsKey, RecentIdsReader, Sending};
pub use user::User;
pub use user_cache::{UserCache, UserReader, UsersById};
