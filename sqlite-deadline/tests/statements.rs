//! Statements that would never end, and what ends them.
#![allow(clippy::expect_used, reason = "clippy only knows functions marked as tests")]

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use diesel::{Connection, QueryResult, RunQueryDsl, SqliteConnection, dsl::sql, sql_types::BigInt};
use sqlite_deadline::{Deadline, Stop, install};

const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n";

fn connection() -> SqliteConnection {
    install().expect("a handler");
    SqliteConnection::establish(":memory:").expect("a database")
}

fn count_to(connection: &mut SqliteConnection, end: u32) -> QueryResult<i64> {
    let count = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {end}) SELECT count(*) FROM n"
    );
    sql::<BigInt>(&count).get_result(connection)
}

#[test]
fn a_statement_ends_at_its_deadline_and_the_connection_goes_on() {
    let mut connection = connection();
    let late = Deadline::after(Duration::from_millis(20))
        .run(|| sql::<BigInt>(ENDLESS).get_result::<i64>(&mut connection));
    assert_eq!((late.0.expect_err("an end").to_string().as_str(), late.1), ("interrupted", Some(Stop::Late)));

    assert_eq!(count_to(&mut connection, 10_000), Ok(10_000), "no deadline is left");
    let in_time = Deadline::after(Duration::MAX).run(|| count_to(&mut connection, 10_000));
    assert_eq!(in_time, (Ok(10_000), None));
}

#[test]
fn a_statement_ends_when_nobody_waits_for_it() {
    let mut connection = connection();
    let abandoned = Arc::new(AtomicBool::new(true));
    let deadline = Deadline::after(Duration::MAX).or_when(abandoned);
    let (outcome, stop) = deadline.run(|| sql::<BigInt>(ENDLESS).get_result::<i64>(&mut connection));
    assert_eq!((outcome.is_err(), stop), (true, Some(Stop::Abandoned)));
}

#[test]
fn a_deadline_holds_for_one_thread_and_one_piece_of_work() {
    let mut connection = connection();
    let ((), stop) = Deadline::after(Duration::ZERO).run(|| {
        let elsewhere = std::thread::spawn(|| count_to(&mut self::connection(), 10_000));
        assert_eq!(elsewhere.join().expect("no panic"), Ok(10_000));
        let inner = Deadline::after(Duration::MAX).run(|| count_to(&mut connection, 10_000));
        assert_eq!(inner, (Ok(10_000), None));
        count_to(&mut connection, 10_000).expect_err("the outer deadline holds again");
    });
    assert_eq!(stop, Some(Stop::Late));
    let panics = || Deadline::after(Duration::ZERO).run(|| panic!("a mistake of ours"));
    catch_unwind(AssertUnwindSafe(panics)).expect_err("a panic");
    assert_eq!(count_to(&mut connection, 10_000), Ok(10_000), "no deadline is left");
}
