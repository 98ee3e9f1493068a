//! Places in lists as clients hold them.

use async_graphql::Result;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{error::ErrorCode, resolver_error::coded};
use crate::{
    domain::RecentCursor,
    types::{Activity, ChatroomId, Id, Kind, MessageId, Username},
};

/// A place in a list, as an opaque text. The first byte tells which kind of list it belongs to.
pub(super) trait Cursor: Sized {
    const LIST: u8;
    /// Where clients have it from.
    const SOURCE: &str = "that its edges or pageInfo gave out";

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
                format_args!("{argument}: this is no cursor of this list; use one {}, or none", Self::SOURCE),
            )
        })
    }

    /// The same for an argument that may be missing.
    fn decode_optional(argument: &str, text: Option<&str>, list: ListKey) -> Result<Option<Self>> {
        text.map(|text| Self::decode(argument, text, list)).transpose()
    }
}

/// Tells lists of one kind apart: made of the ids and texts that the list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ListKey(u64);

impl ListKey {
    /// The same list, about one id more. Order matters.
    #[must_use]
    pub(super) fn about<K: Kind>(self, id: Id<K>) -> Self {
        let (_, low) = id.uuid().as_u64_pair();
        Self(self.0.rotate_left(1) ^ low)
    }

    /// The same list, about a text.
    #[must_use]
    pub(super) fn about_text(self, text: &str) -> Self {
        // FNV-1a: the same on every machine and in every version, because cursors outlive both.
        let mix = |key: u64, byte: u8| (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(self.0 ^ 0xcbf2_9ce4_8422_2325, mix))
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

/// A place in the event log, the same for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventCursor(pub(super) i64);

impl Cursor for EventCursor {
    const LIST: u8 = b'e';
    const SOURCE: &str = "that an event had as its cursor, or a page as its eventCursor";

    fn write(&self) -> Vec<u8> {
        self.0.to_be_bytes().to_vec()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(i64::from_be_bytes).filter(|position| *position >= 0).map(Self)
    }
}

/// A place among the members of a chatroom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemberCursor(pub(super) i64);

impl Cursor for MemberCursor {
    const LIST: u8 = b'm';

    fn write(&self) -> Vec<u8> {
        self.0.to_be_bytes().to_vec()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(i64::from_be_bytes).map(Self)
    }
}

/// Lists whose places are ids.
macro_rules! cursors_of_ids {
    ($($id:ty = $list:literal,)+) => {$(
        impl Cursor for $id {
            const LIST: u8 = $list;

            fn write(&self) -> Vec<u8> {
                self.uuid().as_bytes().to_vec()
            }

            fn read(bytes: &[u8]) -> Option<Self> {
                uuid::Uuid::from_slice(bytes).ok().map(Id::new)
            }
        }
    )+};
}

cursors_of_ids! {
    Activity = b'i',
    ChatroomId = b'c',
    MessageId = b's',
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
            read::<MessageId>(text).is_some(),
            read::<Username>(text).is_some(),
        ];
        found.into_iter().filter(|found| *found).count()
    }

    proptest! {
        #[test]
        fn cursors_survive_their_texts(seq in 1..=i64::MAX, id: u128, rank in 0..=i32::MAX.cast_unsigned(), name in "[a-z0-9_.-]{1,32}") {
            let recent = RecentCursor { id: Id::new(uuid::Uuid::from_u128(id)), rank };
            let found = MessageId::new(uuid::Uuid::from_u128(id));
            let name = Username::parse(&name).expect("a username");
            prop_assert_eq!(read(&seq.encode(ListKey::default())), Some(seq));
            prop_assert_eq!(read(&recent.encode(ListKey::default())), Some(recent));
            prop_assert_eq!(read(&found.encode(ListKey::default())), Some(found));
            prop_assert_eq!(read(&name.encode(ListKey::default())), Some(name.clone()));
            let texts = [
                seq.encode(ListKey::default()),
                recent.encode(ListKey::default()),
                found.encode(ListKey::default()),
                name.encode(ListKey::default()),
            ];
            for text in texts {
                prop_assert_eq!(lists(&text), 1, "{}", text);
            }
        }

        #[test]
        fn no_text_is_too_strange_to_be_refused(
            text in "\\PC*",
            bytes in proptest::collection::vec(any::<u8>(), 0..40),
            list in prop_oneof![Just(b'h'), Just(b'r'), Just(b's'), Just(b'u')],
        ) {
            let made_up = BASE64_URL_SAFE_NO_PAD.encode([vec![list], vec![0; 8], bytes].concat());
            for text in [text, made_up] {
                prop_assert!(lists(&text) <= 1, "{}", text);
            }
        }
    }
}
