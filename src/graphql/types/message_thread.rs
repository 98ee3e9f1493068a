//! The fields that both kinds of conversation have.

use async_graphql::{Context, Error, Result};

use super::Message;
use crate::{
    app::App,
    domain::{ConversationState, History, MessageView, ReadingState, Snapshot, StateOf},
    graphql::{
        cursor::{Cursor, ListId},
        error::ErrorCode,
        limits::MESSAGES,
        loaders::{load, load_together},
        page::MessageConnection,
        render::{NeedsResolver, RenderedPage},
        resolver_error::{coded, located, noted},
        viewer::Viewer,
    },
    types::{Bounds, ConversationKey, Page},
};

/// A conversation's messages, and where the acting user stands among them.
pub(super) struct MessageThread {
    conversation: ConversationKey,
    pub(super) viewer: Viewer,
    /// Where it stands, when that was read together with the conversation.
    state: Option<Box<ConversationState>>,
}

impl MessageThread {
    pub(super) fn new(
        conversation: ConversationKey,
        viewer: Viewer,
        state: Option<ConversationState>,
    ) -> Self {
        Self { conversation, viewer, state: state.map(Box::new) }
    }

    /// The newest message, when it is known.
    pub(super) fn known_last(&self) -> Result<Option<Message>, NeedsResolver> {
        self.known_state().map(|state| self.message(state.last_message.clone()))
    }

    /// The seq of the newest message, when it is known.
    pub(super) fn known_seq(&self) -> Result<i64, NeedsResolver> {
        self.known_state().map(|state| state.latest_seq)
    }

    /// How far the acting user has read, when it is known.
    pub(super) fn known_position(&self) -> Result<i64, NeedsResolver> {
        self.known_reading().map(|reading| reading.read_up_to)
    }

    /// How much is new to the acting user, when it is known.
    pub(super) fn known_unread(&self) -> Result<i64, NeedsResolver> {
        self.known_reading().map(|reading| reading.unread_count)
    }

    fn known_reading(&self) -> Result<ReadingState, NeedsResolver> {
        self.viewer.0.user().ok_or(NeedsResolver)?;
        self.known_state()?.reading.ok_or(NeedsResolver)
    }

    fn known_state(&self) -> Result<&ConversationState, NeedsResolver> {
        self.state.as_deref().ok_or(NeedsResolver)
    }

    fn message(&self, view: Option<MessageView>) -> Option<Message> {
        view.map(|view| Message::new(view, self.viewer))
    }

    /// How much memory the newest message takes, as far as it is known.
    pub(super) fn weight(&self) -> usize {
        let last = self.state.as_ref().and_then(|state| state.last_message.as_ref());
        last.map_or(0, MessageView::weight)
    }

    pub(super) async fn last_message(&self, ctx: &Context<'_>) -> Option<Message> {
        let state = noted(ctx, self.state(ctx).await)?;
        self.message(state.last_message)
    }

    pub(super) async fn latest_seq(&self, ctx: &Context<'_>) -> Result<i64> {
        let state = located(ctx, self.state(ctx).await)?;
        Ok(state.map_or(0, |state| state.latest_seq))
    }

    pub(super) async fn read_up_to(&self, ctx: &Context<'_>) -> Result<i64> {
        let reading = located(ctx, self.reading(ctx).await)?;
        Ok(reading.map_or(0, |reading| reading.read_up_to))
    }

    pub(super) async fn unread_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let reading = located(ctx, self.reading(ctx).await)?;
        Ok(reading.map_or(0, |reading| reading.unread_count))
    }

    pub(super) async fn messages(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<RenderedPage<MessageConnection>> {
        let key = ListId::default().about(self.conversation);
        let bounds = located(ctx, bounds(key, first, after.as_deref(), last, before.as_deref()))?;
        let page = located(ctx, self.history(ctx, bounds).await)?;
        let page = located(ctx, page.ok_or_else(gone))?;
        let entry = |view: MessageView| (view.message.seq, Message::new(view, self.viewer));
        Ok(MessageConnection::new(page, ctx.data::<App>()?.log, key, entry))
    }

    async fn reading(&self, ctx: &Context<'_>) -> Result<Option<ReadingState>> {
        self.viewer.require()?;
        Ok(self.state(ctx).await?.and_then(|state| state.reading))
    }

    /// One read for everything that must agree.
    async fn state(&self, ctx: &Context<'_>) -> Result<Option<ConversationState>> {
        if let Some(state) = &self.state {
            return Ok(Some(ConversationState::clone(state)));
        }
        let state_of = StateOf { conversation: self.conversation, read_scope: self.viewer.0 };
        load_together(ctx, state_of).await
    }

    async fn history(
        &self,
        ctx: &Context<'_>,
        bounds: Bounds<i64>,
    ) -> Result<Option<Snapshot<Page<MessageView>>>> {
        let history = History { conversation_id: self.conversation, bounds, read_scope: self.viewer.0 };
        load(ctx, history).await
    }
}

/// A page that was not loaded at all: an empty one would have no place in the log from where to follow.
pub(super) fn gone() -> Error {
    coded(ErrorCode::NotFound, "the conversation cannot be read any more")
}

fn bounds(
    key: ListId,
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
