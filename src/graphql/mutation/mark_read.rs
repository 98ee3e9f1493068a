use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{Reading, mark_read},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Conversation,
    },
};

/// How far a conversation was read.
#[derive(InputObject)]
pub(in crate::graphql) struct MarkReadInput {
    /// The id of a direct conversation or of a chatroom.
    conversation_id: ID,
    /// The greatest `seq` that the acting user has read: from 0 to the conversation's `latestSeq`. A lesser one than before
    /// changes nothing.
    read_up_to: i64,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `markRead` answers.
    MarkReadPayload {
        /// The conversation, as the acting user sees it; `null` on failure.
        conversation: Conversation
    }
}

#[derive(Default)]
pub(in crate::graphql) struct MarkReadMutation;

#[Object]
impl MarkReadMutation {
    /// Marks everything up to a message as read by the acting user. Only ever moves forward.
    ///
    /// Can be repeated safely. Errors in the payload: `SEQ_OUT_OF_RANGE`, `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    ///
    #[doc = example!("examples/mark_read.graphql")]
    async fn mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which conversation, and how far it was read.")] input: MarkReadInput,
    ) -> Result<MarkReadPayload> {
        let mut reader = Reader::new(ctx)?;
        let reading = read(&mut reader, &input);
        let app = ctx.data::<App>()?;
        let mark = async |reading: Reading| {
            let viewer = reading.actor_id.into();
            Ok(Conversation::new(mark_read(app, reading).await?, viewer))
        };
        Ok(reader.perform(reading, |_| InputPath::input(), mark).await?.into())
    }
}

fn read(reader: &mut Reader, input: &MarkReadInput) -> Option<Reading> {
    let at = InputPath::input();
    let actor_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let conversation_id = reader.id(at.field("conversationId"), &input.conversation_id);
    Some(Reading { actor_id: actor_id?, conversation_id: conversation_id?, read_up_to: input.read_up_to })
}
