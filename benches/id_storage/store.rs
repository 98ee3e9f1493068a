//! A candidate's file.

use super::*;

/// A candidate's file, and its SQL.
pub(crate) struct Store {
    pub(crate) connection: SqliteConnection,
    pub(crate) to_stored: fn(&str) -> Value,
    pub(crate) send: [String; 3],
    pub(crate) reads: [String; CASES.len()],
    /// The times that were taken, in seconds.
    pub(crate) times: Vec<f64>,
}

impl Store {
    /// Creates a file with everything in it but messages.
    pub(crate) fn create(candidate: &Candidate, directory: &Path, world: &World) -> QueryResult<Self> {
        let path = directory.join(&candidate.title[..1]);
        let mut store = Self {
            connection: SqliteConnection::establish(&path.to_string_lossy()).expect("a new file opens"),
            to_stored: candidate.to_stored,
            send: SEND.map(|template| candidate.sql(template)),
            reads: CASES.map(|case| candidate.sql(&[READ, case.filter].concat())),
            times: vec![],
        };
        store.connection.batch_execute(&candidate.sql(SCHEMA))?;
        store.connection.batch_execute("BEGIN")?;
        for (kind, count) in [(USER, world.users), (CONVERSATION, world.conversations)] {
            for number in 0..count {
                let values = store.stored(&[id(kind, number), Value::Integer(number.cast_signed())]);
                sql::<()>(ADD[kind], &values).execute(&mut store.connection)?;
            }
        }
        store.connection.batch_execute("COMMIT")?;
        Ok(store)
    }

    /// Makes the ids what is stored.
    pub(crate) fn stored(&self, values: &[Value]) -> Values {
        let stored = |value: &Value| match value {
            Value::Id(id) => (self.to_stored)(id),
            other => other.clone(),
        };
        values.iter().map(stored).collect()
    }

    /// Does what was drawn for a case.
    pub(crate) fn perform(&mut self, case: usize, drawn: &[Values]) -> QueryResult<Vec<Message>> {
        if CASES[case].filter.is_empty() {
            return self.send(drawn).map(|()| vec![]);
        }
        let values = self.stored(&drawn[0]);
        sql::<Columns>(&self.reads[case], &values).load(&mut self.connection)
    }

    /// Sends messages in one transaction, each of them unless it was sent before.
    pub(crate) fn send(&mut self, messages: &[Values]) -> QueryResult<()> {
        self.connection.batch_execute("BEGIN IMMEDIATE")?;
        for message in messages {
            let mut values = self.stored(message);
            let ([find, number, add], connection) = (&self.send, &mut self.connection);
            if let Value::Text(Some(_)) = values[6] {
                let sent: Vec<Id<MESSAGE>> = sql::<Binary>(find, &values).load(connection)?;
                if !sent.is_empty() {
                    continue;
                }
            }
            values[4] = Value::Integer(sql::<BigInt>(number, &values).get_result(connection)?);
            sql::<()>(add, &values).execute(connection)?;
        }
        self.connection.batch_execute("COMMIT")
    }

    /// The readers of messages: those to whom, and those between whom, there is a page of them.
    pub(crate) fn readers(&mut self) -> QueryResult<[Readers; 2]> {
        let page = [Value::Integer(PAGE)];
        let [users, pairs] = READERS.map(|query| sql::<(Binary, Binary)>(query, &page));
        Ok([users.load(&mut self.connection)?, pairs.load(&mut self.connection)?])
    }

    /// The sizes of everything in the file, after a checkpoint.
    pub(crate) fn sizes(&mut self, messages: i64) -> QueryResult<Vec<(String, f64)>> {
        self.connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
        sql::<(Text, Double)>(SIZES, &[Value::Integer(messages)]).load(&mut self.connection)
    }
}
