//! Pages as GraphQL tells them: their sizes, and connections.

use async_graphql::{Object, Result, SimpleObject};

use super::{
    cursor::{Cursor, EventCursor, ListKey},
    error::ErrorCode,
    limits::PageSize,
    resolver_error::coded,
    types::{Chatroom, ChatroomRole, Conversation, DateTime, Message, User},
};
use crate::{domain::Snapshot, types::Page};

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

/// Where a page stands in its list.
#[derive(SimpleObject)]
pub(super) struct PageInfo {
    /// The cursor of the page's last item; `null` on an empty page. Hand it to `after` for the next page.
    end_cursor: Option<String>,
    /// Whether the list goes on after this page.
    has_next_page: bool,
    /// Whether something comes before this page.
    has_previous_page: bool,
    /// The cursor of the page's first item; `null` on an empty page. Hand it to `before` for the previous page, where the
    /// list can be read in both directions.
    start_cursor: Option<String>,
}

/// Writes the connection and the edge of a list once for each kind of item. In a generic connection the edge would be
/// generic as well, and the library names only types that are not.
macro_rules! connection {
    (
        $connection:ident, $edge:ident, $node:ty, $one:literal, $many:literal
        $(, $(#[$fact_doc:meta])* $fact:ident: $ty:ty)*
    ) => {
        pub(super) struct $connection {
            edges: Vec<$edge>,
            event_cursor: String,
            page_info: PageInfo,
        }

        #[doc = concat!("A ", $one, " and the place in a list.")]
        #[derive(SimpleObject)]
        pub(super) struct $edge {
            /// The place in the list: hand it to `after`, or to `before` where there is one. An opaque text; it belongs to
            /// this list, and another one refuses it.
            cursor: String,
            $($(#[$fact_doc])* $fact: $ty,)*
            #[doc = concat!("The ", $one, ".")]
            node: $node,
        }

        #[doc = concat!("A page of ", $many, ": `nodes` has them alone, `edges` each with its cursor.")]
        #[Object]
        impl $connection {
            #[doc = concat!("The page's ", $many, ", each with its cursor.")]
            async fn edges(&self) -> &[$edge] {
                &self.edges
            }

            /// The place in the event log at which this page was read: follow what happens from here on with the subscription
            /// `events(after:)`, without a gap.
            async fn event_cursor(&self) -> &str {
                &self.event_cursor
            }

            #[doc = concat!("The page's ", $many, ".")]
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where the page stands in its list.
            async fn page_info(&self) -> &PageInfo {
                &self.page_info
            }
        }

        impl $connection {
            /// Wraps a page; `entry` gives the cursor, the node, and what else the edge tells of an item.
            pub(super) fn new<I, C: Cursor>(
                snapshot: Snapshot<Page<I>>,
                list: ListKey,
                entry: impl Fn(I) -> (C, $node $(, $ty)*),
            ) -> Self {
                let event_cursor = EventCursor(snapshot.position).encode(ListKey::default());
                let page = snapshot.value;
                let (has_next_page, has_previous_page) = (page.has_next, page.has_previous);
                let items = page.items.into_iter().map(entry);
                let edges: Vec<$edge> = items
                    .map(|(cursor, node $(, $fact)*)| $edge { cursor: cursor.encode(list), node $(, $fact)* })
                    .collect();
                let page_info = PageInfo {
                    end_cursor: edges.last().map(|edge| edge.cursor.clone()),
                    has_next_page,
                    has_previous_page,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                };
                Self { edges, event_cursor, page_info }
            }
        }
    };
}

connection!(ChatroomConnection, ChatroomEdge, Chatroom, "chatroom", "chatrooms");
connection!(
    ChatroomMemberConnection,
    ChatroomMemberEdge,
    User,
    "member",
    "members",
    /// When they became a member, by the server's clock.
    joined_at: DateTime,
    /// What they may do in the chatroom.
    role: ChatroomRole
);
connection!(ConversationConnection, ConversationEdge, Conversation, "conversation", "conversations");
connection!(MessageConnection, MessageEdge, Message, "message", "messages");
connection!(UserConnection, UserEdge, User, "user", "users");
