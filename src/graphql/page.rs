//! Pages as GraphQL tells them: arguments, cursors, connections.

use async_graphql::{Object, Result, SimpleObject};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{
    error::ErrorCode,
    limits::PageSize,
    resolver_error::coded,
    types::{Message, User},
};
use crate::{
    domain::RecentCursor,
    types::{Id, Kind, Page, Username},
};

/// A place in a list, as an opaque text. The first byte tells which kind of list it belongs to.
pub(super) trait Cursor: Sized {
    const LIST: u8;

    fn write(&self) -> Vec<u8>;

    fn read(bytes: &[u8]) -> Option<Self>;

    /// The text that clients hold: the kind of list, which list it is, and the place in it.
    fn encode(&self, list: ListKey) -> String {
        let mut bytes = vec![Self::LIST];
        bytes.extend(list.0.to_be_bytes());
        bytes.extend(self.write());
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] made for this list.
    fn decode(argument: &str, text: &str, list: ListKey) -> Result<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let cursor = bytes.as_deref().and_then(|bytes| {
            let place = bytes.strip_prefix(&[Self::LIST])?.strip_prefix(&list.0.to_be_bytes())?;
            Self::read(place)
        });
        cursor.ok_or_else(|| {
            coded(
                ErrorCode::CursorInvalid,
                format_args!(
                    "{argument}: this is no cursor of this list; use one that its edges or pageInfo gave out, or none"
                ),
            )
        })
    }

    /// The same for an argument that may be missing.
    fn decode_optional(argument: &str, text: Option<&str>, list: ListKey) -> Result<Option<Self>> {
        text.map(|text| Self::decode(argument, text, list)).transpose()
    }
}

/// Tells lists of one kind apart: made of the ids that the list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ListKey(u64);

impl ListKey {
    /// The same list, about one id more. Order matters.
    #[must_use]
    pub(super) fn about<K: Kind>(self, id: Id<K>) -> Self {
        let (_, low) = id.uuid().as_u64_pair();
        Self(self.0.rotate_left(1) ^ low)
    }
}

/// A seq in a history.
impl Cursor for i64 {
    const LIST: u8 = b'h';

    fn write(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        // Seqs start at 1; anything else was made up.
        bytes.try_into().ok().map(Self::from_be_bytes).filter(|seq| *seq > 0)
    }
}

impl Cursor for RecentCursor {
    const LIST: u8 = b'r';

    fn write(&self) -> Vec<u8> {
        [self.id.uuid().as_bytes().as_slice(), &self.rank.to_be_bytes()].concat()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (id, rank) = bytes.split_first_chunk::<16>()?;
        // No list is longer; anything else was made up.
        let rank = u32::from_be_bytes(rank.try_into().ok()?);
        i32::try_from(rank).ok()?;
        Some(Self { id: Id::new(uuid::Uuid::from_bytes(*id)), rank })
    }
}

impl Cursor for Username {
    const LIST: u8 = b'u';

    fn write(&self) -> Vec<u8> {
        self.as_str().into()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Self::parse(std::str::from_utf8(bytes).ok()?).ok()
    }
}

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
    ($connection:ident, $edge:ident, $node:ty, $one:literal, $many:literal) => {
        pub(super) struct $connection {
            edges: Vec<$edge>,
            page_info: PageInfo,
        }

        #[doc = concat!("A ", $one, " and the place in a list.")]
        #[derive(SimpleObject)]
        pub(super) struct $edge {
            /// The place in the list: hand it to `after`, or to `before` where there is one. An opaque text; it belongs to
            /// this list, and another one refuses it.
            cursor: String,
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
            /// Wraps a page; `entry` gives the cursor and the node of an item.
            pub(super) fn new<I, C: Cursor>(
                page: Page<I>,
                list: ListKey,
                entry: impl Fn(I) -> (C, $node),
            ) -> Self {
                let (has_next_page, has_previous_page) = (page.has_next, page.has_previous);
                let items = page.items.into_iter().map(entry);
                let edges: Vec<$edge> =
                    items.map(|(cursor, node)| $edge { cursor: cursor.encode(list), node }).collect();
                let page_info = PageInfo {
                    end_cursor: edges.last().map(|edge| edge.cursor.clone()),
                    has_next_page,
                    has_previous_page,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                };
                Self { edges, page_info }
            }
        }
    };
}

connection!(MessageConnection, MessageEdge, Message, "message", "messages");
connection!(UserConnection, UserEdge, User, "user", "users");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read<C: Cursor>(text: &str) -> Option<C> {
        C::decode("after", text, ListKey::default()).ok()
    }

    /// In how many lists this text is a cursor.
    fn lists(text: &str) -> usize {
        let found = [
            read::<i64>(text).is_some(),
            read::<RecentCursor>(text).is_some(),
            read::<Username>(text).is_some(),
        ];
        found.into_iter().filter(|found| *found).count()
    }

    proptest! {
        #[test]
        fn cursors_survive_their_texts(seq in 1..=i64::MAX, id: u128, rank in 0..=i32::MAX.cast_unsigned(), name in "[a-z0-9_.-]{1,32}") {
            let recent = RecentCursor { id: Id::new(uuid::Uuid::from_u128(id)), rank };
            let name = Username::parse(&name).expect("a username");
            prop_assert_eq!(read(&seq.encode(ListKey::default())), Some(seq));
            prop_assert_eq!(read(&recent.encode(ListKey::default())), Some(recent));
            prop_assert_eq!(read(&name.encode(ListKey::default())), Some(name.clone()));
            for text in [seq.encode(ListKey::default()), recent.encode(ListKey::default()), name.encode(ListKey::default())] {
                prop_assert_eq!(lists(&text), 1, "{}", text);
            }
        }

        #[test]
        fn no_text_is_too_strange_to_be_refused(
            text in "\\PC*",
            bytes in proptest::collection::vec(any::<u8>(), 0..40),
            list in prop_oneof![Just(b'h'), Just(b'r'), Just(b'u')],
        ) {
            let made_up = BASE64_URL_SAFE_NO_PAD.encode([vec![list], vec![0; 8], bytes].concat());
            for text in [text, made_up] {
                prop_assert!(lists(&text) <= 1, "{}", text);
            }
        }
    }
}
