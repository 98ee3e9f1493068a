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

/// Runs a statement on the connection itself: `per_backend!(connection, |connection| statement.execute(connection))`.
///
/// Diesel finds a prepared statement by its type there. Through [`AnyConnection`] it writes the statement's text anew at each
/// execution, two or three times, only to throw it away: as much work as a small statement is for SQLite. So this is for
/// what runs with every message, and for what only one database can say; it is written once for all databases.
macro_rules! per_backend {
    ($connection:expr, |$own:ident| $run:expr) => {
        match $connection {
            $crate::store::Connection::Sqlite($own) => $run,
        }
    };
}

pub(crate) use per_backend;

/// An id, whichever database it comes from.
impl FromSql<Binary, MultiBackend> for IdBytes {
    fn from_sql(bytes: MultiRawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, Binary>()
    }
}
