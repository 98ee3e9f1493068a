//! One read: a transaction, a deadline, and what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::{RunQueryDsl, connection::SimpleConnection, result::Error as DieselError};
use sqlite_deadline::{Deadline, Stop};

use super::{Connection, Prepared, StoreError, connection::per_backend, threads::panic_message};

/// What begins and ends a read. Diesel's own are parsed anew each time.
const BEGIN: Prepared<'_, 0> = Prepared { pieces: [], end: "BEGIN" };
const COMMIT: Prepared<'_, 0> = Prepared { pieces: [], end: "COMMIT" };

/// Runs all of a read in one transaction, so that it sees one state of the data, until its deadline.
pub(super) fn snapshot<T, E, W>(connection: &mut Connection, deadline: Deadline, work: W) -> Result<T, E>
where
    E: From<StoreError> + From<DieselError>,
    W: FnOnce(&mut Connection) -> Result<T, E>,
{
    per_backend!(connection, |own| BEGIN.execute(own))?;
    let (outcome, stop) = deadline.run(|| catch_unwind(AssertUnwindSafe(|| work(connection))));
    let ended = end(connection);
    let outcome = outcome.unwrap_or_else(|panic| Err(panic_message(panic.as_ref()).into()));
    match stop {
        None => outcome.and_then(|found| ended.map(|()| found)),
        Some(Stop::Late) => Err(StoreError::TooLate.into()),
        Some(Stop::Abandoned) => Err(StoreError::Closed.into()),
    }
}

/// There is nothing to keep or to take back, but the next read must find no transaction.
fn end<E: From<DieselError>>(connection: &mut Connection) -> Result<(), E> {
    let ended = per_backend!(connection, |own| COMMIT.execute(own));
    if ended.is_err() {
        // A fault may have ended it already.
        drop(connection.batch_execute("ROLLBACK"));
    }
    ended.map(drop).map_err(E::from)
}
