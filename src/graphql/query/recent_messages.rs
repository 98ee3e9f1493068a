use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{RecentCursor, RecentQuery, read_recent},
    graphql::{
        error::domain_error,
        id::parse,
        limits::MESSAGES,
        page::{Cursor, MessageConnection},
        types::{Message, RecentWindow},
    },
};

#[derive(Default)]
pub(in crate::graphql) struct RecentMessagesQuery;

#[Object]
impl RecentMessagesQuery {
    /// Messages sent to a recipient, newest first, from one sender or from all.
    ///
    /// `window: {last: 100}` (the default) is the newest hundred. `window: {days: 30}` is everything of the last 30 × 24
    /// hours by the server's clock at the request, paged to its end: go on with `after: pageInfo.endCursor` until
    /// `hasNextPage` is false. What arrives meanwhile does not shift the pages: the last hundred stay the same hundred.
    ///
    /// Errors: `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `WINDOW_INVALID`, `PAGE_SIZE_INVALID`, `CURSOR_INVALID`.
    ///
    /// The last hundred messages to Betty:
    ///
    #[doc = example!("examples/last_hundred.graphql")]
    ///
    /// What Aaron wrote to Betty within the last thirty days:
    ///
    #[doc = example!("examples/last_thirty_days.graphql")]
    async fn recent_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the user the messages were sent to.")] recipient_id: ID,
        #[graphql(desc = "Only messages of the user with this id.")] sender_id: Option<ID>,
        #[graphql(
            default_with = "RecentWindow::Last(100)",
            desc = "What counts as recent: the newest N messages, or all of the last N days."
        )]
        window: RecentWindow,
        #[graphql(desc = "How many in one page: 1–1,000, 100 by default.")] first: Option<i32>,
        #[graphql(
            desc = "Only older ones than the message with this cursor: the `endCursor` of the page before."
        )]
        after: Option<String>,
    ) -> Result<MessageConnection> {
        let query = RecentQuery {
            recipient_id: parse("recipientId", &recipient_id)?,
            sender_id: sender_id.map(|id| parse("senderId", &id)).transpose()?,
            window: window.read()?,
            limit: MESSAGES.read("first", first)?,
            after: RecentCursor::decode_optional("after", after.as_deref())?,
        };
        let page = read_recent(ctx.data::<App>()?, query).await.map_err(domain_error)?;
        Ok(MessageConnection::new(page, |(cursor, view)| (cursor, Message(view))))
    }
}
