//! How fast is the server, beside one that answers the same by hand?

#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "it prints, or stops")]

mod check;
mod contender;
mod data;
mod load;
mod mixed;
mod operation;
mod rounds;
mod subject;
mod table;
#[path = "../yardstick/mod.rs"]
mod yardstick;

use std::{
    error::Error,
    path::{Path, PathBuf},
};

use clap::Parser;
use contender::{Contender, Kind, Part};
use operation::{Ask, Operation};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the server and the yardstick in turn, in short rounds, and prints what each does and the ratio.
#[derive(Debug, Parser)]
struct Args {
    /// How many messages there are
    #[arg(long, default_value_t = 1_000_000)]
    messages: usize,
    /// How many rounds each contender has
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// How many seconds a round lasts
    #[arg(long, default_value_t = 2)]
    seconds: u32,
    /// How many connections send at the same time
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    connections: Vec<usize>,
    /// What is measured
    #[arg(long, value_delimiter = ',', default_value = "recent,recent-of-sender,history,inbox,send")]
    operations: Vec<Operation>,
    /// Measures readers beside writers as well
    #[arg(long)]
    mixed: bool,
    /// The server
    #[arg(long, default_value = env!("CARGO_BIN_EXE_messenger"))]
    server: PathBuf,
    /// Another build of the server, to compare with
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// The server once more, with a token in each request
    #[arg(long)]
    with_tokens: bool,
    /// The processors that servers run on, such as `0` or `0-1`; all when it is left out
    #[arg(long)]
    server_cpus: Option<String>,
    /// The processors that the load runs on
    #[arg(long)]
    load_cpus: Option<String>,
    /// Serves as this part, over the database
    #[arg(long, hide = true, requires = "database")]
    part: Option<Part>,
    #[arg(long, hide = true)]
    database: Option<PathBuf>,
    /// What cargo gives to benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

impl Args {
    /// The yardstick first: the others are held against it.
    fn contenders(&self, seeded: &Path) -> Outcome<Vec<Contender>> {
        let server = |program: &PathBuf, has_tokens| Kind::Server { program: program.clone(), has_tokens };
        let mut kinds =
            vec![("yardstick", Kind::Part(Part::Yardstick)), ("server", server(&self.server, false))];
        kinds.extend(self.with_tokens.then(|| ("server with tokens", server(&self.server, true))));
        kinds.extend(self.baseline.iter().map(|program| ("baseline", server(program, false))));
        let cpus = self.server_cpus.as_deref();
        kinds.iter().map(|(name, kind)| Contender::start(name, kind, seeded, cpus)).collect()
    }
}

fn asks(operation: Operation, seeded: &Path) -> Outcome<Vec<Ask>> {
    Ok(operation.subjects(seeded)?.iter().map(|subject| operation.ask(subject)).collect())
}

fn measure(args: &Args) -> Outcome<()> {
    let seeded = data::seeded(&args.server, args.messages)?;
    let contenders = args.contenders(&seeded)?;
    println!(
        "{} messages; medians of {} rounds of {} s in turn; a ratio is the median of those of all rounds.\n\n{}",
        args.messages,
        args.rounds,
        args.seconds,
        table::COMPARISONS
    );
    for operation in &args.operations {
        let asks = asks(*operation, &seeded)?;
        check::same_answers(&contenders, *operation, &asks)?;
        for connections in &args.connections {
            let comparison = rounds::compare(args, &contenders, (*operation, &asks), *connections)?;
            print!("{}", comparison.lines());
        }
    }
    if args.mixed {
        let (reads, sends) = (asks(Operation::Recent, &seeded)?, asks(Operation::Send, &seeded)?);
        println!("\n{}", table::mixed(&mixed::measure(args, &contenders, &reads, &sends)?));
    }
    Ok(())
}

fn main() -> Outcome<()> {
    let args = Args::parse();
    match (args.part, &args.database) {
        (Some(Part::Yardstick), Some(file)) => yardstick::serve(file),
        _ => measure(&args)?,
    }
    Ok(())
}
