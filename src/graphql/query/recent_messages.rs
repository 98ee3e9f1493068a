use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{RecentCursor, RecentQuery, read_recent},
    graphql::{
        cursor::{Cursor, ListId},
        id::parse,
        limits::MESSAGES,
        page::MessageConnection,
        render::RenderedPage,
        resolver_error::domain_error,
        types::{Message, RecentWindow},
        viewer::Viewer,
    },
    types::{RecipientId, UserId},
};

#[derive(Default)]
pub(in crate::graphql) struct RecentMessagesQuery;

#[Object]
impl RecentMessagesQuery {
    /// Messages sent to a recipient, a user or a chatroom, newest first, from one sender or from all.
    ///
    /// Newest first means in the order in which the server accepted them, whichever conversation they belong to.
    ///
    /// `window: {last: 100}` (the default) is the newest hundred. `window: {days: 30}` is everything of the last 30 × 24
    /// hours by the server's clock at the request, paged to its end: go on with `after: pageInfo.endCursor` until
    /// `hasNextPage` is false. What arrives meanwhile does not shift the pages: the last hundred stay the same hundred.
    ///
    /// An acting user reads what was sent to them, what they sent to somebody else (`senderId` is their own then; anything more
    /// is `FORBIDDEN`), and everything in the chatrooms that they are in (another one is `NOT_FOUND`). Without an acting user an
    /// open server tells everything, and a service is told `ACTING_USER_REQUIRED`.
    ///
    /// Errors: `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `FORBIDDEN`, `ACTING_USER_REQUIRED`, `WINDOW_INVALID`, `PAGE_SIZE_INVALID`, `CURSOR_INVALID`.
    ///
    /// The last hundred messages to Betty:
    ///
    #[doc = example!("examples/last_hundred.graphql")]
    ///
    /// What Aaron wrote to Betty within the last thirty days:
    ///
    #[doc = example!("examples/last_thirty_days.graphql")]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn recent_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the user or of the chatroom that the messages were sent to.")]
        recipient_id: ID,
        #[graphql(desc = "Only messages of the user with this id, in a chatroom also after they left it.")]
        sender_id: Option<ID>,
        #[graphql(
            desc = "The acting user's id. Whom the token stands for, or the header `Messenger-User` names, when it is left out."
        )]
        user_id: Option<ID>,
        #[graphql(
            default_with = "Some(RecentWindow::default())",
            desc = "What counts as recent: the newest N messages, or all of the last N days. `null` is the default."
        )]
        window: Option<RecentWindow>,
        #[graphql(desc = "How many in one page: 1–1,000, 100 by default.")] first: Option<i32>,
        #[graphql(
            desc = "Only older ones than the message with this cursor: the `endCursor` of the page before."
        )]
        after: Option<String>,
    ) -> Result<RenderedPage<MessageConnection>> {
        let recipient_id: RecipientId = parse("recipientId", &recipient_id)?;
        let sender_id: Option<UserId> = sender_id.map(|id| parse("senderId", &id)).transpose()?;
        let list = sender_id.into_iter().fold(ListId::default().about(recipient_id.key()), ListId::about);
        let viewer = Viewer::named_who_exists(ctx, user_id.as_ref()).await?;
        let query = RecentQuery {
            recipient_id,
            sender_id,
            // The library takes a variable that was left out for null, and not for the default.
            window: window.unwrap_or_default().read()?,
            limit: MESSAGES.read("first", first)?,
            after: RecentCursor::decode_optional("after", after.as_deref(), list)?,
            read_scope: viewer.read_scope()?,
        };
        let page = read_recent(ctx.data::<App>()?, query).await.map_err(domain_error)?;
        Ok(MessageConnection::new(page, ctx.data::<App>()?.log, list, |(cursor, view)| {
            (cursor, Message::new(view, viewer))
        }))
    }
}
