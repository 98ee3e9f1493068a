//! `messenger seed`: very many messages, to measure with.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use clap::Args;

use super::{
    application::{open, runtime, store_config},
    outcome::{CliError, say},
};
use crate::{
    auth::Auth,
    config::DatabaseArgs,
    domain::{self, Plan, Seeded},
    types::Timestamp,
};

#[derive(Args, Debug)]
pub(super) struct SeedArgs {
    /// How many messages to send
    #[arg(long, default_value_t = 1_000_000)]
    messages: usize,
    /// How many users there are
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(2..))]
    users: u32,
    /// How many chatrooms there are
    #[arg(long, default_value_t = 2_000)]
    chatrooms: usize,
    /// The same number gives the same content
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// When the last message is sent; the first one is 90 days older. Part of what makes the content the same
    #[arg(long, value_name = "TIME", default_value = "2026-11-22T00:00:00Z")]
    until: DateTime<Utc>,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl SeedArgs {
    fn plan(&self) -> Plan {
        Plan {
            messages: self.messages,
            users: usize::try_from(self.users).unwrap_or(usize::MAX),
            chatrooms: self.chatrooms,
            seed: self.seed,
            until: Timestamp::from_millis(self.until.timestamp_millis()),
        }
    }
}

pub(super) fn seed(args: &SeedArgs) -> Result<(), CliError> {
    let SeedArgs { messages, users, chatrooms, .. } = args;
    let app = open(&store_config(&args.database)?, Auth::open())?;
    let file = args.database.file()?;
    let database = file.display();
    let start = Instant::now();
    let mut progress = Progress { all: *messages, start, told: start };
    let told = move |sent| progress.tell(sent);
    let outcome = runtime()?.block_on(domain::seed(&app.store, args.plan(), told));
    app.store.close();
    match outcome {
        Ok(Seeded::Made) => say(&format!(
            "{database}: made {users} users, {chatrooms} chatrooms and {messages} messages in {:.1} s",
            start.elapsed().as_secs_f64()
        )),
        Ok(Seeded::NotEmpty) => {
            Err(CliError::Other(format!("{database}: there are users already; fill a new database")))
        }
        Err(error) => Err(CliError::Other(format!("{database}: {error}"))),
    }
}

/// Tells about once a second how far it is.
struct Progress {
    all: usize,
    start: Instant,
    told: Instant,
}

impl Progress {
    fn tell(&mut self, sent: usize) {
        if self.told.elapsed() < Duration::from_secs(1) {
            return;
        }
        self.told = Instant::now();
        let rate = u128::try_from(sent).unwrap_or_default() * 1000 / self.start.elapsed().as_millis();
        // Whoever does not listen does not mind.
        drop(say(&format!("{sent} messages, {} %, {rate} a second", sent * 100 / self.all)));
    }
}
