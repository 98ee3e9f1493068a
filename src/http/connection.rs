//! What a request knows of the connection that it came over.

use std::{net::IpAddr, sync::Arc};

use tokio::sync::watch;

use super::seat::{InFlight, Seat};
use crate::{graphql::RequestId, rates::RateKey};

/// The connection of a request. While somebody keeps it, it has its place among the connections and is not idle, also after
/// it became a WebSocket.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    /// When the server is told to stop.
    pub(super) shutdown: Shutdown,
    /// Who is at the other end: the client, or a proxy.
    pub(super) peer: IpAddr,
    /// The request that came over it.
    pub(super) in_flight: InFlight,
}

impl Connection {
    /// For a request whose head was received.
    pub(super) fn of_request(shutdown: Shutdown, peer: IpAddr, seat: &Arc<Seat>) -> Self {
        Self { shutdown, peer, in_flight: InFlight::begin(seat) }
    }
}

/// What the HTTP layer knows of a request.
#[derive(Debug)]
pub(super) struct RequestContext {
    /// The connection that it came over.
    pub(super) connection: Connection,
    /// Where it comes from; `None` for this machine itself, which is not counted.
    pub(super) caller: Option<RateKey>,
    /// Its id.
    pub(super) request_id: RequestId,
}

/// Signals all copies that the server shuts down: the other end is dropped then.
#[derive(Clone, Debug)]
pub(super) struct Shutdown(watch::Receiver<()>);

impl Shutdown {
    /// Dropping the first is the signal.
    pub(super) fn signal() -> (watch::Sender<()>, Self) {
        let (sender, receiver) = watch::channel(());
        (sender, Self(receiver))
    }

    /// Returns when the server is told to stop.
    pub(super) async fn requested(mut self) {
        while self.0.changed().await.is_ok() {}
    }
}
