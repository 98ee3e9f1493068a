//! How should UUIDv7 ids be stored in SQLite? Four ways, given the same messages and measured side by side.
//!
//! ```text
//! cargo bench --bench id_storage                         a million messages: a quarter of an hour, 3 GB of disk
//! cargo bench --bench id_storage -- --messages 200000    another number of messages, at least 20,000
//! cargo bench --bench id_storage -- --quick              20,000 messages: seconds, to see that it works
//! ```
//!
//! Ids come in and go out as TypeIDs (`user_01h455vb4pex5vsknk084sn02q`); every candidate pays for its translation.
//! The candidates take turns, after each transaction of the load and each short round of a measurement, so that
//! whatever else the machine does falls on all of them; and all of them must give the same answers.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // it prints, or stops
#![allow(clippy::doc_markdown)] // UUIDv7 and TypeID are names
#![allow(clippy::wildcard_imports)] // one program in several files

mod candidate;
mod statement;
mod store;
mod typeid;
mod world;

use std::time::{Duration, Instant};
use std::{env, error::Error, marker::PhantomData, mem, path::Path, thread};

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Double, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use diesel::{backend::Backend, connection::SimpleConnection, prelude::*};
use rand::distr::{Distribution, StandardUniform, Uniform, uniform::SampleUniform};
use rand::{SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

use candidate::*;
use statement::*;
use store::*;
use typeid::*;
use world::*;

/// Something to measure.
struct Case {
    title: &'static str,
    /// How often a candidate does it before it is the next one's turn.
    turn: usize,
    /// Draws the values to read with, or the messages to send.
    draw: fn(&mut World) -> Vec<Values>,
    /// Which messages are read; none are, if it is about sending.
    filter: &'static str,
    /// What the report tells of the times, which are in seconds.
    figure: fn(Vec<f64>) -> f64,
}

/// What is measured; the first case also loads the messages for the others. Were it not for `unlikely`, SQLite would
/// leave the index with the sender alone and read all messages to the recipient until there are enough.
#[rustfmt::skip]
const CASES: [Case; 5] = [
    Case { title: "load, s", turn: 1, draw: |world| world.messages(256), filter: "", figure: |times| times.iter().sum() },
    Case { title: "last 100 to a user, µs", turn: 20, draw: |world| vec![world.reader(0)],
        filter: "WHERE m.recipient = $user[?1] ORDER BY m.$order DESC LIMIT ?3", figure: median },
    Case { title: "last 100 to a user from another, µs", turn: 20, draw: |world| vec![world.reader(1)],
        filter: "WHERE m.recipient = $user[?1] AND unlikely(m.sender = $user[?2]) ORDER BY m.$order DESC LIMIT ?3",
        figure: median },
    Case { title: "one message by its id, µs", turn: 200, draw: |world| vec![world.sent()],
        filter: "WHERE m.id = ?1", figure: median },
    Case { title: "64 messages in a transaction, µs", turn: 4, draw: |world| world.messages(64),
        filter: "", figure: median },
];

/// How many messages a page has.
const PAGE: i64 = 100;

/// Measures a case in so many rounds after one to warm up, each begun by another candidate, and prints the result.
fn measure(number: usize, rounds: usize, stores: &mut [Store], world: &mut World) -> QueryResult<()> {
    let (case, mut said) = (&CASES[number], Instant::now());
    for round in 0..=rounds {
        let tasks: Vec<_> = (0..case.turn).map(|_| (case.draw)(world)).collect();
        let mut answers = vec![];
        let (last, first) = stores.split_at_mut(round % CANDIDATES.len());
        for store in first.iter_mut().chain(last) {
            for task in &tasks {
                let start = Instant::now();
                answers.push(store.perform(number, task)?);
                store.times.push(start.elapsed().as_secs_f64());
            }
            store.times.drain(..if round == 0 { case.turn } else { 0 });
        }
        let mut turns = answers.chunks(case.turn);
        assert!(turns.all(|turn| *turn == answers[..case.turn]), "all give the same answers");
        if said.elapsed() >= Duration::from_secs(1) {
            eprintln!("{}: round {round} of {rounds}", case.title);
            said = Instant::now();
        }
    }
    let figures = stores.iter_mut().map(|store| (case.figure)(mem::take(&mut store.times)));
    print(case.title, &figures.collect::<Vec<_>>());
    Ok(())
}

/// The one in the middle, in millionths.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    1e6 * times[times.len() / 2]
}

/// Prints a row of the table: a figure of each candidate, and its ratio to the first one's.
fn print(title: &str, figures: &[f64]) {
    let cell = |figure| format!(" {figure:.1} ({:.2}) |", figure / figures[0]);
    println!("| {title} |{}", figures.iter().map(cell).collect::<Vec<_>>().concat());
}

/// Loads, measures and prints.
fn main() -> Result<(), Box<dyn Error>> {
    let given = |name: &str| env::args().any(|argument| argument == name);
    // `cargo test --all-targets` runs benchmarks as well, and without `--bench`.
    let quick = given("--quick") || !given("--bench");
    let usual = if quick { "20000" } else { "1000000" }.to_owned();
    let wanted = env::args().skip_while(|argument| argument != "--messages").nth(1);
    let wanted: usize = wanted.unwrap_or(usual).parse()?;
    let transactions = wanted.max(20_000).div_ceil(256);
    let messages = 256 * transactions as u64;

    eprintln!("creating the files");
    let (directory, mut world, mut stores) = (tempfile::tempdir()?, World::new(messages), vec![]);
    for candidate in &CANDIDATES {
        stores.push(Store::create(candidate, directory.path(), &world)?);
    }
    let version = sql::<Text>("SELECT sqlite_version()", &[]);
    let version: String = version.get_result(&mut stores[0].connection)?;
    let (users, cores) = (world.users, thread::available_parallelism()?);
    println!("SQLite {version}, WAL, synchronous = NORMAL; {cores} cores.");
    println!("{messages} messages to {users} users. Medians, but for the load.\n");
    println!("| (ratio to A) | {} |", CANDIDATES.map(|it| it.title).join(" | "));
    println!("|---|{}", "---:|".repeat(CANDIDATES.len()));

    measure(0, transactions - 1, &mut stores, &mut world)?;
    eprintln!("looking at what was loaded");
    world.readers = stores[0].readers()?;
    let mut sizes = vec![];
    for store in &mut stores {
        sizes.push(store.sizes(messages.cast_signed())?);
    }
    for (row, (title, _)) in sizes[0].iter().enumerate() {
        print(title, &sizes.iter().map(|sizes| sizes[row].1).collect::<Vec<_>>());
    }
    for case in 1..CASES.len() {
        measure(case, (transactions / 40).clamp(10, 100), &mut stores, &mut world)?;
    }
    Ok(())
}
