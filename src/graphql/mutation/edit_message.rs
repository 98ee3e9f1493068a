use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{Edit, edit_message},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Message,
    },
};

/// What a message is to say.
#[derive(InputObject)]
pub(in crate::graphql) struct EditMessageInput {
    /// The message's id.
    message_id: ID,
    /// The new text: 1–5,000 characters (Unicode scalar values), at least one of them visible.
    text: String,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `editMessage` answers.
    EditMessagePayload {
        /// The message as it is now; `null` on failure.
        message: Message
    }
}

#[derive(Default)]
pub(in crate::graphql) struct EditMessageMutation;

#[Object]
impl EditMessageMutation {
    /// Replaces the text of a message that the acting user sent, at any time. Its `seq` and `sentAt` stay, and `editedAt` is set.
    ///
    /// Can be repeated safely: the text that is there already changes nothing. Errors in the payload: `MESSAGE_DELETED`,
    /// `TEXT_BLANK`, `TEXT_TOO_LONG`, `TEXT_NOT_STORABLE`, `NOT_SENDER`, `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    /// The message of somebody else is `NOT_SENDER` where the acting user may see it, else `NOT_FOUND`, and so is one in a chatroom
    /// that the acting user has left.
    ///
    #[doc = example!("examples/edit_message.graphql")]
    async fn edit_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message, and its new text.")] input: EditMessageInput,
    ) -> Result<EditMessagePayload> {
        let mut reader = Reader::new(ctx)?;
        let edit = read(&mut reader, input);
        let app = ctx.data::<App>()?;
        let edit_it = async |edit| Ok(Message::to_sender(edit_message(app, edit).await?));
        Ok(reader.perform(edit, |_| InputPath::input(), edit_it).await?.into())
    }
}

fn read(reader: &mut Reader, input: EditMessageInput) -> Option<Edit> {
    let at = InputPath::input();
    let actor_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let message_id = reader.id(at.field("messageId"), &input.message_id);
    let text = reader.text(at.field("text"), input.text);
    Some(Edit { actor_id: actor_id?, message_id: message_id?, text: text? })
}
