//! What is asked for on the command line.

use std::{
    env,
    path::{Path, PathBuf},
};

use clap::Parser;

use crate::{
    Outcome,
    contender::{Contender, Kind, Part},
    operation::Operation,
};

/// Measures the server and the baseline, which answers the same by hand, in turn and in short rounds, and
/// prints what each does and the ratio.
#[derive(Debug, Parser)]
#[command(name = "just bench")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct Args {
    /// How many messages there are
    #[arg(long, default_value_t = 1_000_000)]
    pub messages: usize,
    /// How many rounds each contender has
    #[arg(long, default_value_t = 9)]
    pub rounds: usize,
    /// How many seconds a round lasts
    #[arg(long, default_value_t = 2)]
    pub seconds: u32,
    /// How many connections send at the same time
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    pub connections: Vec<usize>,
    /// What is measured; with `recent` and `send` also readers beside writers
    #[arg(long, value_delimiter = ',', default_value = "recent,recent-of-sender,history,inbox,send")]
    pub operations: Vec<Operation>,
    /// Measures the server on data sets of these sizes instead, such as 10000,1000000,10000000
    #[arg(long, value_delimiter = ',', value_name = "MESSAGES")]
    pub flat: Vec<usize>,
    /// The server
    #[arg(long, default_value = env!("CARGO_BIN_EXE_messenger"), hide_default_value = true)]
    pub server: PathBuf,
    /// Another build of the server, to compare with
    #[arg(long, value_name = "SERVER")]
    pub baseline: Option<PathBuf>,
    /// The server once more, with a token in each request
    #[arg(long)]
    pub with_tokens: bool,
    /// What one would write first, in the same language with the same libraries
    #[arg(long)]
    pub idiomatic: bool,
    /// The same from a program of its own, built in another way: see `just bench-idiomatic`
    #[arg(long, value_name = "PROGRAM")]
    pub idiomatic_program: Option<PathBuf>,
    /// The baseline once more, reading on threads of its own
    #[arg(long)]
    pub reader_threads: bool,
    /// The processors that servers run on, such as `0` or `0-1`; all when it is left out
    #[arg(long)]
    pub server_cpus: Option<String>,
    /// The processors that the load runs on
    #[arg(long)]
    pub load_cpus: Option<String>,
    /// Two rounds of a second each with 10,000 messages, to see that it works
    #[arg(long)]
    pub quick: bool,
    /// Writes the plot to docs/images, and not to target/bench
    #[arg(long)]
    pub write: bool,
    /// Serves as this part, over the database
    #[arg(long, hide = true, requires = "database")]
    pub part: Option<Part>,
    #[arg(long, hide = true)]
    pub database: Option<PathBuf>,
    /// What cargo gives to benchmarks
    #[arg(long, hide = true)]
    pub bench: bool,
}

impl Args {
    /// With what `--quick` stands for.
    pub fn read() -> Self {
        let mut args = Self::parse();
        if args.quick {
            (args.messages, args.rounds, args.seconds) = (10_000, 2, 1);
            args.connections = vec![1, 16];
        }
        args
    }

    /// The baseline first: the others are held against it.
    pub fn contenders(&self, seeded: &Path) -> Outcome<Vec<Contender>> {
        let server = |program: &PathBuf, has_tokens| Kind::Server { program: program.clone(), has_tokens };
        let own = env::current_exe()?;
        let part = |part| Kind::Part { program: own.clone(), part };
        let mut kinds = vec![("baseline", part(Part::Baseline)), ("server", server(&self.server, false))];
        kinds.extend(
            self.reader_threads.then(|| ("baseline with reader threads", part(Part::BaselineOnThreads))),
        );
        kinds.extend(self.with_tokens.then(|| ("server with tokens", server(&self.server, true))));
        kinds.extend(self.idiomatic.then(|| ("idiomatic", part(Part::Idiomatic))));
        let plain = |program: &PathBuf| Kind::Part { program: program.clone(), part: Part::Idiomatic };
        kinds.extend(
            self.idiomatic_program.iter().map(|program| ("idiomatic, built plainly", plain(program))),
        );
        kinds.extend(self.baseline.iter().map(|program| ("baseline", server(program, false))));
        let cpus = self.server_cpus.as_deref();
        kinds.iter().map(|(name, kind)| Contender::start(name, kind, seeded, cpus)).collect()
    }
}
