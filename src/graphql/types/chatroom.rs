use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};

use super::{DateTime, Message, User, conversation::Fallible, exchange::Exchange};
use crate::{
    domain::{Member, MembersOf, Snapshot},
    graphql::{
        cursor::{Cursor, ListKey, MemberCursor},
        id::global,
        limits::OTHERS,
        loaders::{MemberLoader, UserLoader},
        page::{ChatroomMemberConnection, MessageConnection},
        resolver_error::{domain_error, located},
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
    pub(super) exchange: Exchange,
}

/// A conversation of any number of people. Its members read all of it, also what was said before they joined.
#[Object]
impl Chatroom {
    /// When it was created, by the server's clock.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// Who created it, whether or not they are still a member.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<User> {
        located(ctx, self.load_creator(ctx).await)
    }

    /// Never changes. Starts with `room_`. Also the `recipientId` for messages to the chatroom.
    pub(super) async fn id(&self) -> ID {
        global(self.row.id)
    }

    /// The newest message; `null` when there is none yet.
    pub(super) async fn last_message(&self, ctx: &Context<'_>) -> Option<Message> {
        self.exchange.last_message(ctx).await
    }

    /// The `seq` of the newest message, which is also how many there are; 0 when there is none yet.
    pub(super) async fn latest_seq(&self, ctx: &Context<'_>) -> Fallible<i64> {
        self.exchange.latest_seq(ctx).await
    }

    /// How many members it has.
    async fn member_count(&self) -> i64 {
        self.row.member_count
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
    ) -> Result<ChatroomMemberConnection> {
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
    ) -> Fallible<MessageConnection> {
        self.exchange.messages(ctx, first, after, last, before).await
    }

    /// What it is called: 1–64 characters. Need not be unique.
    async fn name(&self) -> &str {
        self.row.name.as_str()
    }

    /// The greatest `seq` that the acting user has marked as read with `markRead`; at first what was there when they joined.
    ///
    /// Errors: `ACTING_USER_REQUIRED`.
    pub(super) async fn read_up_to(&self, ctx: &Context<'_>) -> Fallible<i64> {
        self.exchange.read_up_to(ctx).await
    }

    /// How many messages of others come after `readUpTo`: what is new to the acting user. Deleted ones
    /// count; what they sent themselves is never unread to them.
    ///
    /// Errors: `ACTING_USER_REQUIRED`.
    pub(super) async fn unread_count(&self, ctx: &Context<'_>) -> Fallible<i64> {
        self.exchange.unread_count(ctx).await
    }
}

impl Chatroom {
    /// A chatroom as the acting user sees it.
    pub(in crate::graphql) fn new(row: Arc<models::Chatroom>, viewer: Viewer) -> Self {
        let exchange = Exchange::new(row.id.cast(), viewer, None);
        Self { row, exchange }
    }

    async fn load_creator(&self, ctx: &Context<'_>) -> Result<User> {
        let found = ctx.data::<UserLoader>()?.load_one(self.row.creator_id).await.map_err(domain_error)?;
        let creator = found.ok_or_else(|| async_graphql::Error::new("the creator of a chatroom has gone"))?;
        Ok(User::new(creator, self.exchange.viewer))
    }

    async fn page_of_members(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<ChatroomMemberConnection> {
        let list = ListKey::default().about(self.row.id);
        let after = MemberCursor::decode_optional("after", after.as_deref(), list)?.map(|after| after.0);
        let bounds = Bounds::first(OTHERS.read("first", first)?, after);
        let asked = MembersOf { chatroom_id: self.row.id, bounds, sight: self.exchange.viewer.0 };
        let page = ctx.data::<MemberLoader>()?.load_one(asked).await.map_err(domain_error)?;
        let nothing = || Snapshot { value: bounds.cut(Vec::new()), position: 0 };
        let page: Snapshot<Page<Member>> = page.unwrap_or_else(nothing);
        let owner_id = self.row.owner_id;
        Ok(ChatroomMemberConnection::new(page, list, |member| {
            let is_owner = Some(member.user.id) == owner_id;
            let role = if is_owner { ChatroomRole::Owner } else { ChatroomRole::Member };
            let user = User::new(member.user, self.exchange.viewer);
            (MemberCursor(member.position), user, DateTime(member.joined_at), role)
        }))
    }
}
