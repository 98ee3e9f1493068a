use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{InboxEntry, list_conversations},
    graphql::{
        cursor::{Cursor, ListId},
        limits::OTHERS,
        page::ConversationConnection,
        render::RenderedPage,
        resolver_error::domain_error,
        types::Conversation,
        viewer::Viewer,
    },
    types::{Activity, Bounds},
};

#[derive(Default)]
pub(in crate::graphql) struct ConversationsQuery;

#[Object]
impl ConversationsQuery {
    /// The inbox: the acting user's direct conversations and chatrooms, latest activity first, in pages of up to 100.
    ///
    /// Activity is a message that was sent, or the making of a chatroom. Everything on a page is of one moment. A
    /// conversation in which something is said while you page moves up to the first page.
    ///
    /// Errors: `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `PAGE_SIZE_INVALID`, `CURSOR_INVALID`.
    ///
    #[doc = example!("examples/conversations.graphql")]
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The acting user's id. Whom the token stands for, or the header `Messenger-User` names, when it is left out."
        )]
        user_id: Option<ID>,
        #[graphql(desc = "How many: 1–100, 50 by default.")] first: Option<i32>,
        #[graphql(
            desc = "Only those after the conversation with this cursor: the `endCursor` of the page before."
        )]
        after: Option<String>,
    ) -> Result<RenderedPage<ConversationConnection>> {
        let viewer = Viewer::named(ctx, user_id.as_ref())?;
        let user_id = viewer.require()?;
        let list = ListId::default().about(user_id);
        let after = Activity::decode_optional("after", after.as_deref(), list)?;
        let bounds = Bounds::first(OTHERS.read("first", first)?, after);
        let page = list_conversations(ctx.data::<App>()?, user_id, bounds).await.map_err(domain_error)?;
        let entry = |entry: InboxEntry| (entry.activity, Conversation::of_inbox(entry, viewer));
        Ok(ConversationConnection::new(page, ctx.data::<App>()?.log, list, entry))
    }
}
