use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{Invitation, invite_to_chatroom},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Chatroom,
    },
};

/// Whom to invite where.
#[derive(InputObject)]
pub(in crate::graphql) struct InviteToChatroomInput {
    /// The chatroom's id.
    chatroom_id: ID,
    /// The ids of 1–100 users. Who is in already stays as they are; that is no error.
    member_ids: Vec<ID>,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `inviteToChatroom` answers.
    InviteToChatroomPayload {
        /// The chatroom, as the acting user sees it; `null` on failure.
        chatroom: Chatroom
    }
}

#[derive(Default)]
pub(in crate::graphql) struct InviteToChatroomMutation;

#[Object]
impl InviteToChatroomMutation {
    /// Makes users members of a chatroom at once. Every member may invite. New members see the whole history; what was said
    /// before counts as read.
    ///
    /// Users may refuse: by their `invitationsFrom`, and by leaving. Who has left a chatroom is added again only by a member to
    /// whom they have sent a direct message since then. A service may add everybody.
    ///
    /// Can be repeated safely. Errors in the payload: `BATCH_SIZE_INVALID`, `ACTING_USER_REQUIRED`, `FORBIDDEN`,
    /// `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `INVITATION_REFUSED`, `CHATROOM_FULL`, `TOO_MANY_CHATROOMS`.
    ///
    #[doc = example!("examples/invite_to_chatroom.graphql")]
    async fn invite_to_chatroom(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to invite where.")] input: InviteToChatroomInput,
    ) -> Result<InviteToChatroomPayload> {
        let mut reader = Reader::new(ctx)?;
        let invitation = read(&mut reader, &input);
        let app = ctx.data::<App>()?;
        let invite = async |invitation: Invitation| {
            let viewer = invitation.actor_id.into();
            Ok(Chatroom::new(invite_to_chatroom(app, invitation).await?, viewer))
        };
        Ok(reader.perform(invitation, |_| InputPath::input(), invite).await?.into())
    }
}

fn read(reader: &mut Reader, input: &InviteToChatroomInput) -> Option<Invitation> {
    let at = InputPath::input();
    let actor_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let chatroom_id = reader.id(at.field("chatroomId"), &input.chatroom_id);
    let member_ids = reader.people(&at.field("memberIds"), &input.member_ids, 1);
    let by_service = reader.is_of_service();
    Some(Invitation { actor_id: actor_id?, chatroom_id: chatroom_id?, member_ids: member_ids?, by_service })
}
