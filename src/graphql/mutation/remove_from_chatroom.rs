use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{Removal, remove_from_chatroom},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Chatroom,
    },
};

/// Whom to remove from where.
#[derive(InputObject)]
#[expect(clippy::struct_field_names, reason = "these are the names of the API")]
pub(in crate::graphql) struct RemoveFromChatroomInput {
    /// The chatroom's id.
    chatroom_id: ID,
    /// The id of the member to remove. Owners who name themselves leave.
    member_id: ID,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `removeFromChatroom` answers.
    RemoveFromChatroomPayload {
        /// The chatroom, as the acting user sees it; `null` on failure, and for owners who removed themselves.
        chatroom: Chatroom
    }
}

#[derive(Default)]
pub(in crate::graphql) struct RemoveFromChatroomMutation;

#[Object]
impl RemoveFromChatroomMutation {
    /// Ends somebody's membership. Only the owner of the chatroom may. What they sent stays.
    ///
    /// Errors in the payload: `NOT_OWNER`, `NOT_MEMBER`, `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    ///
    #[doc = example!("examples/remove_from_chatroom.graphql")]
    async fn remove_from_chatroom(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to remove from where.")] input: RemoveFromChatroomInput,
    ) -> Result<RemoveFromChatroomPayload> {
        let mut reader = Reader::new(ctx)?;
        let removal = read(&mut reader, &input);
        let app = ctx.data::<App>()?;
        let remove = async |removal: Removal| {
            let viewer = removal.actor_id.into();
            let left = remove_from_chatroom(app, removal).await?;
            Ok(left.map(|row| Chatroom::new(row, viewer)))
        };
        Ok(match reader.perform(removal, |_| InputPath::input(), remove).await? {
            Ok(chatroom) => RemoveFromChatroomPayload { errors: Vec::new(), chatroom },
            Err(errors) => Err(errors).into(),
        })
    }
}

fn read(reader: &mut Reader, input: &RemoveFromChatroomInput) -> Option<Removal> {
    let at = InputPath::input();
    let actor_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let chatroom_id = reader.id(at.field("chatroomId"), &input.chatroom_id);
    let member_id = reader.id(at.field("memberId"), &input.member_id);
    Some(Removal { actor_id: actor_id?, chatroom_id: chatroom_id?, member_id: member_id? })
}
