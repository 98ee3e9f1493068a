//! The commands and their flags, and what each of them calls.

use std::{io::Write, process::ExitCode};

use clap::{Args, CommandFactory, Parser, Subcommand, error::ErrorKind};

use super::{
    environment::{load_dotenv, start_logs},
    example_setup, migrate,
    outcome::{CliError, say},
    seed, serve, token, variables,
};
use crate::{
    config::{
        AuthArgs, BrowserArgs, DatabaseArgs, DocumentArgs, EventArgs, LimitArgs, LogArgs, ProxyArgs,
        RateArgs, ServerArgs,
    },
    graphql,
};

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
    Serve(Box<ServeArgs>),
    /// Print the GraphQL schema
    Schema,
    /// Fill a database with three users and their messages, to look around in
    ExampleSetup(example_setup::ExampleSetupArgs),
    /// Print a token for somebody, signed with `MESSENGER_JWT_SECRET`
    Token(token::TokenArgs),
    /// Bring the database up to date, as `serve` does at its start
    Migrate(DatabaseArgs),
    /// Fill a database that has no users with very many messages, to measure with
    Seed(seed::SeedArgs),
}

#[derive(Args, Clone, Debug)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
    #[command(flatten)]
    pub(super) events: EventArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) rates: RateArgs,
    #[command(flatten)]
    pub(super) proxies: ProxyArgs,
    #[command(flatten)]
    pub(super) browsers: BrowserArgs,
    #[command(flatten)]
    pub(super) documents: DocumentArgs,
    #[command(flatten)]
    pub(super) auth: AuthArgs,
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

/// The command line as clap knows it: the one list of settings. Tests hold `.env.example` and the documentation against it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

fn start() -> Result<(), CliError> {
    let settings = variables::settings(&command());
    load_dotenv(&settings)?;
    let cli = Cli::try_parse().or_else(|error| match variables::garbled(&settings) {
        Some(garbled) if error.kind() == ErrorKind::InvalidUtf8 => Err(garbled),
        _ => error.exit(),
    })?;
    let unknown = variables::check(&settings)?;
    start_logs(&cli.log)?;
    for unknown in unknown {
        tracing::warn!("{unknown}");
    }
    match cli.command {
        None => serve::serve(&cli.serve),
        Some(Command::Serve(args)) => serve::serve(&args),
        Some(Command::Schema) => say(graphql::sdl().trim_end()),
        Some(Command::ExampleSetup(args)) => example_setup::set_up(&args),
        Some(Command::Token(args)) => token::token(&args),
        Some(Command::Migrate(args)) => migrate::migrate(&args),
        Some(Command::Seed(args)) => seed::seed(&args),
    }
}
