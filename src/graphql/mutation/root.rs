//! The root type `Mutation`.

use async_graphql::MergedObject;

use super::{create_user, send_message, send_messages, update_user};

/// What can be changed.
///
/// Each mutation takes one `input` and answers with a payload. Expected failures are in the payload's `errors`: it is empty
/// on success; otherwise nothing was changed, what was to be made is `null`, and `deduplicated` is false. An answer is given after the change is on
/// disk.
#[derive(Default, MergedObject)]
pub(in crate::graphql) struct Mutation(
    create_user::CreateUserMutation,
    send_message::SendMessageMutation,
    send_messages::SendMessagesMutation,
    update_user::UpdateUserMutation,
);
