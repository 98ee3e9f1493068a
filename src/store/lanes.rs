//! The lanes of reads: each has threads, connections and a queue of its own, so that reads of one kind never
//! wait for another.

use std::time::Duration;

use super::StoreConfig;

/// What a read is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A page or a look-up of a request.
    Query,
    /// A full-text search.
    Search,
    /// What a subscription missed.
    Replay,
    /// Whom it concerns that somebody comes, goes or types.
    Presence,
    /// What was just committed, for everybody who follows.
    Tail,
    /// Whether the database answers.
    Health,
}

/// How much of the machine a lane may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct LaneConfig {
    /// What its threads are called, at most 12 characters.
    pub(super) name: &'static str,
    /// Reads that run at the same time, each on a thread and a connection of its own. An idle thread takes
    /// some 50 KiB, and a connection 200 KiB once it is used.
    pub(super) threads: u32,
    /// Reads that may wait. A further one is refused.
    pub(super) queue: usize,
    /// How long a read may run.
    pub(super) deadline: Duration,
    /// The most that the cache of a connection takes, in MiB.
    pub(super) cache: u32,
    /// Whether its reads wait while a checkpoint needs the whole WAL.
    pub(super) yields_to_checkpoints: bool,
}

/// How long background work may take for one read. None takes more than milliseconds; this ends one that
/// does.
const BACKGROUND: Duration = Duration::from_secs(30);

impl Lane {
    /// All lanes, in the order of their declaration.
    pub(super) const ALL: [Self; 6] =
        [Self::Query, Self::Search, Self::Replay, Self::Presence, Self::Tail, Self::Health];

    /// The table of lanes.
    ///
    /// A replay holds one place for each subscription that begins; after a restart all clients come back at
    /// once, up to as many as there are connections.
    pub(super) fn config(self, store: &StoreConfig) -> LaneConfig {
        let readers = store.readers.max(1);
        let background = |name, deadline| LaneConfig {
            name,
            threads: 1,
            queue: 16,
            deadline,
            cache: 4,
            yields_to_checkpoints: false,
        };
        match self {
            Self::Query => LaneConfig {
                name: "reader",
                threads: readers,
                queue: 4_096,
                deadline: store.read_deadline,
                cache: 16,
                yields_to_checkpoints: true,
            },
            Self::Search => LaneConfig {
                name: "search",
                threads: (readers / 4).max(1),
                queue: 256,
                deadline: store.search_deadline,
                cache: 16,
                yields_to_checkpoints: true,
            },
            Self::Replay => LaneConfig {
                name: "replay",
                threads: (readers / 2).max(1),
                queue: 16_384,
                deadline: store.read_deadline,
                cache: 4,
                yields_to_checkpoints: true,
            },
            Self::Presence => background("presence", BACKGROUND),
            Self::Tail => background("log-reader", BACKGROUND),
            Self::Health => background("health", Duration::from_secs(5)),
        }
    }
}
