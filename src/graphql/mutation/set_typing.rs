use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{Typing, set_typing},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Conversation,
    },
};

/// Whether the acting user types in a conversation.
#[derive(InputObject)]
pub(in crate::graphql) struct SetTypingInput {
    /// The id of a direct conversation or of a chatroom.
    conversation_id: ID,
    /// `true` while they type, `false` when they have stopped.
    is_typing: bool,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `setTyping` answers.
    SetTypingPayload {
        /// The conversation, as the acting user sees it; `null` on failure.
        conversation: Conversation
    }
}

#[derive(Default)]
pub(in crate::graphql) struct SetTypingMutation;

#[Object]
impl SetTypingMutation {
    /// Says that the acting user types in a conversation, or has stopped. The others in it hear `TypingChanged`; the acting
    /// user's own devices do not.
    ///
    /// It holds for 5 seconds: repeat it every 3 seconds while they type. It ends by itself, and when they send a message there,
    /// so `false` is only needed when they clear what they wrote. Can be repeated safely. Errors in the payload:
    /// `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    ///
    #[doc = example!("examples/set_typing.graphql")]
    async fn set_typing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where, and whether they type.")] input: SetTypingInput,
    ) -> Result<SetTypingPayload> {
        let mut reader = Reader::new(ctx)?;
        let typing = read(&mut reader, &input);
        let app = ctx.data::<App>()?;
        let say = async |typing: Typing| {
            let viewer = typing.actor_id.into();
            Ok(Conversation::new(set_typing(app, typing).await?, viewer))
        };
        Ok(reader.perform(typing, |_| InputPath::input(), say).await?.into())
    }
}

fn read(reader: &mut Reader, input: &SetTypingInput) -> Option<Typing> {
    let at = InputPath::input();
    let actor_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let conversation_id = reader.id(at.field("conversationId"), &input.conversation_id);
    Some(Typing { actor_id: actor_id?, conversation_id: conversation_id?, is_typing: input.is_typing })
}
