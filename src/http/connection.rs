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
    pub(super) stop: Stop,
    /// Who is at the other end: the client, or a proxy.
    pub(super) peer: IpAddr,
    /// The request that came over it.
    pub(super) in_flight: InFlight,
}

impl Connection {
    /// For a request whose head was received.
    pub(super) fn of_request(stop: Stop, peer: IpAddr, seat: &Arc<Seat>) -> Self {
        Self { stop, peer, in_flight: InFlight::begin(seat) }
    }
}

/// A request's way in.
#[derive(Debug)]
pub(super) struct Visit {
    /// Over which connection it came.
    pub(super) connection: Connection,
    /// Where it comes from; `None` for this machine itself, which is not counted.
    pub(super) caller: Option<RateKey>,
    /// Its name.
    pub(super) request_id: RequestId,
}

/// Tells everybody who has a copy that the server stops: the other end is dropped then.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<()>);

impl Stop {
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
