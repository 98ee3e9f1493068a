//! A data set and the application over it.

use std::{
    fmt::Display,
    sync::Arc,
    time::{Duration, Instant},
};

use messenger::{
    app::App,
    auth::Auth,
    domain::{Plan, Seeded, seed},
    graphql::Api,
    store::{StatementObserver, StoreConfig},
    types::{Clock, Timestamp},
};
use rand::{SeedableRng, rngs::StdRng};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::fixtures::Fixtures;

/// 2026-11-22, when the last message was sent.
const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);

/// A data set, and whom in it to ask about.
pub(crate) struct Set {
    pub(crate) app: App,
    pub(crate) api: Api,
    pub(crate) fixtures: Fixtures,
    _folder: TempDir,
}

/// It is always the same time.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        NOW
    }
}

impl Set {
    /// Makes so many messages, and opens the application on them; asks about those who are like the ones in another set.
    pub(crate) fn make(runtime: &Runtime, messages: usize, other: Option<&Self>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("messenger.db");
        let empty = open(&file);
        let plan = Plan { messages, users: messages / 100, chatrooms: messages / 500, seed: 1, until: NOW };
        let mut progress = Progress::of(format!("{messages} messages"));
        let seeded = runtime.block_on(seed(&empty.store, plan, move |sent| progress.tell(sent)));
        assert_eq!(seeded.expect("the messages are stored"), Seeded::Made);
        empty.store.close();
        let fixtures = Fixtures::find(&file, other.map(|other| &other.fixtures));
        let app = open(&file);
        // Its loaders take hold of the runtime.
        let api = runtime.block_on(async { Api::new(app.clone()) });
        Self { app, api, fixtures, _folder: folder }
    }
}

fn open(file: &std::path::Path) -> App {
    // One reader, so that all reads find the same cache.
    let config = StoreConfig { readers: 1, ..StoreConfig::new(file) };
    let randomness = Box::new(StdRng::seed_from_u64(2));
    App::open(&config, Arc::new(Stopped), Auth::open(), randomness, StatementObserver::log())
        .expect("a database")
}

/// Tells about once a second how far something is.
pub(crate) struct Progress {
    what: String,
    told: Instant,
}

impl Progress {
    pub(crate) fn of(what: String) -> Self {
        Self { what, told: Instant::now() }
    }

    pub(crate) fn tell(&mut self, done: impl Display) {
        if self.told.elapsed() >= Duration::from_secs(1) {
            eprintln!("{}: {done}", self.what);
            self.told = Instant::now();
        }
    }
}
