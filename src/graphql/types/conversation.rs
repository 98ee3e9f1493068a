use async_graphql::{Context, ID, Interface, Object, Result};

use super::{Message, User};
use crate::{
    domain::{DirectConversationView, History, MessageView},
    graphql::{
        error::ErrorCode,
        id::global,
        limits::MESSAGES,
        loaders::HistoryLoader,
        page::{Cursor, ListKey, MessageConnection},
        resolver_error::{coded, domain_error, located, noted},
    },
    types::{Bounds, Page},
};

/// What a field of the interface gives when it can fail. The library forgets the path of an error that a resolver of an
/// interface returns, and not of one that is found in its value: this name keeps it from seeing a `Result`.
pub(in crate::graphql) type Fallible<T> = Result<T>;

/// A place where messages are exchanged, in one order that everybody shares.
#[derive(Interface)]
#[expect(clippy::duplicated_attributes, reason = "arguments of one type are not duplicates")]
#[graphql(
    field(name = "id", ty = "ID", desc = "Never changes. Its prefix tells the kind of conversation."),
    field(
        name = "last_message",
        ty = "Option<Message>",
        desc = "The newest message; `null` when there is none yet."
    ),
    field(
        name = "latest_seq",
        ty = "Fallible<i64>",
        desc = "The `seq` of the newest message, which is also how many there are; 0 when there is none yet."
    ),
    field(
        name = "messages",
        ty = "Fallible<MessageConnection>",
        desc = "All messages, newest first, in pages of up to 1,000, in both directions. Errors: `PAGE_SIZE_INVALID`, `CURSOR_INVALID`, `ARGUMENTS_INVALID`.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "How many, from the newest on: 1–1,000, 100 by default."
        ),
        arg(
            name = "after",
            ty = "Option<String>",
            desc = "Only older ones than the message with this cursor."
        ),
        arg(
            name = "last",
            ty = "Option<i32>",
            desc = "How many, from the older end: 1–1,000; newest first all the same. Not together with `first`."
        ),
        arg(
            name = "before",
            ty = "Option<String>",
            desc = "Only newer ones than the message with this cursor."
        )
    )
)]
pub(in crate::graphql) enum Conversation {
    DirectConversation(DirectConversation),
}

pub(in crate::graphql) struct DirectConversation(pub(in crate::graphql) DirectConversationView);

/// The conversation between two people, or of one with themselves. It begins with the first message between them.
#[Object]
impl DirectConversation {
    /// Never changes. Starts with `dm_`.
    pub(super) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// The newest message; `null` when there is none yet.
    pub(super) async fn last_message(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        Ok(noted(ctx, self.newest(ctx).await.map(|newest| newest.map(Message))))
    }

    /// The `seq` of the newest message, which is also how many there are; 0 when there is none yet.
    pub(super) async fn latest_seq(&self, ctx: &Context<'_>) -> Fallible<i64> {
        let newest = located(ctx, self.newest(ctx).await)?;
        Ok(newest.map_or(0, |newest| newest.message.seq))
    }

    /// All messages, newest first, in pages of up to 1,000, in both directions.
    ///
    /// Older ones: `first` with `after: pageInfo.endCursor`. Newer ones than a message you have: `last` with
    /// `before: pageInfo.startCursor`; when that page is empty there is nothing newer, so keep the cursor you have. Pages
    /// never overlap and leave nothing out, whatever others write meanwhile.
    ///
    /// Errors: `PAGE_SIZE_INVALID`, `CURSOR_INVALID`, `ARGUMENTS_INVALID`.
    pub(super) async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the newest on: 1–1,000, 100 by default.")] first: Option<i32>,
        #[graphql(desc = "Only older ones than the message with this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many, from the older end: 1–1,000; newest first all the same. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Only newer ones than the message with this cursor.")] before: Option<String>,
    ) -> Fallible<MessageConnection> {
        let key = ListKey::default().about(self.0.id);
        let bounds = located(ctx, bounds(key, first, after.as_deref(), last, before.as_deref()))?;
        let page = located(ctx, self.history(ctx, bounds).await)?;
        Ok(MessageConnection::new(page, key, |view: MessageView| (view.message.seq, Message(view))))
    }

    /// Who takes part: two users, or one in a note to self.
    async fn participants(&self) -> Vec<User> {
        self.0.participants.iter().cloned().map(User).collect()
    }
}

impl DirectConversation {
    /// One read for `lastMessage` and `latestSeq`, so that they agree.
    async fn newest(&self, ctx: &Context<'_>) -> Result<Option<MessageView>> {
        Ok(self.history(ctx, Bounds::first(1, None)).await?.items.into_iter().next())
    }

    async fn history(&self, ctx: &Context<'_>, bounds: Bounds<i64>) -> Result<Page<MessageView>> {
        let loader = ctx.data::<HistoryLoader>()?;
        let history = History { conversation_id: self.0.id, bounds };
        let page = loader.load_one(history).await.map_err(domain_error)?;
        Ok(page.unwrap_or_else(|| bounds.cut(Vec::new())))
    }
}

fn bounds(
    key: ListKey,
    first: Option<i32>,
    after: Option<&str>,
    last: Option<i32>,
    before: Option<&str>,
) -> Result<Bounds<i64>> {
    let after = i64::decode_optional("after", after, key)?;
    let before = i64::decode_optional("before", before, key)?;
    Ok(Bounds { after, before, ..direction(first, last)? })
}

fn direction(first: Option<i32>, last: Option<i32>) -> Result<Bounds<i64>> {
    match (first, last) {
        (Some(_), Some(_)) => Err(coded(
            ErrorCode::ArgumentsInvalid,
            "first and last exclude each other; give one of them, or none",
        )),
        (None, Some(_)) => Ok(Bounds { from_end: true, ..Bounds::first(MESSAGES.read("last", last)?, None) }),
        (_, None) => Ok(Bounds::first(MESSAGES.read("first", first)?, None)),
    }
}
