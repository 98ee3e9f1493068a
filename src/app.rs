//! What the program is made of, wired in one place.

use std::{fmt, sync::Arc};

use rand::Rng;

use crate::{
    auth::Auth,
    config::Limits,
    live::{Hub, follow_log, relay},
    models::{MessageCache, RecentIdsCache, UserCache, conversation, event, log, message},
    presence::{InProcess, PresenceStore},
    rates::{Rates, Turns},
    store::{Lane, OpenError, StatementObserver, Store, StoreConfig, StoreError},
    types::{Clock, IdMint, LogId},
};

/// Everything a use case works with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Where everything is kept.
    pub store: Store,
    /// The users that are remembered.
    pub users: UserCache,
    /// The messages that are remembered.
    pub messages: MessageCache,
    /// Which messages came last, as far as that is remembered.
    pub lists: RecentIdsCache,
    /// Which log of events it has.
    pub log: LogId,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub mint: Arc<IdMint>,
    /// Who is told what happens.
    pub hub: Hub,
    /// Who is there.
    pub presence: Arc<dyn PresenceStore>,
    /// How often one may do what.
    pub rates: Arc<Rates>,
    /// Whose search runs: one of each user at a time.
    pub searches: Turns,
    /// Whose subscription reads the log: one of each user at a time.
    pub replays: Turns,
    /// What one client may ask for and hold.
    pub limits: Arc<Limits>,
    /// Whose tokens are believed.
    pub auth: Auth,
}

impl App {
    /// Opens the store and wires the rest around it. Blocks; call it before the server takes requests.
    pub fn open(
        config: &StoreConfig,
        clock: Arc<dyn Clock>,
        auth: Auth,
        randomness: Box<dyn Rng + Send>,
        observer: StatementObserver,
    ) -> Result<Self, OpenError> {
        let store = Store::open(config, observer)?;
        let refuse = |reason: String| OpenError { file: config.file.clone(), reason };
        let (newest, tail, log) = store
            .read_blocking(Lane::Query, |connection| {
                let newest =
                    message::newest_id(connection)?.max(conversation::newest_in_chatrooms(connection)?);
                Ok::<_, StoreError>((newest, event::latest_position(connection)?, log::id(connection)?))
            })
            .map_err(|error| refuse(error.to_string()))?;
        let hub = Hub::starting_at(tail);
        follow_log(store.clone(), hub.clone()).map_err(|error| refuse(error.to_string()))?;
        let (presence, changes) = InProcess::new(Arc::clone(&clock));
        relay(store.clone(), hub.clone(), changes).map_err(|error| refuse(error.to_string()))?;
        let mint = Arc::new(IdMint::new(randomness, newest));
        let presence = Arc::new(presence);
        let (users, messages, lists) =
            (UserCache::default(), MessageCache::default(), RecentIdsCache::default());
        let (searches, replays) = (Turns::of(1), Turns::of_bounded_work(1));
        Ok(Self {
            store,
            users,
            messages,
            lists,
            log,
            clock,
            mint,
            hub,
            presence,
            rates: Arc::default(),
            searches,
            replays,
            limits: Arc::default(),
            auth,
        })
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("store", &self.store).finish_non_exhaustive()
    }
}
