//! How one write in a shared transaction is undone.

use diesel::{
    QueryResult, RunQueryDsl,
    connection::{SimpleConnection, TransactionManager},
    result::Error as DieselError,
    select,
};

use super::{Connection, StoreError, connection::per_backend, error::FAILED_BESIDE};

pub(super) type Transactions = <Connection as diesel::Connection>::TransactionManager;

#[diesel::declare_sql_function]
extern "SQL" {
    /// How many rows this connection has ever inserted, changed and deleted, those of triggers included. SQLite only.
    fn total_changes() -> BigInt;
}

/// How many rows this connection has ever changed.
pub(super) fn changes(connection: &mut Connection) -> QueryResult<i64> {
    per_backend!(connection, |connection| select(total_changes()).get_result(connection))
}

/// How to undo a write: the point in the transaction where it began.
#[derive(Clone, Copy, Debug)]
pub(super) enum Undo {
    /// At the start of the transaction: nothing else is in it.
    Start,
    /// At a savepoint. SQLite keeps a copy of every page that is changed in it, and goes through all of them after each
    /// statement: what many statements in one write cost grows with their square.
    Savepoint,
    /// After so many changes. Costs next to nothing, and there is a way back only as long as there are no more.
    Changes(i64),
}

impl Undo {
    /// Sets a savepoint.
    pub(super) fn savepoint(connection: &mut Connection) -> QueryResult<Self> {
        Transactions::begin_transaction(connection)?;
        Ok(Self::Savepoint)
    }

    /// Counts the changes.
    pub(super) fn changes(connection: &mut Connection) -> QueryResult<Self> {
        changes(connection).map(Self::Changes)
    }

    /// Keeps the write, for the transaction to commit.
    pub(super) fn keep(self, connection: &mut Connection) -> QueryResult<()> {
        match self {
            Self::Savepoint => Transactions::commit_transaction(connection),
            Self::Start | Self::Changes(_) => Ok(()),
        }
    }

    /// Rolls the write back, and nothing else; at the start, the transaction with it.
    ///
    /// An error means that the transaction must not be committed, or is there no more.
    pub(super) fn roll_back(self, connection: &mut Connection) -> Result<(), StoreError> {
        match self {
            Self::Start | Self::Savepoint => Ok(Transactions::rollback_transaction(connection)?),
            Self::Changes(before) => {
                require_transaction(connection)?;
                match changes(connection)? {
                    now if now == before => Ok(()),
                    _ => Err(StoreError::NotCommitted(FAILED_BESIDE.into())),
                }
            }
        }
    }
}

/// A full disk and the like take back the whole transaction, and what is written after that would be committed at once. Only
/// a second beginning tells: it fails where the first one still counts.
fn require_transaction(connection: &mut Connection) -> QueryResult<()> {
    match per_backend!(connection, |connection| connection.batch_execute("BEGIN")) {
        Ok(()) => Err(DieselError::NotInTransaction),
        Err(_) => Ok(()),
    }
}
