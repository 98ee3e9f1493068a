use async_graphql::{Context, Interface, Result};

use super::{Chatroom, Message, User, message_thread::MessageThread};
use crate::{
    domain::{ConversationState, ConversationView, DirectConversationView, InboxEntry},
    graphql::{
        id::{GlobalId, global},
        page::MessageConnection,
        render::{RenderedPage, Weigh, object, one_of},
        viewer::Viewer,
    },
};

/// What a field of the interface gives when it can fail. The library forgets the path of an error that a resolver of an
/// interface returns, and not of one that is found in its value: this name keeps it from seeing a `Result`.
pub(in crate::graphql) type Fallible<T> = Result<T>;

/// A place where messages are exchanged, in one order that everybody shares.
#[derive(Interface)]
#[expect(clippy::duplicated_attributes, reason = "arguments of one type are not duplicates")]
#[graphql(
    field(name = "id", ty = "GlobalId", desc = "Never changes. Its prefix tells the kind of conversation."),
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
        ty = "Fallible<RenderedPage<MessageConnection>>",
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
    ),
    field(
        name = "read_up_to",
        ty = "Fallible<i64>",
        desc = "The greatest `seq` that the acting user has marked as read with `markRead`; 0 at first, and in a chatroom what was there when they joined. Errors: `ACTING_USER_REQUIRED`."
    ),
    field(
        name = "unread_count",
        ty = "Fallible<i64>",
        desc = "How many messages of others come after `readUpTo`: what is new to the acting user. Deleted ones count; what they sent themselves is never unread to them. Errors: `ACTING_USER_REQUIRED`."
    )
)]
pub(in crate::graphql) enum Conversation {
    Chatroom(Chatroom),
    DirectConversation(DirectConversation),
}

one_of!(Conversation { Chatroom, DirectConversation });

impl Weigh for Conversation {
    fn weight(&self) -> usize {
        match self {
            Self::Chatroom(chatroom) => chatroom.weight(),
            Self::DirectConversation(direct) => size_of::<Self>() + direct.thread.weight(),
        }
    }
}

impl Conversation {
    /// A conversation as the acting user sees it.
    pub(in crate::graphql) fn new(view: ConversationView, viewer: Viewer) -> Self {
        Self::with_state(view, viewer, None)
    }

    /// An entry of the acting user's inbox, of which everything is known already.
    pub(in crate::graphql) fn of_inbox(entry: InboxEntry, viewer: Viewer) -> Self {
        Self::with_state(entry.view, viewer, Some(entry.state))
    }

    fn with_state(view: ConversationView, viewer: Viewer, state: Option<ConversationState>) -> Self {
        let thread = MessageThread::new(view.key(), viewer, state);
        match view {
            ConversationView::Direct(view) => Self::DirectConversation(DirectConversation { view, thread }),
            ConversationView::Chatroom(row) => Self::Chatroom(Chatroom { row, thread }),
        }
    }
}

pub(in crate::graphql) struct DirectConversation {
    view: DirectConversationView,
    thread: MessageThread,
}

object! {
    /// The conversation between two people, or of one with themselves. It begins with the first message between them.
    pub(super) DirectConversation as "DirectConversation" {
        /// Never changes. Starts with `dm_`.
        id(this) -> GlobalId = global(this.view.id);
        /// Who takes part: two users, by id, or one in a note to self. Show a conversation under the name of whoever is not the
        /// acting user.
        participants(this) -> Vec<User> = this.shown_participants();
    }
    known {
        /// The newest message; `null` when there is none yet.
        last_message(this, ctx) -> Option<Message> = this.thread.known_last(), else this.thread.last_message(ctx);
        /// The `seq` of the newest message, which is also how many there are; 0 when there is none yet.
        latest_seq(this, ctx) -> Fallible<i64> = this.thread.known_seq(), else this.thread.latest_seq(ctx);
        /// The greatest `seq` that the acting user has marked as read with `markRead`; 0 at first.
        ///
        /// Errors: `ACTING_USER_REQUIRED`.
        read_up_to(this, ctx) -> Fallible<i64> = this.thread.known_position(), else this.thread.read_up_to(ctx);
        /// How many messages of the other come after `readUpTo`: what is new to the acting user. Deleted ones
        /// count; what they sent themselves is never unread to them.
        ///
        /// Errors: `ACTING_USER_REQUIRED`.
        unread_count(this, ctx) -> Fallible<i64> = this.thread.known_unread(), else this.thread.unread_count(ctx);
    }
    waiting {
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
        ) -> Fallible<RenderedPage<MessageConnection>> {
            self.thread.messages(ctx, first, after, last, before).await
        }
    }
}

impl DirectConversation {
    fn shown_participants(&self) -> Vec<User> {
        let user = |user| User::new(user, self.thread.viewer);
        self.view.participants.iter().cloned().map(user).collect()
    }
}
