//! Places in lists as clients hold them.

mod event;

use std::fmt;

use async_graphql::{Error, Result};
use base64::{Engine, display::Base64Display, prelude::BASE64_URL_SAFE_NO_PAD};

pub(super) use event::EventCursor;

use super::{error::ErrorCode, resolver_error::coded};
use crate::{
    domain::RecentCursor,
    types::{Activity, ChatroomId, Id, Kind, MessageId, Username},
};

/// A position in a list, as an opaque text. The first byte tells which kind of list it belongs to.
pub(super) trait Cursor: Sized {
    const LIST: u8;
    /// Where clients have it from.
    const SOURCE: &str = "that its edges or pageInfo gave out";

    fn write(&self, out: &mut EncodedCursor);

    fn read(bytes: &[u8]) -> Option<Self>;

    /// The encoded cursor: the kind of list, which list it is, and the position in it.
    fn encode(&self, list: ListId) -> EncodedCursor {
        let mut out = EncodedCursor { bytes: [0; EncodedCursor::CAPACITY], length: 0 };
        out.push(&[Self::LIST]);
        out.push(&list.0.to_be_bytes());
        self.write(&mut out);
        out
    }

    /// Reads what [`Cursor::encode`] made for this list.
    fn decode(argument: &str, text: &str, list: ListId) -> Result<Self> {
        let found = Self::open(text).filter(|(found, _)| *found == list);
        found.map(|(_, cursor)| cursor).ok_or_else(|| refused::<Self>(argument))
    }

    /// The same for any list of the kind, and which one it is.
    fn open(text: &str) -> Option<(ListId, Self)> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (list, position) = bytes.strip_prefix(&[Self::LIST])?.split_first_chunk()?;
        Some((ListId(u64::from_be_bytes(*list)), Self::read(position)?))
    }

    /// The same for an argument that may be missing.
    fn decode_optional(argument: &str, text: Option<&str>, list: ListId) -> Result<Option<Self>> {
        text.map(|text| Self::decode(argument, text, list)).transpose()
    }
}

fn refused<C: Cursor>(argument: &str) -> Error {
    let source = C::SOURCE;
    coded(
        ErrorCode::CursorInvalid,
        format_args!("{argument}: this is no cursor of this list; use one {source}, or none"),
    )
}

/// A cursor that has no text until one is asked for: of most pages, only that of the last item is.
#[derive(Clone, Copy, Debug)]
pub(super) struct EncodedCursor {
    bytes: [u8; Self::CAPACITY],
    length: usize,
}

impl EncodedCursor {
    /// A kind of list, which list it is, and a username, the longest of the places, whose characters are bytes.
    const CAPACITY: usize = 1 + 8 + Username::MAX_CHARACTERS;

    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if let Some(rest) = self.bytes.get_mut(self.length..end) {
            rest.copy_from_slice(bytes);
            self.length = end;
        }
    }
}

impl fmt::Display for EncodedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        Base64Display::new(bytes, &BASE64_URL_SAFE_NO_PAD).fmt(f)
    }
}

/// Tells lists of one kind apart: made of the ids and texts that the list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ListId(u64);

impl ListId {
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

    fn write(&self, out: &mut EncodedCursor) {
        out.push(&self.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        // Seqs start at 1; anything else was made up.
        bytes.try_into().ok().map(Self::from_be_bytes).filter(|seq| *seq > 0)
    }
}

impl Cursor for RecentCursor {
    const LIST: u8 = b'r';

    fn write(&self, out: &mut EncodedCursor) {
        out.push(self.id.uuid().as_bytes());
        out.push(&self.rank.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (id, rank) = bytes.split_first_chunk::<16>()?;
        // No list is longer; anything else was made up.
        let rank = u32::from_be_bytes(rank.try_into().ok()?);
        i32::try_from(rank).ok()?;
        Some(Self { id: Id::new(uuid::Uuid::from_bytes(*id)), rank })
    }
}

/// A position among the members of a chatroom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemberCursor(pub(super) i64);

impl Cursor for MemberCursor {
    const LIST: u8 = b'm';

    fn write(&self, out: &mut EncodedCursor) {
        out.push(&self.0.to_be_bytes());
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

            fn write(&self, out: &mut EncodedCursor) {
                out.push(self.uuid().as_bytes());
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

    fn write(&self, out: &mut EncodedCursor) {
        out.push(self.as_str().as_bytes());
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
        C::decode("after", text, ListId::default()).ok()
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
            prop_assert_eq!(read(&seq.encode(ListId::default()).to_string()), Some(seq));
            prop_assert_eq!(read(&recent.encode(ListId::default()).to_string()), Some(recent));
            prop_assert_eq!(read(&found.encode(ListId::default()).to_string()), Some(found));
            prop_assert_eq!(read(&name.encode(ListId::default()).to_string()), Some(name.clone()));
            let texts = [
                seq.encode(ListId::default()).to_string(),
                recent.encode(ListId::default()).to_string(),
                found.encode(ListId::default()).to_string(),
                name.encode(ListId::default()).to_string(),
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
