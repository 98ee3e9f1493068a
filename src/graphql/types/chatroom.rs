use std::sync::Arc;

use async_graphql::{Context, Enum, Result};

use super::{
    DateTime, Message, User,
    conversation::Fallible,
    message_thread::{MessageThread, gone},
};
use crate::{
    app::App,
    domain::{Member, MembersOf, Snapshot},
    graphql::{
        cursor::{Cursor, ListId, MemberCursor},
        id::{GlobalId, global},
        limits::OTHERS,
        loaders::load,
        page::{ChatroomMemberConnection, MessageConnection},
        render::{RenderedPage, Weigh, object},
        resolver_error::located,
        viewer::Viewer,
    },
    models,
    types::{Bounds, Page},
};

/// What a member of a chatroom may do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum ChatroomRole {
    /// Reads, sends, invites and leaves.
    Member,
    /// The same; and renames the chatroom and removes members. There is one, as long as there is a member.
    Owner,
}

pub(in crate::graphql) struct Chatroom {
    pub(super) row: Arc<models::Chatroom>,
    pub(super) thread: MessageThread,
}

object! {
    /// A conversation of any number of people. Its members read all of it, also what was said before they joined.
    pub(super) Chatroom as "Chatroom" {
        /// When it was created, by the server's clock.
        created_at(this) -> DateTime = DateTime(this.row.created_at);
        /// Never changes. Starts with `room_`. Also the `recipientId` for messages to the chatroom.
        id(this) -> GlobalId = global(this.row.id);
        /// How many members it has.
        member_count(this) -> i64 = this.row.member_count;
        /// What it is called: 1–64 characters. Need not be unique.
        name(this) -> &str = this.row.name.as_str();
    }
    known {
        /// The newest message; `null` when there is none yet.
        last_message(this, ctx) -> Option<Message> = this.thread.known_last(), else this.thread.last_message(ctx);
        /// The `seq` of the newest message, which is also how many there are; 0 when there is none yet.
        latest_seq(this, ctx) -> Fallible<i64> = this.thread.known_seq(), else this.thread.latest_seq(ctx);
        /// The greatest `seq` that the acting user has marked as read with `markRead`; at first what was there when they joined.
        ///
        /// Errors: `ACTING_USER_REQUIRED`.
        read_up_to(this, ctx) -> Fallible<i64> = this.thread.known_position(), else this.thread.read_up_to(ctx);
        /// How many messages of others come after `readUpTo`: what is new to the acting user. Deleted ones
        /// count; what they sent themselves is never unread to them.
        ///
        /// Errors: `ACTING_USER_REQUIRED`.
        unread_count(this, ctx) -> Fallible<i64> = this.thread.known_unread(), else this.thread.unread_count(ctx);
    }
    waiting {
        /// Who created it, whether or not they are still a member.
        async fn created_by(&self, ctx: &Context<'_>) -> Result<User> {
            located(ctx, self.load_creator(ctx).await)
        }

        /// Its members, the longest-standing first, in pages of up to 100.
        ///
        /// Errors: `PAGE_SIZE_INVALID`, `CURSOR_INVALID`.
        async fn members(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "How many: 1–100, 50 by default.")] first: Option<i32>,
            #[graphql(
                desc = "Only those after the member with this cursor: the `endCursor` of the page before."
            )]
            after: Option<String>,
        ) -> Result<RenderedPage<ChatroomMemberConnection>> {
            located(ctx, self.page_of_members(ctx, first, after).await)
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
        ) -> Fallible<RenderedPage<MessageConnection>> {
            self.thread.messages(ctx, first, after, last, before).await
        }
    }
}

impl Weigh for Chatroom {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.thread.weight()
    }
}

impl Chatroom {
    /// A chatroom as the acting user sees it.
    pub(in crate::graphql) fn new(row: Arc<models::Chatroom>, viewer: Viewer) -> Self {
        let thread = MessageThread::new(row.id.cast(), viewer, None);
        Self { row, thread }
    }

    async fn load_creator(&self, ctx: &Context<'_>) -> Result<User> {
        let found = load(ctx, self.row.creator_id).await?;
        let creator = found.ok_or_else(|| async_graphql::Error::new("the creator of a chatroom has gone"))?;
        Ok(User::new(creator, self.thread.viewer))
    }

    async fn page_of_members(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<RenderedPage<ChatroomMemberConnection>> {
        let list = ListId::default().about(self.row.id);
        let after = MemberCursor::decode_optional("after", after.as_deref(), list)?.map(|after| after.0);
        let bounds = Bounds::first(OTHERS.read("first", first)?, after);
        let asked = MembersOf { chatroom_id: self.row.id, bounds, read_scope: self.thread.viewer.0 };
        let page = load(ctx, asked).await?;
        let page: Snapshot<Page<Member>> = page.ok_or_else(gone)?;
        let owner_id = self.row.owner_id;
        Ok(ChatroomMemberConnection::new(page, ctx.data::<App>()?.log, list, |member| {
            let is_owner = Some(member.user.id) == owner_id;
            let role = if is_owner { ChatroomRole::Owner } else { ChatroomRole::Member };
            let user = User::new(member.user, self.thread.viewer);
            (MemberCursor(member.position), user, DateTime(member.joined_at), role)
        }))
    }
}
