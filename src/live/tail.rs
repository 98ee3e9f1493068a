//! Follows the log: reads what was committed, once for all listeners, and hands it to the hub.

use std::{io, sync::Arc, thread, time::Duration};

use super::{EventRecord, Hub};
use crate::{
    models::event::{self, PositionRange},
    store::{Lane, Store, StoreError},
};

/// The most events that are read at once.
const BATCH: i64 = 500;

/// Follows the log on a thread of its own until the store is closed.
pub fn follow_log(store: Store, hub: Hub) -> io::Result<()> {
    let commits = store.commits();
    let follow = move || {
        while commits.recv_blocking().is_ok() {
            while let Err(error) = publish_new(&store, &hub) {
                if matches!(error, StoreError::Closed) {
                    return;
                }
                tracing::error!(%error, "the event log could not be read; listeners wait, and it is tried again");
                pause();
            }
        }
    };
    thread::Builder::new().name("tail".into()).spawn(follow).map(drop)
}

/// Until the fault may have gone: the next commit, which would be told as well, may be an hour away.
#[expect(clippy::disallowed_methods, reason = "nothing tells when a database can be read again")]
fn pause() {
    thread::sleep(Duration::from_secs(1));
}

fn publish_new(store: &Store, hub: &Hub) -> Result<(), StoreError> {
    if hub.is_idle() {
        let latest = store.read_blocking(Lane::Tail, |connection| {
            Ok::<_, StoreError>(event::latest_position(connection)?)
        })?;
        if hub.skip_to(latest) {
            return Ok(());
        }
    }
    while publish_batch(store, hub)? {}
    Ok(())
}

/// Whether there may be more.
fn publish_batch(store: &Store, hub: &Hub) -> Result<bool, StoreError> {
    let range = PositionRange { after: hub.tail(), up_to: i64::MAX };
    let records = store.read_blocking(Lane::Tail, move |connection| {
        let rows = event::read(connection, range, BATCH)?;
        Ok::<_, StoreError>(EventRecord::load(connection, rows)?)
    })?;
    let is_full = i64::try_from(records.len()).is_ok_and(|count| count == BATCH);
    let records: Vec<Arc<EventRecord>> = records.into_iter().map(Arc::new).collect();
    hub.publish(&records);
    Ok(is_full)
}
