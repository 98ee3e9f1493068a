//! Pages as GraphQL tells them: their sizes, and connections.

use async_graphql::Result;

use super::{
    cursor::{Cursor, EncodedCursor, EventCursor, ListId},
    error::ErrorCode,
    limits::PageSize,
    render::{RenderedPage, Weigh, object},
    resolver_error::coded,
    types::{Chatroom, ChatroomRole, Conversation, DateTime, Message, User},
};
use crate::{
    domain::Snapshot,
    types::{LogId, Page},
};

impl PageSize {
    /// How many items an argument asks for.
    pub(super) fn read(self, argument: &str, asked: Option<i32>) -> Result<u32> {
        let Some(asked) = asked else {
            return Ok(self.default);
        };
        let fits = |count: &u32| (1..=self.max).contains(count);
        u32::try_from(asked).ok().filter(fits).ok_or_else(|| {
            coded(
                ErrorCode::PageSizeInvalid,
                format_args!("{argument} is {asked}; it must be from 1 to {}", self.max),
            )
        })
    }
}

#[derive(Clone, Copy)]
pub(super) struct PageInfo {
    end: Option<EncodedCursor>,
    has_next: bool,
    has_previous: bool,
    start: Option<EncodedCursor>,
}

object! {
    /// Where a page stands in its list.
    pub(super) PageInfo as "PageInfo" {
        /// The cursor of the page's last item; `null` on an empty page. Hand it to `after` for the next page.
        end_cursor(this) -> Option<EncodedCursor> = this.end;
        /// Whether the list goes on after this page.
        has_next_page(this) -> bool = this.has_next;
        /// Whether something comes before this page.
        has_previous_page(this) -> bool = this.has_previous;
        /// The cursor of the page's first item; `null` on an empty page. Hand it to `before` for the previous page, where the
        /// list can be read in both directions.
        start_cursor(this) -> Option<EncodedCursor> = this.start;
    }
}

/// Writes the connection and the edge of a list once for each kind of item. In a generic connection the edge would be
/// generic as well, and the library names only types that are not.
macro_rules! connection {
    (
        $connection:ident as $connection_name:literal, $edge:ident as $edge_name:literal,
        $node:ty, $one:literal, $many:literal
        $(, $(#[$fact_doc:meta])* $fact:ident: $ty:ty)*
    ) => {
        pub(super) struct $connection {
            edges: Vec<$edge>,
            event_cursor: EncodedCursor,
            page_info: PageInfo,
        }

        pub(super) struct $edge {
            cursor: EncodedCursor,
            $($fact: $ty,)*
            node: $node,
        }

        object! {
            #[doc = concat!("A ", $one, " and the place in a list.")]
            pub(super) $edge as $edge_name {
                /// The place in the list: hand it to `after`, or to `before` where there is one. An opaque text; it belongs to
                /// this list, and another one refuses it.
                cursor(this) -> EncodedCursor = this.cursor;
                $($(#[$fact_doc])* $fact(this) -> $ty = this.$fact;)*
                #[doc = concat!("The ", $one, ".")]
                node(this) -> &$node = &this.node;
            }
        }

        object! {
            #[doc = concat!("A page of ", $many, ": `nodes` has them alone, `edges` each with its cursor.")]
            pub(super) $connection as $connection_name {
                #[doc = concat!("The page's ", $many, ", each with its cursor.")]
                edges(this) -> &[$edge] = this.edges.as_slice();
                /// The place in the event log at which this page was read: follow what happens from here on with the subscription
                /// `events(after:)`, without a gap.
                event_cursor(this) -> EncodedCursor = this.event_cursor;
                #[doc = concat!("The page's ", $many, ".")]
                nodes(this) -> Vec<&$node> = this.edges.iter().map(|edge| &edge.node).collect();
                /// Where the page stands in its list.
                page_info(this) -> PageInfo = this.page_info;
            }
        }

        impl Weigh for $connection {
            fn weight(&self) -> usize {
                self.edges.iter().map(|edge| size_of::<$edge>() + edge.node.weight()).sum()
            }
        }

        impl $connection {
            /// Wraps a page that was read beside this log; `entry` gives the cursor, the node, and what else the edge tells of an item.
            pub(super) fn new<I, C: Cursor>(
                snapshot: Snapshot<Page<I>>,
                log: LogId,
                list: ListId,
                entry: impl Fn(I) -> (C, $node $(, $ty)*),
            ) -> RenderedPage<Self> {
                let event_cursor = EventCursor::of(log.at(snapshot.position));
                let page = snapshot.value;
                let items = page.items.into_iter().map(entry);
                let edges: Vec<$edge> = items
                    .map(|(cursor, node $(, $fact)*)| $edge { cursor: cursor.encode(list), node $(, $fact)* })
                    .collect();
                let page_info = PageInfo {
                    end: edges.last().map(|edge| edge.cursor),
                    has_next: page.has_next,
                    has_previous: page.has_previous,
                    start: edges.first().map(|edge| edge.cursor),
                };
                let items = edges.len();
                RenderedPage::new(Self { edges, event_cursor, page_info }, items)
            }
        }
    };
}

connection!(ChatroomConnection as "ChatroomConnection", ChatroomEdge as "ChatroomEdge", Chatroom, "chatroom", "chatrooms");
connection!(
    ChatroomMemberConnection as "ChatroomMemberConnection",
    ChatroomMemberEdge as "ChatroomMemberEdge",
    User,
    "member",
    "members",
    /// When they became a member, by the server's clock.
    joined_at: DateTime,
    /// What they may do in the chatroom.
    role: ChatroomRole
);
connection!(ConversationConnection as "ConversationConnection", ConversationEdge as "ConversationEdge", Conversation, "conversation", "conversations");
connection!(MessageConnection as "MessageConnection", MessageEdge as "MessageEdge", Message, "message", "messages");
connection!(UserConnection as "UserConnection", UserEdge as "UserEdge", User, "user", "users");
