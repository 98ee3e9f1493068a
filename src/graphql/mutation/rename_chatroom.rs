use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{Renaming, rename_chatroom},
    graphql::{
        input::{InputPath, Reader, payload},
        types::Chatroom,
    },
    types::ChatroomName,
};

/// What a chatroom is to be called.
#[derive(InputObject)]
pub(in crate::graphql) struct RenameChatroomInput {
    /// The chatroom's id.
    chatroom_id: ID,
    /// The new name: 1–64 characters, at least one visible, no control or bidi characters.
    name: String,
    /// The acting user's id. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
}

payload! {
    /// What `renameChatroom` answers.
    RenameChatroomPayload {
        /// The chatroom, as the acting user sees it; `null` on failure.
        chatroom: Chatroom
    }
}

#[derive(Default)]
pub(in crate::graphql) struct RenameChatroomMutation;

#[Object]
impl RenameChatroomMutation {
    /// Renames a chatroom. Only its owner may.
    ///
    /// Can be repeated safely. Errors in the payload: `CHATROOM_NAME_INVALID`, `NOT_OWNER`, `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`.
    ///
    #[doc = example!("examples/rename_chatroom.graphql")]
    async fn rename_chatroom(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which chatroom, and its new name.")] input: RenameChatroomInput,
    ) -> Result<RenameChatroomPayload> {
        let mut reader = Reader::new(ctx)?;
        let renaming = read(&mut reader, input);
        let app = ctx.data::<App>()?;
        let rename = async |renaming: Renaming| {
            let viewer = renaming.actor_id.into();
            Ok(Chatroom::new(rename_chatroom(app, renaming).await?, viewer))
        };
        Ok(reader.perform(renaming, |_| InputPath::input(), rename).await?.into())
    }
}

fn read(reader: &mut Reader, input: RenameChatroomInput) -> Option<Renaming> {
    let at = InputPath::input();
    let actor_id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let chatroom_id = reader.id(at.field("chatroomId"), &input.chatroom_id);
    let name = reader.field(at.field("name"), ChatroomName::parse(input.name));
    Some(Renaming { actor_id: actor_id?, chatroom_id: chatroom_id?, name: name? })
}
