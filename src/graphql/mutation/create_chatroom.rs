use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{NewChatroom, create_chatroom},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Chatroom,
    },
    types::ChatroomName,
};

/// A chatroom to create.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateChatroomInput {
    /// The ids of its other first members, up to 100, who let the acting user add them (`invitationsFrom`). Naming the acting
    /// user, or somebody twice, is no error.
    member_ids: Option<Vec<ID>>,
    /// What it is called: 1–64 characters, at least one visible, no control or bidi characters. Need not be unique.
    name: String,
    /// The acting user's id: the owner and first member. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `createChatroom` answers.
    CreateChatroomPayload {
        /// The new chatroom, as the acting user sees it; `null` on failure.
        chatroom: Chatroom
    }
}

#[derive(Default)]
pub(in crate::graphql) struct CreateChatroomMutation;

#[Object]
impl CreateChatroomMutation {
    /// Creates a chatroom, which the acting user owns.
    ///
    /// Not idempotent: a repetition makes another chatroom of the same name.
    ///
    /// Errors in the payload: `CHATROOM_NAME_INVALID`, `BATCH_SIZE_INVALID`, `ACTING_USER_REQUIRED`, `FORBIDDEN`,
    /// `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `INVITATION_REFUSED`, `CHATROOM_FULL`, `TOO_MANY_CHATROOMS`.
    ///
    #[doc = example!("examples/create_chatroom.graphql")]
    async fn create_chatroom(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The chatroom to create.")] input: CreateChatroomInput,
    ) -> Result<CreateChatroomPayload> {
        let mut reader = Reader::new(ctx)?;
        let new = read(&mut reader, input);
        let app = ctx.data::<App>()?;
        let create = async |new: NewChatroom| {
            let viewer = new.creator_id.into();
            Ok(Chatroom::new(create_chatroom(app, new).await?, viewer))
        };
        Ok(reader.perform(new, |_| InputPath::input(), create).await?.into())
    }
}

fn read(reader: &mut Reader, input: CreateChatroomInput) -> Option<NewChatroom> {
    let at = InputPath::input();
    let creator_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let name = reader.field(at.field("name"), ChatroomName::parse(input.name));
    let member_ids = reader.people(&at.field("memberIds"), &input.member_ids.unwrap_or_default(), 0);
    let by_service = reader.is_of_service();
    Some(NewChatroom { creator_id: creator_id?, name: name?, member_ids: member_ids?, by_service })
}
