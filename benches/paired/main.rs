//! How fast is the server, beside one that answers the same by hand?

#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "it prints, or stops")]

mod check;
mod contender;
mod data;
mod load;
mod operation;
mod subjects;
mod table;
#[path = "../yardstick/mod.rs"]
mod yardstick;

use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
};

use clap::Parser;

use contender::Contender;
use load::{Load, Round};
use operation::Operation;

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
    #[arg(long, value_delimiter = ',', default_value = "recent,recent-of-sender,history,inbox")]
    operations: Vec<Operation>,
    /// The server
    #[arg(long, default_value = env!("CARGO_BIN_EXE_messenger"))]
    server: PathBuf,
    /// Another build of the server, to compare with
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// The processors that servers run on, such as `0` or `0-1`; all when it is left out
    #[arg(long)]
    server_cpus: Option<String>,
    /// The processors that the load runs on
    #[arg(long)]
    load_cpus: Option<String>,
    /// Serves as the yardstick over a database
    #[arg(long, hide = true)]
    yardstick: Option<PathBuf>,
    /// What cargo gives to benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

impl Args {
    /// Starts everybody, each over a copy of the data.
    fn contenders(&self, seeded: &Path) -> Outcome<Vec<Contender>> {
        let cpus = self.server_cpus.as_deref();
        let program = env::current_exe()?;
        let file = data::copy(seeded, "yardstick")?;
        let yardstick = ["--yardstick".into(), file];
        let mut contenders = vec![Contender::start("yardstick", &program, yardstick, cpus)?];
        let servers = [("server", Some(&self.server)), ("baseline", self.baseline.as_ref())];
        for (name, program) in servers.into_iter().filter_map(|(name, program)| Some((name, program?))) {
            let mut arguments: Vec<PathBuf> =
                ["serve", "--addr", "127.0.0.1:0", "--event-retention-days", "3650", "--database"]
                    .map(PathBuf::from)
                    .into();
            arguments.push(data::copy(seeded, name)?);
            contenders.push(Contender::start(name, program, arguments, cpus)?);
        }
        Ok(contenders)
    }

    /// Rounds in turn, there and back again, so that whatever else the machine does meets all alike.
    fn measure(
        &self,
        contenders: &[Contender],
        bodies: &[String],
        connections: usize,
    ) -> Outcome<Vec<Vec<Round>>> {
        let load = Load { bodies, connections, seconds: self.seconds, cpus: self.load_cpus.as_deref() };
        let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); contenders.len()];
        let warm_up = Load { seconds: 1, ..load };
        for contender in contenders {
            load::run(contender, &warm_up, &data::folder()?, 0)?;
        }
        for number in 1..=self.rounds {
            let mut order: Vec<usize> = (0..contenders.len()).collect();
            if number % 2 == 0 {
                order.reverse();
            }
            for place in order {
                rounds[place].push(load::run(&contenders[place], &load, &data::folder()?, number)?);
            }
        }
        Ok(rounds)
    }
}

fn main() -> Outcome<()> {
    let args = Args::parse();
    if let Some(file) = &args.yardstick {
        yardstick::serve(file);
        return Ok(());
    }
    let seeded = data::seeded(&args.server, args.messages)?;
    let contenders = args.contenders(&seeded)?;
    table::head(&args);
    for operation in &args.operations {
        let bodies: Vec<String> =
            operation.subjects(&seeded)?.iter().map(|subject| operation.body(subject)).collect();
        check::same_answers(&contenders, *operation, &bodies)?;
        for connections in &args.connections {
            let rounds = args.measure(&contenders, &bodies, *connections)?;
            table::print(*operation, *connections, &contenders, &rounds)?;
        }
    }
    Ok(())
}
