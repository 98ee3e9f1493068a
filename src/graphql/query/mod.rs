//! What can be read.

mod chatroom;
mod chatrooms;
mod conversation;
mod conversations;
mod node;
mod recent_messages;
mod root;
mod search_messages;
mod server_info;
mod user;
mod users;
mod viewer;

pub(super) use root::Query;
