use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{ConversationView, find_conversation},
    graphql::{
        id::parse,
        resolver_error::{domain_error, noted},
        types::Chatroom,
        viewer::Viewer,
    },
    types::ConversationId,
};

#[derive(Default)]
pub(in crate::graphql) struct ChatroomQuery;

#[Object]
impl ChatroomQuery {
    /// A chatroom by its id; `null` when there is none, when the acting user is not in it, or when nobody is.
    ///
    /// Errors: `ID_MALFORMED`, `ID_WRONG_KIND`, `FORBIDDEN`, `ACTING_USER_REQUIRED` (for a service), `NOT_FOUND` when there is no such acting user.
    ///
    #[doc = example!("examples/chatroom.graphql")]
    async fn chatroom(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The chatroom's id.")] id: ID,
        #[graphql(
            desc = "The acting user's id. Whom the token stands for, or the header `Messenger-User` names, when it is left out; without either, an open server shows the chatroom, and `unreadCount` and `readUpTo` are not known."
        )]
        user_id: Option<ID>,
    ) -> Result<Option<Chatroom>> {
        Ok(noted(ctx, find(ctx, &id, user_id.as_ref()).await))
    }
}

async fn find(ctx: &Context<'_>, id: &ID, user_id: Option<&ID>) -> Result<Option<Chatroom>> {
    let viewer = Viewer::named_who_exists(ctx, user_id).await?;
    let id = ConversationId::Chatroom(parse("id", id)?);
    let found =
        find_conversation(ctx.data::<App>()?, id, viewer.read_scope()?).await.map_err(domain_error)?;
    Ok(found.and_then(|view| match view {
        ConversationView::Chatroom(row) => Some(Chatroom::new(row, viewer)),
        ConversationView::Direct(_) => None,
    }))
}
