//! The root type `Mutation`.

use async_graphql::MergedObject;

use super::{
    create_chatroom, create_user, delete_message, edit_message, invite_to_chatroom, leave_chatroom,
    mark_read, react, remove_from_chatroom, rename_chatroom, send_message, send_messages, set_presence,
    set_typing, update_user,
};

/// What can be changed.
///
/// Each mutation takes one `input` and answers with a payload. Expected failures are in the payload's `errors`: it is empty
/// on success; otherwise nothing was changed, what was to be made is `null`, and `deduplicated` is false. An answer is given
/// after the change is on disk; presence and typing, which are not kept, never are.
#[derive(Default, MergedObject)]
pub(in crate::graphql) struct Mutation(
    create_chatroom::CreateChatroomMutation,
    create_user::CreateUserMutation,
    delete_message::DeleteMessageMutation,
    edit_message::EditMessageMutation,
    invite_to_chatroom::InviteToChatroomMutation,
    leave_chatroom::LeaveChatroomMutation,
    mark_read::MarkReadMutation,
    react::ReactMutation,
    remove_from_chatroom::RemoveFromChatroomMutation,
    rename_chatroom::RenameChatroomMutation,
    send_message::SendMessageMutation,
    send_messages::SendMessagesMutation,
    set_presence::SetPresenceMutation,
    set_typing::SetTypingMutation,
    update_user::UpdateUserMutation,
);
