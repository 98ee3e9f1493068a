use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::list_chatrooms,
    graphql::{
        cursor::{Cursor, ListId},
        limits::OTHERS,
        page::ChatroomConnection,
        render::RenderedPage,
        resolver_error::domain_error,
        types::Chatroom,
        viewer::Viewer,
    },
    types::{Bounds, ChatroomId},
};

#[derive(Default)]
pub(in crate::graphql) struct ChatroomsQuery;

#[Object]
impl ChatroomsQuery {
    /// The chatrooms that the acting user is in, the oldest first, in pages of up to 100. For what is new in them, see
    /// `conversations`.
    ///
    /// Errors: `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `PAGE_SIZE_INVALID`, `CURSOR_INVALID`.
    ///
    #[doc = example!("examples/chatrooms.graphql")]
    async fn chatrooms(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The acting user's id. Whom the token stands for, or the header `Messenger-User` names, when it is left out."
        )]
        user_id: Option<ID>,
        #[graphql(desc = "How many: 1–100, 50 by default.")] first: Option<i32>,
        #[graphql(
            desc = "Only those after the chatroom with this cursor: the `endCursor` of the page before."
        )]
        after: Option<String>,
    ) -> Result<RenderedPage<ChatroomConnection>> {
        let viewer = Viewer::named(ctx, user_id.as_ref())?;
        let user_id = viewer.require()?;
        let list = ListId::default().about(user_id);
        let after = ChatroomId::decode_optional("after", after.as_deref(), list)?;
        let bounds = Bounds::first(OTHERS.read("first", first)?, after);
        let page = list_chatrooms(ctx.data::<App>()?, user_id, bounds).await.map_err(domain_error)?;
        Ok(ChatroomConnection::new(page, ctx.data::<App>()?.log, list, |row| {
            (row.id, Chatroom::new(row, viewer))
        }))
    }
}
