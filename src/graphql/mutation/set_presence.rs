use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::set_presence,
    graphql::{
        input::{InputPath, Reader, payload},
        types::{PresenceStatus, User},
    },
    presence::PresenceSetting,
    types::{PresenceText, UserId},
};

/// What others are to see of the acting user.
#[derive(InputObject)]
pub(in crate::graphql) struct SetPresenceInput {
    /// What is shown while they have a subscription; without one they are offline anyway. `ONLINE` goes back to what is shown by
    /// itself; `OFFLINE` hides that they are there.
    status: PresenceStatus,
    /// What they say beside it: up to 100 characters, no control or bidi characters. Nothing any more, when it is left out, empty or
    /// only white space.
    text: Option<String>,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `setPresence` answers.
    SetPresencePayload {
        /// The acting user, with their presence as it is now; `null` on failure.
        user: User
    }
}

#[derive(Default)]
pub(in crate::graphql) struct SetPresenceMutation;

#[Object]
impl SetPresenceMutation {
    /// Chooses what others see of the acting user, on all their devices, until they choose something else or the server is
    /// started again. Their contacts hear `PresenceChanged`.
    ///
    /// Nobody needs this to be `ONLINE`: whoever has a subscription is. Can be repeated safely. Errors in the payload:
    /// `PRESENCE_TEXT_INVALID`, `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    ///
    #[doc = example!("examples/set_presence.graphql")]
    async fn set_presence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The status, and what to say beside it.")] input: SetPresenceInput,
    ) -> Result<SetPresencePayload> {
        let mut reader = Reader::new(ctx)?;
        let setting = read(&mut reader, input);
        let app = ctx.data::<App>()?;
        let choose = async |(user_id, setting): (UserId, PresenceSetting)| {
            Ok(User::to_themselves(set_presence(app, user_id, setting).await?))
        };
        Ok(reader.perform(setting, |_| InputPath::input(), choose).await?.into())
    }
}

fn read(reader: &mut Reader, input: SetPresenceInput) -> Option<(UserId, PresenceSetting)> {
    let at = InputPath::input();
    let user_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let text = reader.optional(at.field("text"), input.text.map(PresenceText::parse));
    Some((user_id?, PresenceSetting { status: input.status.into(), text: text?.flatten() }))
}
