//! Relays changes that no log keeps: reads each one's audience once, and hands it to the hub.

use std::{io, sync::Arc, thread};

use async_channel::Receiver;

use super::{EphemeralEvent, Hub};
use crate::{
    store::{Lane, Store, StoreError},
    types::EphemeralChange,
};

/// Relays changes on a thread of its own, until the channel is closed.
pub fn relay(store: Store, hub: Hub, changes: Receiver<EphemeralChange>) -> io::Result<()> {
    let follow = move || {
        while let Ok(change) = changes.recv_blocking() {
            if let Err(error) = relay_one(&store, &hub, change)
                && !matches!(error, StoreError::Closed)
            {
                tracing::error!(%error, "whom something concerns could not be read; nobody is told of it");
            }
        }
    };
    thread::Builder::new().name("relay".into()).spawn(follow).map(drop)
}

fn relay_one(store: &Store, hub: &Hub, change: EphemeralChange) -> Result<(), StoreError> {
    if hub.is_idle() {
        return Ok(());
    }
    let loaded =
        store.read_blocking(Lane::Presence, move |connection| EphemeralEvent::load(connection, change))?;
    if let Some((event, audience)) = loaded {
        hub.relay(&Arc::new(event), &audience);
    }
    Ok(())
}
