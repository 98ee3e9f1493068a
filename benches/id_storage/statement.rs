//! Statements that Diesel keeps prepared.

use super::*;

/// A value on its way into the database, where an id is still to be made what a candidate stores.
#[derive(Clone)]
pub(crate) enum Value {
    Id(String),
    Blob([u8; 16]),
    Integer(i64),
    Text(Option<String>),
}

/// The values for a statement.
pub(crate) type Values = Vec<Value>;

/// SQL with some of its values as `?1` to `?9`, prepared once and kept by Diesel; gives rows of the SQL type `Row`.
pub(crate) struct Statement<'a, Row>(pub(crate) &'a str, pub(crate) &'a [Value], pub(crate) PhantomData<Row>);

/// Writes a [`Statement`].
pub(crate) fn sql<'a, Row>(sql: &'a str, values: &'a [Value]) -> Statement<'a, Row> {
    Statement(sql, values, PhantomData)
}

impl<Row> QueryFragment<Sqlite> for Statement<'_, Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut pieces = self.0.split('?');
        out.push_sql(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (number, sql) = piece.split_at(1);
            match &self.1[number.parse::<usize>().expect("a number after each question mark") - 1] {
                Value::Blob(bytes) => out.push_bind_param::<Binary, [u8]>(bytes)?,
                Value::Integer(integer) => out.push_bind_param::<BigInt, _>(integer)?,
                Value::Text(text) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                Value::Id(id) => out.push_bind_param::<Text, _>(id)?,
            }
            out.push_sql(sql);
        }
        Ok(())
    }
}

impl<Row> QueryId for Statement<'_, Row> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Statement<'_, Row> {
    type SqlType = Row;
}

impl<Row> RunQueryDsl<SqliteConnection> for Statement<'_, Row> {}
