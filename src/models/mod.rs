//! One file for each table: its row and its queries, as plain functions over a connection.

pub mod chatroom;
pub mod contact;
pub mod conversation;
pub mod departure;
pub mod event;
mod known_lists;
mod known_messages;
mod known_users;
pub mod log;
pub mod membership;
pub mod message;
pub mod message_search;
mod message_words;
pub mod reaction;
pub mod read_position;
pub mod retired_username;
pub mod user;

pub use chatroom::Chatroom;
pub use conversation::Conversation;
pub use departure::Departure;
pub use event::{Event, NewEvent};
pub use known_lists::{KnownLists, ListReader, Newest, Sending};
pub use known_messages::{Changing, KnownMessages, MessageReader};
pub use known_users::{KnownUsers, UserReader, UsersById};
pub use membership::Membership;
pub use message::Message;
pub use reaction::{CountedReaction, Reaction};
pub use read_position::ReadPosition;
pub use user::User;
