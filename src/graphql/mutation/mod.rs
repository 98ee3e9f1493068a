//! What can be changed.

mod create_user;
mod root;
mod send_message;
mod send_messages;
mod update_user;

pub(super) use root::Mutation;
