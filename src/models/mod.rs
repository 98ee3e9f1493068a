//! One file for each table: its row and its queries, as plain functions over a connection.

pub mod conversation;
pub mod direct_conversation;
pub mod message;
pub mod user;

pub use conversation::Conversation;
pub use direct_conversation::DirectConversation;
pub use message::Message;
pub use user::User;
