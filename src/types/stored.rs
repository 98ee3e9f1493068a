//! How these types are stored: one conversion each, for whichever database.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql},
    serialize::{self, Output, ToSql},
    sql_types::{BigInt, Binary, Text},
};
use uuid::Uuid;

use super::{ClientMessageId, DisplayName, Id, Kind, MessageText, Timestamp, Username};

impl<K: Kind, DB: Backend> ToSql<Binary, DB> for Id<K>
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.uuid().as_bytes().as_slice().to_sql(out)
    }
}

impl<K: Kind, DB: Backend> FromSql<Binary, DB> for Id<K>
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::new(Uuid::from_slice(&Vec::<u8>::from_sql(bytes)?)?))
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Timestamp
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_millis().to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Timestamp
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_millis(i64::from_sql(bytes)?))
    }
}

/// Texts are validated on the way in; what is stored is taken as it is.
macro_rules! stored_as_text {
    ($($text:ident),+) => {$(
        impl<DB: Backend> ToSql<Text, DB> for $text
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $text
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(Self::trusted(String::from_sql(bytes)?))
            }
        }
    )+};
}

stored_as_text!(ClientMessageId, DisplayName, MessageText, Username);
