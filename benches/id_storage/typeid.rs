//! Ids as they come in and go out.

use super::*;

/// The kind of a user.
pub(crate) const USER: usize = 0;
/// The kind of a conversation.
pub(crate) const CONVERSATION: usize = 1;
/// The kind of a message.
pub(crate) const MESSAGE: usize = 2;
/// The kind of what has no id.
pub(crate) const OTHER: usize = 3;
/// The prefix of the TypeIDs of each kind.
pub(crate) const PREFIXES: [&str; 3] = ["user", "dm", "msg"];

/// The digits of TypeIDs.
pub(crate) const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes a TypeID.
pub(crate) fn typeid(kind: usize, uuid: Uuid) -> String {
    let (mut rest, mut digits) = (uuid.as_u128(), [0; 26]);
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(rest % 32).expect("five bits")];
        rest /= 32;
    }
    let mut text = String::with_capacity(32);
    text.push_str(PREFIXES[kind]);
    text.push('_');
    text.push_str(str::from_utf8(&digits).expect("the digits are ASCII"));
    text
}

/// Reads a TypeID.
pub(crate) fn uuid(typeid: &str) -> Uuid {
    let digits = typeid.bytes().skip(typeid.len() - 26);
    let worths = digits.map(|digit| DIGITS.binary_search(&digit).expect("a digit of a TypeID"));
    Uuid::from_u128(worths.fold(0, |sum, worth| (sum << 5) | worth as u128))
}

/// An id on its way out, a TypeID again.
#[derive(Clone, FromSqlRow, PartialEq)]
#[diesel(sql_type = Binary)]
pub(crate) struct Id<const KIND: usize>(pub(crate) String);

impl<const KIND: usize> FromSql<Binary, Sqlite> for Id<KIND> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        if let Some(SqliteType::Binary) = value.value_type() {
            return Ok(Self(typeid(KIND, Uuid::from_slice(value.read_blob())?)));
        }
        let text = value.read_text();
        if text.contains('_') {
            return Ok(Self(text.to_owned()));
        }
        Ok(Self(typeid(KIND, text.parse()?)))
    }
}

/// The columns of [`READ`].
pub(crate) type Columns = ((Binary, Binary, BigInt, BigInt), (Text, Binary, Text, Text));
/// A message on its way out.
#[rustfmt::skip]
pub(crate) type Message = ((Id<MESSAGE>, Id<CONVERSATION>, i64, i64), (String, Id<USER>, String, String));
