//! What can be read.

mod node;
mod recent_messages;
mod root;
mod server_info;
mod user;
mod users;

pub(super) use root::Query;
