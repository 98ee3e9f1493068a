use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::delete_message,
    graphql::{
        input::{InputPath, Reader, payload},
        types::Message,
    },
    types::{MessageId, UserId},
};

/// Which message to delete.
#[derive(InputObject)]
pub(in crate::graphql) struct DeleteMessageInput {
    /// The message's id.
    message_id: ID,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `deleteMessage` answers.
    DeleteMessagePayload {
        /// The message as it is now: with its place, and without its text; `null` on failure.
        message: Message
    }
}

#[derive(Default)]
pub(in crate::graphql) struct DeleteMessageMutation;

#[Object]
impl DeleteMessageMutation {
    /// Empties a message that the acting user sent, at any time, and takes back the reactions to it. It keeps its place:
    /// `text` is empty and `deletedAt` is set.
    ///
    /// Can be repeated safely. Errors in the payload: `NOT_SENDER`, `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`,
    /// `ID_WRONG_KIND`, `NOT_FOUND`. The message of somebody else is `NOT_SENDER` where the acting user may see it, else `NOT_FOUND`,
    /// and so is one in a chatroom that the acting user has left.
    ///
    #[doc = example!("examples/delete_message.graphql")]
    async fn delete_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message to delete.")] input: DeleteMessageInput,
    ) -> Result<DeleteMessagePayload> {
        let mut reader = Reader::new(ctx)?;
        let deletion = read(&mut reader, &input);
        let app = ctx.data::<App>()?;
        let delete = async |(message_id, user_id)| {
            Ok(Message::to_sender(delete_message(app, message_id, user_id).await?))
        };
        Ok(reader.perform(deletion, |_| InputPath::input(), delete).await?.into())
    }
}

fn read(reader: &mut Reader, input: &DeleteMessageInput) -> Option<(MessageId, UserId)> {
    let at = InputPath::input();
    let user_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let message_id = reader.id(at.field("messageId"), &input.message_id);
    Some((message_id?, user_id?))
}
