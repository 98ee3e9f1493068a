//! `IN`, prepared once.

use std::iter;

use diesel::{
    AppearsOnTable, Expression, QueryResult, SelectableExpression,
    backend::Backend,
    expression::ValidGrouping,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{Bool, HasSqlType, Nullable},
};

/// A longer list is seldom, and its statement large: it is prepared each time, and not kept.
const KEPT: usize = 1_024;

/// Shorter lists are filled up to a power of two, longer ones to a multiple: SQLite sorts what it is given, copies too.
const FEW: usize = 8;
const STEP: usize = 8;

/// Whether a column has one of these values; with no values, it has not.
///
/// Diesel has every statement with an `eq_any` prepared anew at each execution, because each length of the list is another text.
/// Here a list is filled up with copies of its last value, so that there are few texts, and each is prepared once. PostgreSQL
/// will need only one, with all values in an array.
pub fn among<C, T>(column: C, values: &[T]) -> Among<'_, C, T> {
    Among { column, values }
}

/// What [`among`] gives.
#[derive(Clone, Copy, Debug)]
pub struct Among<'a, C, T> {
    column: C,
    values: &'a [T],
}

impl<C, T> Among<'_, C, T> {
    fn is_kept(&self) -> bool {
        self.values.len() <= KEPT
    }

    /// How many values there are when the list has been filled up.
    fn length(&self) -> usize {
        match self.values.len() {
            few @ ..FEW => few.next_power_of_two(),
            some @ ..=KEPT => some.next_multiple_of(STEP),
            many => many,
        }
    }
}

impl<C, T, DB> QueryFragment<DB> for Among<'_, C, T>
where
    C: Expression + QueryFragment<DB>,
    T: ToSql<C::SqlType, DB>,
    DB: Backend + HasSqlType<C::SqlType>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Some(last) = self.values.last() else {
            out.push_sql("1 = 0");
            return Ok(());
        };
        if !self.is_kept() {
            out.unsafe_to_cache_prepared();
        }
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        // The same value again finds nothing more.
        for (place, value) in self.values.iter().chain(iter::repeat(last)).take(self.length()).enumerate() {
            if place > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param::<C::SqlType, T>(value)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

/// It is known by its text.
impl<C, T> QueryId for Among<'_, C, T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

/// As of a column that may be null; a filter takes it as well.
impl<C: Expression, T> Expression for Among<'_, C, T> {
    type SqlType = Nullable<Bool>;
}

impl<C: ValidGrouping<G>, T, G> ValidGrouping<G> for Among<'_, C, T> {
    type IsAggregate = C::IsAggregate;
}

impl<C: AppearsOnTable<Q>, T, Q> AppearsOnTable<Q> for Among<'_, C, T> {}

impl<C: SelectableExpression<Q>, T, Q> SelectableExpression<Q> for Among<'_, C, T> {}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use diesel::{
        Connection as _, QueryDsl, RunQueryDsl,
        connection::{InstrumentationEvent, SimpleConnection},
        sqlite::SqliteConnection,
    };

    use super::*;
    use crate::store::Connection;

    diesel::table! {
        numbers (number) {
            number -> BigInt,
            half -> Nullable<BigInt>,
        }
    }

    /// Numbers from 1 to 2,000, the even ones with their halves; and the statements that were prepared to be kept.
    fn numbers() -> (Connection, Arc<Mutex<Vec<String>>>) {
        let mut connection = SqliteConnection::establish(":memory:").expect("a database");
        let rows = "CREATE TABLE numbers (number INTEGER PRIMARY KEY, half INTEGER);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            INSERT INTO numbers SELECT i, iif(i % 2, NULL, i / 2) FROM n";
        connection.batch_execute(rows).expect("numbers");
        let kept = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&kept);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { sql, .. } = event {
                seen.lock().expect("nobody panicked").push(sql.to_owned());
            }
        });
        (Connection::Sqlite(connection), kept)
    }

    fn found(connection: &mut Connection, values: &[i64]) -> Vec<i64> {
        let query = numbers::table.filter(among(numbers::number, values)).select(numbers::number);
        query.load(connection).expect("numbers")
    }

    #[test]
    fn lists_of_about_one_length_are_prepared_once() {
        let (mut connection, kept) = numbers();
        let list: Vec<i64> = (1..=64).collect();
        for length in 0..=list.len() {
            assert_eq!(found(&mut connection, &list[..length]), list[..length]);
        }
        let kept = kept.lock().expect("nobody panicked");
        let mut lengths: Vec<_> = kept.iter().map(|sql| sql.matches('?').count()).collect();
        lengths.sort_unstable();
        assert_eq!(lengths, [0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64]);
    }

    #[test]
    fn a_list_that_is_longer_than_any_page_is_not_kept() {
        let (mut connection, kept) = numbers();
        let list: Vec<i64> = (1..).take(KEPT + 1).collect();
        assert_eq!(found(&mut connection, &list), list);
        assert_eq!(*kept.lock().expect("nobody panicked"), [""; 0]);
        assert_eq!(found(&mut connection, &list[1..]), list[1..]);
        assert_eq!(kept.lock().expect("nobody panicked").len(), 1);
    }

    #[test]
    fn what_is_not_there_is_not_among_them() {
        let (mut connection, _) = numbers();
        let query = numbers::table.filter(among(numbers::half, &[1, 3, 5_000])).select(numbers::number);
        assert_eq!(query.load::<i64>(&mut connection).expect("numbers"), [2, 6]);
    }
}
