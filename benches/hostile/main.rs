//! What can one client do to everybody else?
//!
//! ```text
//! just hostile                                                 every attack, at full strength: about a quarter of an hour
//! cargo bench --bench hostile -- --server PATH                 against another build of the program
//! cargo bench --bench hostile -- --server PATH --only C2,C14   some of them
//! cargo bench --bench hostile -- --list                        what there is
//! cargo bench --bench hostile -- --table --save FILE           the table of what was measured before
//! ```
//!
//! Each attack has a server of its own, with tokens, default limits and a fresh database. Other people use it before and
//! meanwhile (`probe.rs`), and what they notice is measured, as well as the memory of the process and whether it lives.
//! `--save FILE` keeps the figures, and `--earlier FILE` shows those of an earlier build beside the new ones. Nothing but
//! loopback is called, and everything ends by itself.

#![allow(clippy::print_stdout, clippy::print_stderr)] // it prints

mod attack;
mod attacks;
mod figures;
mod person;
mod probe;
mod run;
mod server;
mod socket;
mod table;

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use attack::Strength;
use run::Report;
use rustix::process::{Resource, getrlimit, setrlimit};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// As many open files as the machine lets us have; the server inherits it.
fn raise_limit() -> Outcome<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// The reports of a file, by the codes of their attacks.
fn load(file: Option<&Path>) -> Outcome<BTreeMap<String, Report>> {
    match file {
        Some(file) if file.exists() => {
            let reports: Vec<Report> = serde_json::from_str(&fs::read_to_string(file)?)?;
            Ok(reports.into_iter().map(|report| (report.code.clone(), report)).collect())
        }
        _ => Ok(BTreeMap::new()),
    }
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    let value = |name: &str| env::args().skip_while(|argument| argument != name).nth(1);
    let given = |name: &str| env::args().any(|argument| argument == name);
    let program = value("--server").unwrap_or_else(|| env!("CARGO_BIN_EXE_messenger").to_owned());
    let data = PathBuf::from(value("--data").unwrap_or_else(|| "target/hostile".to_owned()));
    let (save, earlier) = (value("--save").map(PathBuf::from), value("--earlier").map(PathBuf::from));
    let only: Option<Vec<String>> =
        value("--only").map(|codes| codes.split(',').map(str::to_owned).collect());
    // `cargo test --all-targets` runs benchmarks as well, and without `--bench`: it only lists them then.
    if given("--list") || !given("--bench") {
        for attack in attacks::ALL {
            println!("{}: {}", attack.code, attack.name);
        }
        return Ok(());
    }
    let strength = if given("--bounded") { Strength::Bounded } else { Strength::Full };
    raise_limit()?;
    let earlier = load(earlier.as_deref())?;
    let mut reports = load(save.as_deref())?;
    println!("{}", table::HEAD);
    if given("--table") {
        let measured = attacks::ALL.iter().filter_map(|attack| Some((*attack, reports.get(attack.code)?)));
        measured.for_each(|(attack, report)| {
            println!("{}", table::row(attack, report, earlier.get(attack.code)));
        });
        return Ok(());
    }
    for attack in attacks::ALL {
        if only.as_ref().is_some_and(|codes| !codes.iter().any(|code| code == attack.code)) {
            continue;
        }
        eprintln!("{}: {}", attack.code, attack.name);
        let report = match run::run(attack, Path::new(&program), &data, strength).await {
            Ok(report) => report,
            Err(error) => {
                eprintln!("{} could not be run: {error}", attack.code);
                continue;
            }
        };
        println!("{}", table::row(attack, &report, earlier.get(attack.code)));
        reports.insert(report.code.clone(), report);
        if let Some(save) = &save {
            fs::write(save, serde_json::to_string_pretty(&reports.values().collect::<Vec<_>>())?)?;
        }
    }
    Ok(())
}
