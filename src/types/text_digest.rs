//! What is left of a text that was replaced.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::Binary,
};
use sha2::{Digest, Sha256};

use super::MessageText;

/// The first 16 bytes of a text's SHA-256: tells whether a retry repeats a text that is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct TextDigest([u8; 16]);

impl TextDigest {
    /// The digest of a text.
    #[must_use]
    pub fn of(text: &MessageText) -> Self {
        let mut digest = [0; 16];
        let full = Sha256::digest(text.as_str());
        digest.iter_mut().zip(full.iter()).for_each(|(to, from)| *to = *from);
        Self(digest)
    }
}

impl<DB: Backend> ToSql<Binary, DB> for TextDigest
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_slice().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for TextDigest
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = Vec::<u8>::from_sql(bytes)?;
        bytes.try_into().map(Self).map_err(|_| "a digest has 16 bytes".into())
    }
}
