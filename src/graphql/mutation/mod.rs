//! What can be changed.

mod create_chatroom;
mod create_user;
mod delete_message;
mod edit_message;
mod invite_to_chatroom;
mod leave_chatroom;
mod mark_read;
mod react;
mod remove_from_chatroom;
mod rename_chatroom;
mod root;
mod send_message;
mod send_messages;
mod set_presence;
mod set_typing;
mod update_user;

pub(super) use root::Mutation;
