//! How fast is the server, beside one that answers the same by hand?
//!
//! ```text
//! cargo bench --bench paired                                      a million messages: half an hour, 3 GB of disk
//! cargo bench --bench paired -- --messages 10000000               another number of messages
//! cargo bench --bench paired -- --baseline other/messenger        another build of the server as well
//! cargo bench --bench paired -- --flat 10000,1000000,10000000     the server alone, on data sets of several sizes
//! cargo bench --bench paired -- --quick                           seconds, to see that it works
//! ```
//!
//! Each contender is a process of its own, over a copy of the same data of its own. They take turns in short rounds, there and
//! back again; whatever else the machine does meets all of them, and ratios are taken within a round. CPU is that of the
//! server alone, and the steadiest of the figures. The load is `wrk`'s, with one thread; it repeats requests about a few
//! people, whose pages stay in the caches, so the disk is waited for by writes only.
//!
//! Before anything is measured, all contenders must answer the same bytes to every request of the load.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "it prints, or stops")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures are rounded, and times are of this century"
)]

mod args;
mod check;
mod contender;
mod data;
mod load;
mod machine;
mod mixed;
mod operation;
mod plot;
mod progress;
mod rounds;
mod table;

#[path = "../baseline/mod.rs"]
mod baseline;
#[path = "../idiomatic/mod.rs"]
mod idiomatic;
#[path = "../subjects/mod.rs"]
mod subjects;

use std::{error::Error, fs, path::Path};

use args::Args;
use contender::{Contender, Kind, Part};
use operation::{Ask, Operation};
use rounds::{Comparison, Entrant};
use subjects::Subject;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// As many as the server has on a machine with two processors.
const READER_THREADS: usize = 4;

fn asks(operation: Operation, subjects: &[Subject]) -> Vec<Ask> {
    subjects.iter().map(|subject| operation.ask(subject)).collect()
}

fn find(operation: Operation, seeded: &Path) -> Outcome<Vec<Ask>> {
    let subjects = operation.need().find(seeded, operation.most());
    if subjects.is_empty() {
        return Err(format!("{operation}: nobody has a full page; take more --messages").into());
    }
    Ok(asks(operation, &subjects))
}

/// Those of the contenders who can do it.
fn able<'a>(operation: Operation, contenders: &'a [Contender], asks: &'a [Ask]) -> Vec<Entrant<'a>> {
    let able = contenders.iter().filter(|contender| contender.answers(operation));
    able.map(|contender| Entrant { contender, asks }).collect()
}

/// The server beside the baseline.
fn compare(args: &Args) -> Outcome<()> {
    let seeded = data::seeded(&args.server, args.messages)?;
    let contenders = args.contenders(&seeded)?;
    let idle = idle(args, &contenders)?;
    println!("{} messages.\n\n{}", table::grouped(args.messages as f64), table::COMPARISONS);
    let mut comparisons = Vec::new();
    for operation in &args.operations {
        let asks = find(*operation, &seeded)?;
        let entrants = able(*operation, &contenders, &asks);
        check::same_answers(*operation, &entrants)?;
        comparisons.extend(measure(args, *operation, &entrants)?);
    }
    println!("\n{}", table::memory(&idle)?);
    if [Operation::Recent, Operation::Send].iter().all(|needed| args.operations.contains(needed)) {
        let (reads, sends) = (find(Operation::Recent, &seeded)?, find(Operation::Send, &seeded)?);
        println!("{}", table::mixed(&mixed::measure(args, &contenders, &reads, &sends)?)?);
    }
    let folder =
        if args.write { Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images") } else { data::folder()? };
    fs::create_dir_all(&folder)?;
    let file = folder.join("performance-paired.svg");
    fs::write(&file, plot::plot(&comparisons)?)?;
    eprintln!("the plot is in {}", file.display());
    Ok(())
}

/// The memory of those who have not been asked for anything yet, and of a server without data.
fn idle(args: &Args, contenders: &[Contender]) -> Outcome<Vec<(String, f64)>> {
    let server = Kind::Server { program: args.server.clone(), has_tokens: false };
    let empty = Contender::start("server without messages", &server, &data::empty()?, None)?;
    let all = std::iter::once(&empty).chain(contenders);
    all.map(|contender| Ok((contender.name.clone(), contender.resident()?))).collect()
}

/// The server on data sets of several sizes, about people who are alike.
fn flat(args: &Args) -> Outcome<()> {
    let server = Kind::Server { program: args.server.clone(), has_tokens: false };
    let mut sets = Vec::new();
    for messages in &args.flat {
        let (name, seeded) = (
            format!("{} messages", table::grouped(*messages as f64)),
            data::seeded(&args.server, *messages)?,
        );
        sets.push((Contender::start(&name, &server, &seeded, args.server_cpus.as_deref())?, seeded));
    }
    println!("{}", table::COMPARISONS);
    for operation in &args.operations {
        let mut subjects: Vec<Vec<Subject>> = Vec::new();
        for (_, seeded) in &sets {
            subjects.push(match subjects.first() {
                Some(first) => operation.need().find_like(seeded, first),
                None => operation.need().find(seeded, operation.most()),
            });
        }
        let asks: Vec<Vec<Ask>> = subjects.iter().map(|subjects| asks(*operation, subjects)).collect();
        let entrants: Vec<Entrant<'_>> =
            sets.iter().zip(&asks).map(|((contender, _), asks)| Entrant { contender, asks }).collect();
        measure(args, *operation, &entrants)?;
    }
    Ok(())
}

/// Prints an operation's lines as they are known.
fn measure(args: &Args, operation: Operation, entrants: &[Entrant<'_>]) -> Outcome<Vec<Comparison>> {
    let mut comparisons = Vec::new();
    for connections in &args.connections {
        let comparison = rounds::compare(args, operation, entrants, *connections)?;
        print!("{}", table::comparison(&comparison)?);
        comparisons.push(comparison);
    }
    Ok(comparisons)
}

/// Without `--bench`, as `cargo test --all-targets` runs it, nothing is measured: all must answer alike, and that is all.
fn check(args: &Args) -> Outcome<()> {
    let seeded = data::seeded(&args.server, 10_000)?;
    let contenders = args.contenders(&seeded)?;
    for operation in &args.operations {
        let asks = find(*operation, &seeded)?;
        let entrants = able(*operation, &contenders, &asks);
        check::same_answers(*operation, &entrants)?;
        println!("{operation}: {} requests, answered alike by {}", asks.len(), entrants.len());
    }
    Ok(())
}

fn main() -> Outcome<()> {
    let args = Args::read();
    run(args).inspect_err(|_| progress::end())
}

fn run(args: Args) -> Outcome<()> {
    match (args.part, &args.database) {
        (Some(Part::Baseline), Some(file)) => baseline::serve(file, 0),
        (Some(Part::BaselineOnThreads), Some(file)) => baseline::serve(file, READER_THREADS),
        (Some(Part::Idiomatic), Some(file)) => idiomatic::serve(file),
        _ if !args.bench => {
            check(&Args { with_tokens: true, idiomatic: true, reader_threads: true, ..args })?;
        }
        _ => {
            println!(
                "{}\nMedians of {} rounds of {} s in turn.\n",
                machine::describe()?,
                args.rounds,
                args.seconds
            );
            if args.flat.is_empty() { compare(&args)? } else { flat(&args)? }
        }
    }
    Ok(())
}
