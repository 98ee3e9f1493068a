//! The command line.

mod example_setup;
mod migrate;
mod serve;

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::{Args, CommandFactory, Parser, Subcommand};
use rand::{SeedableRng, rngs::StdRng};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::{
    app::App,
    config::{ConfigError, DatabaseArgs, LogArgs, ServerArgs},
    graphql,
    store::{OpenError, StatementObserver, StoreConfig},
    types::SystemClock,
};

/// How long to wait for another program that has locked the database.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// A messaging backend: one binary, one GraphQL schema.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (the default)
    Serve(ServeArgs),
    /// Print the GraphQL schema
    Schema,
    /// Fill a database with three users and their messages, to look around in
    ExampleSetup(example_setup::ExampleSetupArgs),
    /// Bring the database up to date, as `serve` does at its start
    Migrate(DatabaseArgs),
}

#[derive(Args, Clone, Debug)]
struct ServeArgs {
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Why the program ended; reads as one line.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{0}")]
    Other(String),
}

/// Runs what the command line asks for.
#[must_use]
pub fn run() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when stderr is closed.
            drop(writeln!(std::io::stderr(), "messenger: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// The command line as clap knows it; a test holds `.env.example` against it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

fn start() -> Result<(), CliError> {
    load_dotenv()?;
    let cli = Cli::parse();
    start_log(&cli.log)?;
    match cli.command {
        None => serve::serve(&cli.serve),
        Some(Command::Serve(args)) => serve::serve(&args),
        Some(Command::Schema) => say(graphql::sdl().trim_end()),
        Some(Command::ExampleSetup(args)) => example_setup::set_up(&args),
        Some(Command::Migrate(args)) => migrate::migrate(&args),
    }
}

/// Reads `.env` in the folder the program was started in; what is in the environment already stays.
fn load_dotenv() -> Result<(), CliError> {
    match dotenvy::from_path(".env") {
        Ok(()) => Ok(()),
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(dotenvy::Error::LineParse(_, at)) => Err(CliError::Other(format!(
            ".env cannot be read: a line is no NAME=value, near its character {at}"
        ))),
        Err(error) => Err(CliError::Other(format!(".env cannot be read: {error}"))),
    }
}

fn start_log(log: &LogArgs) -> Result<(), CliError> {
    let refused = |reason: String| {
        CliError::Other(format!("MESSENGER_LOG: {reason}; use a level such as info or debug"))
    };
    // The filter takes a misspelt level for the name of a part, and would log nothing at all.
    let misspelt = |part: &&str| !part.contains('=') && part.trim().parse::<LevelFilter>().is_err();
    if let Some(part) = log.filter().split(',').find(misspelt) {
        return Err(refused(format!("{part} is no level")));
    }
    let filter = EnvFilter::try_new(log.filter()).map_err(|error| refused(error.to_string()))?;
    let stderr = std::io::stderr;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr)
        .init();
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    Ok(())
}

/// Prints to stdout. A reader that has gone away, as `head` does, is no error.
fn say(text: &str) -> Result<(), CliError> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::Other(error.to_string()))
        }
        _ => Ok(()),
    }
}

/// The application over a database. Blocks.
#[expect(clippy::disallowed_methods, reason = "this is where randomness comes in")]
fn open(database: &DatabaseArgs) -> Result<App, CliError> {
    let config = StoreConfig { file: database.file()?, readers: readers(), lock_timeout: LOCK_TIMEOUT };
    let randomness = Box::new(StdRng::from_rng(&mut rand::rng()));
    Ok(App::open(&config, Arc::new(SystemClock), randomness, StatementObserver::log())?)
}

/// Two readers for each processor, so that one that waits for the disk does not leave it idle.
fn readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(processors * 2).unwrap_or(2).clamp(2, 16)
}

fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Runtime::new().map_err(|error| CliError::Other(format!("cannot start: {error}")))
}
