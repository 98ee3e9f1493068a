//! Typed ids: a UUIDv7 inside, a TypeID such as `user_01h455vb4pex5vsknk084sn02q` outside.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Binary};
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::{Builder, Uuid};

use super::Timestamp;

/// What an id names; gives the TypeID its prefix.
pub trait Kind: 'static {
    /// The TypeID prefix, lower case.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $prefix:literal => $id:ident;)+) => {$(
        #[doc = concat!("Marks ids that start with `", $prefix, "_`.")]
        #[derive(Debug)]
        pub enum $kind {}

        impl Kind for $kind {
            const PREFIX: &'static str = $prefix;
        }

        $(#[$doc])*
        pub type $id = Id<$kind>;
    )+};
}

kinds! {
    /// The id of a user.
    UserKind = "user" => UserId;
    /// The id of the conversation between two people, or of one with themselves.
    DirectConversationKind = "dm" => DirectConversationId;
    /// The id of a chatroom.
    ChatroomKind = "room" => ChatroomId;
    /// The id of a message. Ids of messages ascend in the order in which the messages were accepted.
    MessageKind = "msg" => MessageId;
    /// A conversation of either kind, as tables name it. Never leaves the server.
    ConversationKeyKind = "conversation" => ConversationKey;
    /// A recipient of either kind, as tables name it. Never leaves the server.
    RecipientKeyKind = "recipient" => RecipientKey;
    /// What happened last in a conversation: the id of its newest message, or its own as long as it has none. Leaves the
    /// server in cursors only.
    ActivityKind = "activity" => Activity;
}

/// An id of one kind: 16 bytes of UUIDv7 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562)), stored as they are.
///
/// Stored as `BLOB`/`BYTEA` because that was the smallest of the forms that need no second key: see "How ids are
/// stored" in `docs/performance.md`.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Id<K: Kind> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Id<K> {
    /// Takes the 16 bytes for an id of this kind.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// The same 16 bytes for an id of another kind.
    #[must_use]
    pub const fn cast<L: Kind>(self) -> Id<L> {
        Id::new(self.uuid)
    }

    /// Writes its text. Into a `String` that takes half of the time that formatting it does.
    pub fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        out.write_str(K::PREFIX)?;
        out.write_str("_")?;
        out.write_str(str::from_utf8(&suffix(self.uuid)).map_err(|_| fmt::Error)?)
    }

    /// The least id that can have been minted at `time`: every id minted earlier is smaller.
    #[must_use]
    pub fn earliest_at(time: Timestamp) -> Self {
        let millis = u64::try_from(time.millis()).unwrap_or_default();
        Self::new(Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
    }
}

/// Why a text is not the id that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not a TypeID at all.
    #[error(
        "this is not an id: an id is a prefix, `_` and 26 characters, \
         such as user_01h455vb4pex5vsknk084sn02q, exactly as the server gave it out"
    )]
    Malformed,
    /// A TypeID of something else.
    #[error(
        "this is the id of another kind of thing ({actual}_…); here it must start with {}",
        alternatives(expected)
    )]
    WrongKind {
        /// The prefix that was given.
        actual: String,
        /// The prefixes that would be right.
        expected: &'static [&'static str],
    },
}

fn alternatives(prefixes: &[&str]) -> String {
    prefixes.iter().map(|prefix| format!("{prefix}_")).collect::<Vec<_>>().join(" or ")
}

pub(super) fn parse(text: &str) -> Result<TypeSafeId<DynamicType>, IdError> {
    // The library cuts a prefix that is too long after 63 bytes, and panics where a character is not over by then.
    if !text.is_ascii() {
        return Err(IdError::Malformed);
    }
    text.parse().map_err(|_| IdError::Malformed)
}

/// An id of one kind or of several, as texts name it.
pub trait GlobalId: FromStr<Err = IdError> {
    /// The TypeID prefixes it may have.
    const PREFIXES: &'static [&'static str];
}

impl<K: Kind> GlobalId for Id<K> {
    const PREFIXES: &'static [&'static str] = &[K::PREFIX];
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parsed = parse(text)?;
        if parsed.type_prefix() == K::PREFIX {
            return Ok(Self::new(parsed.uuid()));
        }
        Err(IdError::WrongKind { actual: parsed.type_prefix().to_owned(), expected: Self::PREFIXES })
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// The letters of a TypeID's suffix (<https://github.com/jetify-com/typeid/tree/main/spec>), Crockford's base 32.
const LETTERS: [u8; 32] = *b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 128 bits of an id as 26 letters of 5 bits. A page has hundreds of ids; the library, which reads them and says in a test
/// that these are right, allocates for each.
fn suffix(uuid: Uuid) -> [u8; 26] {
    let mut rest = uuid.as_u128();
    let mut letters = [0; 26];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[(rest & 31) as usize];
        rest >>= 5;
    }
    letters
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// Written out because a derive would ask the marker `K` for each of these, too.
impl<K: Kind> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Kind> Copy for Id<K> {}

impl<K: Kind> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<K: Kind> Eq for Id<K> {}

impl<K: Kind> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Kind> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<K: Kind> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::EntityId;

    proptest! {
        #[test]
        fn an_id_survives_its_text_and_keeps_its_order(one: u128, other: u128) {
            let (one, other) = (UserId::new(Uuid::from_u128(one)), UserId::new(Uuid::from_u128(other)));
            prop_assert_eq!(one.to_string().parse(), Ok(one));
            prop_assert_eq!(one.to_string().parse(), Ok(EntityId::User(one)));
            prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
        }

        #[test]
        fn an_id_is_written_as_the_library_writes_it(uuid: u128) {
            let uuid = Uuid::from_u128(uuid);
            let prefix = DynamicType::new("user").expect("a prefix");
            let expected = TypeSafeId::from_type_and_uuid(prefix, uuid).to_string();
            prop_assert_eq!(UserId::new(uuid).to_string(), expected);
        }

        #[test]
        fn an_id_is_of_one_kind(uuid: u128) {
            let text = MessageId::new(Uuid::from_u128(uuid)).to_string();
            let actual = "msg".to_owned();
            prop_assert_eq!(text.parse::<UserId>(), Err(IdError::WrongKind { actual, expected: &["user"] }));
        }

        #[test]
        fn an_id_has_one_text_and_other_texts_are_refused(text in "(user_)?[0-9a-zA-Z_]{0,30}|\\PC*") {
            if let Ok(id) = text.parse::<EntityId>() {
                let EntityId::User(id) = id else { return Err(TestCaseError::fail(text)) };
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn texts_that_are_no_ids_are_told_apart() {
        let wrong = |actual: &str| IdError::WrongKind { actual: actual.into(), expected: &["user"] };
        let table = [
            ("", IdError::Malformed),
            ("user_", IdError::Malformed),
            ("01h455vb4pex5vsknk084sn02q", wrong("")),
            ("User_01h455vb4pex5vsknk084sn02q", IdError::Malformed),
            ("user_01H455VB4PEX5VSKNK084SN02Q", IdError::Malformed),
            ("user_81h455vb4pex5vsknk084sn02q", IdError::Malformed),
            ("user_01h455vb4pex5vsknk084sn02", IdError::Malformed),
            (" user_01h455vb4pex5vsknk084sn02q", IdError::Malformed),
            ("team_01h455vb4pex5vsknk084sn02q", wrong("team")),
            ("dm_01h455vb4pex5vsknk084sn02q", wrong("dm")),
            (&format!("{}é_", "a".repeat(62)), IdError::Malformed),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse::<UserId>(), Err(expected), "{text:?}");
        }
    }
}
