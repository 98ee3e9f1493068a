//! `IN`: few statement texts, each prepared once, and a bound on the values in one statement.

use std::iter;

use diesel::{
    AppearsOnTable, Expression, QueryResult, SelectableExpression,
    backend::Backend,
    expression::ValidGrouping,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{Bool, HasSqlType, Nullable},
};

/// The most values in one statement. SQLite takes 32,766 variables; a list of any length is read in chunks of
/// this size.
const CHUNK: usize = 1_024;

/// The most values in a statement that is kept prepared. A longer list is rare and its statement is large, so
/// it is prepared at each execution.
const KEPT: usize = 256;

/// A part of a list of values: at most 1,024 of them. [`among`] takes nothing else, so that no list, however
/// long, becomes one statement.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a, T>(&'a [T]);

impl<'a, T> Chunk<'a, T> {
    /// A list whose length is fixed in the code.
    pub fn fixed<const N: usize>(values: &'a [T; N]) -> Self {
        const { assert!(N <= CHUNK, "longer lists are read in chunks") };
        Self(values)
    }
}

/// Loads the rows for a list of any length: `load` runs once for each chunk of it, and not at all for an
/// empty list.
///
/// A value that is named several times counts once. The rows of several chunks follow each other; an order
/// that `load` asks the database for holds within a chunk only.
pub fn in_chunks<T: Copy + Ord, R>(
    values: &[T],
    mut load: impl FnMut(Chunk<'_, T>) -> QueryResult<Vec<R>>,
) -> QueryResult<Vec<R>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    if values.len() <= CHUNK {
        return load(Chunk(values));
    }
    let mut distinct = values.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut rows = Vec::new();
    for chunk in distinct.chunks(CHUNK) {
        rows.extend(load(Chunk(chunk))?);
    }
    Ok(rows)
}

/// The length to which a list is filled up: a power of two, or halfway between two of them. So there are 16
/// lengths up to 256.
fn filled_up(length: usize) -> usize {
    let power = length.next_power_of_two();
    let halfway = power / 4 * 3;
    if length <= halfway { halfway } else { power }
}

/// Whether a column has one of these values; with no values, it has not.
///
/// Diesel prepares every statement with an `eq_any` anew at each execution, because each length of the list
/// is another text. Here a list is filled up with copies of its last value, so that there are few texts, and
/// each is prepared once. PostgreSQL will need only one, with all values in an array.
pub fn among<C, T>(column: C, Chunk(values): Chunk<'_, T>) -> Among<'_, C, T> {
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

    /// How many values the statement has. One that is not kept has no use for a text that others share.
    fn length(&self) -> usize {
        if self.is_kept() { filled_up(self.values.len()) } else { self.values.len() }
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

    /// Numbers from 1 to 2,000, the even ones with their halves; and the statements that were prepared to be
    /// kept.
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
        in_chunks(values, |values| {
            numbers::table.filter(among(numbers::number, values)).select(numbers::number).load(connection)
        })
        .expect("numbers")
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
        assert_eq!(lengths, [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]);
    }

    #[test]
    fn a_long_list_is_not_kept() {
        let (mut connection, kept) = numbers();
        let list: Vec<i64> = (1..).take(KEPT + 1).collect();
        assert_eq!(found(&mut connection, &list), list);
        assert_eq!(*kept.lock().expect("nobody panicked"), [""; 0]);
        assert_eq!(found(&mut connection, &list[1..]), list[1..]);
        assert_eq!(kept.lock().expect("nobody panicked").len(), 1);
    }

    #[test]
    fn a_list_of_any_length_is_found_each_value_once() {
        let (mut connection, _) = numbers();
        // More values than SQLite takes variables, and each of them twice and far from itself.
        let list: Vec<i64> = (1..=40_000).chain(1..=40_000).collect();
        assert_eq!(found(&mut connection, &list), (1..=2_000).collect::<Vec<i64>>());
        let mut lengths = Vec::new();
        let chunks = in_chunks(&list, |Chunk(values)| {
            lengths.push(values.len());
            Ok(values.to_vec())
        });
        assert_eq!(chunks.expect("values").len(), 40_000);
        assert!(lengths.iter().all(|length| *length <= CHUNK), "{lengths:?}");
    }

    #[test]
    fn what_is_not_there_is_not_among_them() {
        let (mut connection, _) = numbers();
        let halves = Chunk::fixed(&[1, 3, 5_000]);
        let query = numbers::table.filter(among(numbers::half, halves)).select(numbers::number);
        assert_eq!(query.load::<i64>(&mut connection).expect("numbers"), [2, 6]);
        let nothing = Chunk::<i64>::fixed(&[]);
        let none = numbers::table.filter(among(numbers::half, nothing)).select(numbers::number);
        assert_eq!(none.load::<i64>(&mut connection).expect("numbers"), [0; 0]);
    }
}
