//! Statements that the database prepares once.

use diesel::{
    QueryResult, RunQueryDsl,
    backend::Backend,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{BigInt, Binary},
};

/// A statement in pieces, an id bound after each but the last; it may return an id and a number.
///
/// Diesel has every `UPDATE` that it builds prepared anew at each execution, and parses `BEGIN` and `COMMIT` each time. This
/// is for the few that run with every message or every read.
#[derive(Debug)]
pub struct Prepared<'a, const N: usize> {
    /// What stands before each id.
    pub pieces: [(&'static str, &'a [u8; 16]); N],
    /// What stands after the last one.
    pub end: &'static str,
}

impl<const N: usize, DB> QueryFragment<DB> for Prepared<'_, N>
where
    DB: Backend,
    [u8; 16]: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (piece, id) in &self.pieces {
            out.push_sql(piece);
            out.push_bind_param::<Binary, [u8; 16]>(id)?;
        }
        out.push_sql(self.end);
        Ok(())
    }
}

/// It is known by its text.
impl<const N: usize> QueryId for Prepared<'_, N> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<const N: usize> Query for Prepared<'_, N> {
    type SqlType = (Binary, BigInt);
}

impl<const N: usize, C> RunQueryDsl<C> for Prepared<'_, N> {}
