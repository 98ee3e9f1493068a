//! The types of the schema.

mod conversation;
mod date_time;
mod message;
mod node;
mod recipient;
mod server_info;
mod user;
mod user_error;
mod window;

pub(super) use conversation::{Conversation, DirectConversation};
pub(super) use date_time::DateTime;
pub(super) use message::Message;
pub(super) use node::Node;
pub(super) use recipient::Recipient;
pub(super) use server_info::ServerInfo;
pub(super) use user::User;
pub(super) use user_error::{
    IdempotencyConflict, InvalidId, InvalidInput, MessageTooLong, NotFound, UserError, UsernameTaken,
};
pub(super) use window::RecentWindow;
