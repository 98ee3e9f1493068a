use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::leave_chatroom,
    graphql::{
        id::{GlobalId, global},
        input::{InputPath, Reader, payload},
    },
    types::{ChatroomId, UserId},
};

/// Which chatroom to leave.
#[derive(InputObject)]
pub(in crate::graphql) struct LeaveChatroomInput {
    /// The chatroom's id.
    chatroom_id: ID,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `leaveChatroom` answers.
    LeaveChatroomPayload {
        /// The id of the chatroom that was left, which the acting user does not see any more; `null` on failure.
        chatroom_id: GlobalId
    }
}

#[derive(Default)]
pub(in crate::graphql) struct LeaveChatroomMutation;

#[Object]
impl LeaveChatroomMutation {
    /// Ends the acting user's membership.
    ///
    /// An owner hands the chatroom to the longest-standing of the other members. The last one out leaves it empty, and
    /// nobody can read it any more. Nobody adds the acting user again but a member to whom they write a direct message
    /// afterwards, or a service.
    ///
    /// Errors in the payload: `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, also when the acting user is not a member, as in a repetition.
    ///
    #[doc = example!("examples/leave_chatroom.graphql")]
    async fn leave_chatroom(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which chatroom to leave.")] input: LeaveChatroomInput,
    ) -> Result<LeaveChatroomPayload> {
        let mut reader = Reader::new(ctx)?;
        let leaving = read(&mut reader, &input);
        let app = ctx.data::<App>()?;
        let leave = async |(chatroom_id, user_id)| {
            leave_chatroom(app, chatroom_id, user_id).await?;
            Ok(global(chatroom_id))
        };
        Ok(reader.perform(leaving, |_| InputPath::input(), leave).await?.into())
    }
}

fn read(reader: &mut Reader, input: &LeaveChatroomInput) -> Option<(ChatroomId, UserId)> {
    let at = InputPath::input();
    let user_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let chatroom_id = reader.id(at.field("chatroomId"), &input.chatroom_id);
    Some((chatroom_id?, user_id?))
}
