//! `log`: which log of events this is.

use diesel::{QueryResult, prelude::*};

use crate::{
    store::{Connection, schema::log},
    types::LogId,
};

/// The log's id.
pub fn id(connection: &mut Connection) -> QueryResult<LogId> {
    log::table.select(log::id).first(connection).map(LogId)
}
