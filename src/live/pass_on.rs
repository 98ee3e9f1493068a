//! Passes on what is not kept: looks up once whom it concerns, and hands it to the hub.

use std::{io, sync::Arc, thread};

use async_channel::Receiver;

use super::{Hub, Notice};
use crate::{
    store::{Lane, Store, StoreError},
    types::Fleeting,
};

/// Passes on what happens, on a thread of its own, until nothing more can happen.
pub fn pass_on(store: Store, hub: Hub, happening: Receiver<Fleeting>) -> io::Result<()> {
    let follow = move || {
        while let Ok(fleeting) = happening.recv_blocking() {
            if let Err(error) = tell(&store, &hub, fleeting)
                && !matches!(error, StoreError::Closed)
            {
                tracing::error!(%error, "whom something concerns could not be read; nobody is told of it");
            }
        }
    };
    thread::Builder::new().name("pass-on".into()).spawn(follow).map(drop)
}

fn tell(store: &Store, hub: &Hub, fleeting: Fleeting) -> Result<(), StoreError> {
    if hub.is_idle() {
        return Ok(());
    }
    let loaded = store.read_blocking(Lane::Presence, move |connection| Notice::load(connection, fleeting))?;
    if let Some((notice, audience)) = loaded {
        hub.pass_on(&Arc::new(notice), &audience);
    }
    Ok(())
}
