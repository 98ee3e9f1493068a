//! A connection to whichever database the store is on.
#![expect(missing_docs, reason = "what the derive generates has none")]

use diesel::{
    deserialize::{self, FromSql},
    sql_types::Binary,
    sqlite::SqliteConnection,
};

use crate::types::IdBytes;

/// A connection; the variant is chosen by the URL's scheme, never by trying to connect.
///
/// Everywhere else it is called [`Connection`](super::Connection); here that name is Diesel's trait. PostgreSQL joins as
/// a second variant: queries keep to what the derive carries for both.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// The embedded database.
    Sqlite(SqliteConnection),
}

/// An id, whichever database it comes from.
impl FromSql<Binary, MultiBackend> for IdBytes {
    fn from_sql(bytes: MultiRawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, Binary>()
    }
}
