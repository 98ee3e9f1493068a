//! What stays flat: do operations cost the same with a hundred times as many messages, with very many conversations, and with
//! very many members?
//!
//! ```text
//! cargo bench --bench flat                         10,000 messages and 1,000,000: some minutes, 2 GB of disk
//! cargo bench --bench flat -- --messages 200000    another number of messages, at least 20,000
//! cargo bench --bench flat -- --quick              2,000 and 20,000 messages: seconds, to see that it works
//! ```
//!
//! Both data sets are made as `messenger seed` makes them, with a user for every hundred messages and a chatroom for every five
//! hundred, so the smaller one is as dense as the larger one. Operations are called in the domain, below GraphQL. Pages are
//! read only where they are full. The larger set is asked about as many as the smaller one, and about those who are most like
//! them: in how many messages or conversations they have, how many people a page shows, and how many other messages it is
//! strewn among. The sets take turns in short
//! rounds, and the first round, which warms the caches, does not count.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints, or stops"
)]

mod fixtures;
mod graphql;
mod missed;
mod operation;
mod set;
#[path = "../subjects/mod.rs"]
mod subjects;
mod width;

use std::env;

use operation::Operation;
use set::Set;
use tokio::runtime::Runtime;

/// How much the larger set is the smaller one's multiple, where nothing else is said.
const SMALL: usize = 10_000;
const LARGE: usize = 1_000_000;

/// Rounds of a measurement, and how often a set's turn does the operation.
#[derive(Clone, Copy)]
struct Effort {
    rounds: usize,
    turn: usize,
}

fn main() {
    let given = |name: &str| env::args().any(|argument| argument == name);
    // `cargo test --all-targets` runs benchmarks as well, and without `--bench`.
    let quick = given("--quick") || !given("--bench");
    let wanted = env::args().skip_while(|argument| argument != "--messages").nth(1);
    let wanted = wanted.map(|number| number.parse::<usize>().expect("a number of messages"));
    let sizes = if quick { [2_000, 20_000] } else { [SMALL, wanted.unwrap_or(LARGE).max(2 * SMALL)] };
    let effort = if quick { Effort { rounds: 2, turn: 5 } } else { Effort { rounds: 30, turn: 20 } };

    let runtime = Runtime::new().expect("a runtime");
    let small = Set::make(&runtime, sizes[0], None);
    let large = Set::make(&runtime, sizes[1], Some(&small));
    println!("Medians in µs, with warm caches; acknowledged writes wait for the disk.\n");
    println!("| operation | {} messages | {} messages | ratio |\n|---|---:|---:|---:|", sizes[0], sizes[1]);
    for operation in Operation::ALL {
        print(operation.title(), &compare(&runtime, effort, &[(&small, operation), (&large, operation)]));
    }
    missed::measure(&runtime, &large);
    width::measure(&runtime, effort, &large, if quick { 500 } else { 10_000 });
    for set in [small, large] {
        set.app.store.close();
    }
}

/// The medians of operations that take turns in short rounds, each begun by another one; `None` for what nobody can do.
fn compare(runtime: &Runtime, effort: Effort, contenders: &[(&Set, Operation)]) -> Vec<Option<f64>> {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    for round in 0..=effort.rounds {
        for place in 0..contenders.len() {
            let place = (place + round) % contenders.len();
            let (set, operation) = contenders[place];
            let turn = (0..effort.turn).map_while(|number| operation.time(runtime, set, number));
            let turn: Vec<f64> = turn.collect();
            times[place].extend(turn.iter().filter(|_| round > 0));
        }
    }
    times.into_iter().map(median).collect()
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

/// Prints a row of a table: the medians, and the ratio of the last one to the first.
fn print(title: &str, medians: &[Option<f64>]) {
    let cell = |median: &Option<f64>| median.map_or(" – |".to_owned(), |median| format!(" {median:.0} |"));
    let cells: String = medians.iter().map(cell).collect();
    let ratio = match medians {
        [Some(first), .., Some(last)] => format!("{:.2}", last / first),
        _ => "–".to_owned(),
    };
    println!("| {title} |{cells} {ratio} |");
}
