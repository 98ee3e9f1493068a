use std::sync::Arc;

use async_graphql::{Context, Result};
use uuid::Uuid;

use super::{Chatroom, Conversation, DateTime, ReactionGroup, Recipient, User};
use crate::{
    domain::{MessageView, ReactionsOf, ReadScope, RecipientView},
    graphql::{
        id::{GlobalId, global},
        loaders::load,
        render::{Memoize, Memoized, NeedsResolver, Text, Weigh, keep, object},
        resolver_error::{located, noted},
        viewer::Viewer,
    },
    types::ClientMessageId,
};

#[derive(Clone)]
pub(in crate::graphql) struct Message {
    view: MessageView,
    viewer: Viewer,
}

object! {
    /// A text that a user sent to another user, to themselves, or to a chatroom.
    pub(super) Message as "Message" {
        /// The idempotency key that its sender gave, if any: match it with what you sent optimistically. It is its sender's: to
        /// another acting user it is `null`. (A request that names nobody sees it.)
        client_message_id(this) -> Option<&str> = this.shown_key();
        /// The conversation it belongs to.
        conversation(this) -> Conversation = Conversation::new(this.view.conversation(), this.viewer);
        /// When it was deleted; `null` as long as it is not. A deleted message keeps its place: show that there was one.
        deleted_at(this) -> Option<DateTime> = this.view.message.deleted_at.map(DateTime);
        /// When its text was last replaced with `editMessage`; `null` when it never was.
        edited_at(this) -> Option<DateTime> = this.view.message.edited_at.map(DateTime);
        /// Never changes. Starts with `msg_`.
        id(this) -> GlobalId = global(this.view.message.id);
        /// Who it was sent to: a user or a chatroom.
        recipient(this) -> Recipient = this.shown_recipient();
        /// Who sent it.
        sender(this) -> Memoized<Sender<'_>> = Memoized(Sender(this));
        /// When the server accepted it, by the server's clock.
        sent_at(this) -> DateTime = DateTime(this.view.message.sent_at);
        /// Its place in its conversation: 1, 2, 3 … without holes. The order that everybody in it shares; sort and merge the
        /// messages of one conversation by it. Across conversations keep the order of the list you read.
        seq(this) -> i64 = this.view.message.seq;
        /// What it says, exactly as it was sent or last edited: 1–5,000 characters (Unicode scalar values); empty when
        /// `deletedAt` is set.
        text(this) -> Text<'_> = Text(this.view.message.text.as_str());
    }
    known {
        /// The message that it answers, also after that was deleted; `null` when it answers none.
        reply_to(this, ctx) -> Option<Message> = this.known_replied(), else async {
            noted(ctx, this.load_replied(ctx).await)
        };
    }
    waiting {
        /// The reactions to it, one entry for each emoji, up to 20; that which was used first comes first.
        async fn reactions(&self, ctx: &Context<'_>) -> Result<Vec<ReactionGroup>> {
            located(ctx, self.load_reactions(ctx).await)
        }
    }
}

/// Who sent a message.
pub(super) struct Sender<'a>(&'a Message);

impl Memoize for Sender<'_> {
    type Value = User;

    fn id(&self) -> Uuid {
        *self.0.view.message.sender_id.uuid()
    }

    fn value(&self) -> User {
        User::new(Arc::clone(self.0.view.sender()), self.0.viewer)
    }
}

impl Weigh for Message {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.view.weight()
    }
}

impl Message {
    /// A message as the acting user sees it.
    pub(in crate::graphql) fn new(view: MessageView, viewer: Viewer) -> Self {
        Self { view, viewer }
    }

    /// A message as its sender sees it.
    pub(in crate::graphql) fn to_sender(view: MessageView) -> Self {
        let viewer = view.message.sender_id.into();
        Self { view, viewer }
    }

    fn shown_key(&self) -> Option<&str> {
        let is_shown = self.viewer.0 == ReadScope::Everything
            || self.viewer.0 == ReadScope::Of(self.view.message.sender_id);
        let key = self.view.message.client_message_id.as_ref().filter(|_| is_shown);
        key.map(ClientMessageId::as_str)
    }

    fn shown_recipient(&self) -> Recipient {
        match self.view.recipient() {
            RecipientView::User(user) => Recipient::User(User::new(user, self.viewer)),
            RecipientView::Chatroom(chatroom) => Recipient::Chatroom(Chatroom::new(chatroom, self.viewer)),
        }
    }

    /// The message that it answers, as far as that is known: nothing, when it answers none.
    fn known_replied(&self) -> Result<Option<Message>, NeedsResolver> {
        if self.view.message.reply_to_id.is_some() { Err(NeedsResolver) } else { Ok(None) }
    }

    async fn load_reactions(&self, ctx: &Context<'_>) -> Result<Vec<ReactionGroup>> {
        let asked = ReactionsOf {
            message_id: self.view.message.id,
            scope: self.view.scope(),
            read_scope: self.viewer.0,
        };
        let groups = load(ctx, asked).await?;
        Ok(groups
            .unwrap_or_default()
            .into_iter()
            .map(|group| ReactionGroup::new(group, self.viewer))
            .collect())
    }

    async fn load_replied(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        let Some(id) = self.view.message.reply_to_id else {
            return Ok(None);
        };
        let replied: Option<MessageView> = load(ctx, id).await?;
        keep(ctx, replied.as_ref().map_or(0, MessageView::weight)).await;
        // Who is shown this message may read what is said in its conversation, and nothing else.
        let replied =
            replied.filter(|replied| replied.message.conversation_id == self.view.message.conversation_id);
        Ok(replied.map(|view| Message::new(view, self.viewer)))
    }
}
