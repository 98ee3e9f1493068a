use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{Reacting, add_reaction, remove_reaction},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Message,
    },
    types::Emoji,
};

/// Writes an input once for each of the two.
macro_rules! reaction_input {
    ($(#[$doc:meta])* $input:ident) => {
        $(#[$doc])*
        #[derive(InputObject)]
        pub(in crate::graphql) struct $input {
            /// One emoji of the Unicode list, such as `👍`, and nothing else.
            emoji: String,
            /// The message's id.
            message_id: ID,
            /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
            user_id: Option<ID>,
        }

        impl $input {
            fn read(&self, reader: &mut Reader) -> Option<Reacting> {
                let at = InputPath::input();
                let actor_id = reader.acting_user(at.field("userId"), self.user_id.as_ref());
                let message_id = reader.id(at.field("messageId"), &self.message_id);
                let emoji = reader.field(at.field("emoji"), Emoji::parse(&self.emoji));
                Some(Reacting { actor_id: actor_id?, message_id: message_id?, emoji: emoji? })
            }
        }
    };
}

reaction_input! {
    /// What to react to, and with what.
    AddReactionInput
}

reaction_input! {
    /// Which reaction to take back.
    RemoveReactionInput
}

payload! {
    /// What `addReaction` answers.
    AddReactionPayload {
        /// The message, as the acting user sees it; `null` on failure.
        message: Message
    }
}

payload! {
    /// What `removeReaction` answers.
    RemoveReactionPayload {
        /// The message, as the acting user sees it; `null` on failure.
        message: Message
    }
}

#[derive(Default)]
pub(in crate::graphql) struct ReactMutation;

#[Object]
impl ReactMutation {
    /// Reacts to a message of a conversation that the acting user can read, with one emoji. One user may use several emoji;
    /// a message has up to 20 different ones.
    ///
    /// Can be repeated safely. Errors in the payload: `EMOJI_INVALID`, `TOO_MANY_REACTIONS`, `MESSAGE_DELETED`,
    /// `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    ///
    #[doc = example!("examples/add_reaction.graphql")]
    async fn add_reaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to react to, and with what.")] input: AddReactionInput,
    ) -> Result<AddReactionPayload> {
        let mut reader = Reader::new(ctx)?;
        let reacting = input.read(&mut reader);
        let app = ctx.data::<App>()?;
        let add = async |reacting: Reacting| {
            let viewer = reacting.actor_id.into();
            Ok(Message::new(add_reaction(app, reacting).await?, viewer))
        };
        Ok(reader.perform(reacting, |_| InputPath::input(), add).await?.into())
    }

    /// Takes the acting user's reaction back.
    ///
    /// Can be repeated safely: a reaction that is not there changes nothing. Errors in the payload: `EMOJI_INVALID`,
    /// `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    ///
    #[doc = example!("examples/remove_reaction.graphql")]
    async fn remove_reaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reaction to take back.")] input: RemoveReactionInput,
    ) -> Result<RemoveReactionPayload> {
        let mut reader = Reader::new(ctx)?;
        let reacting = input.read(&mut reader);
        let app = ctx.data::<App>()?;
        let remove = async |reacting: Reacting| {
            let viewer = reacting.actor_id.into();
            Ok(Message::new(remove_reaction(app, reacting).await?, viewer))
        };
        Ok(reader.perform(reacting, |_| InputPath::input(), remove).await?.into())
    }
}
