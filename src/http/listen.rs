//! The socket: accepts connections, bounds what they may hold, and lets them finish at the end.

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::{
    admission::Admission,
    connection::{Connection, Stop},
};

/// How long a client may take to send a request's head, and how long a kept connection may be silent.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client may take nothing of what it is sent.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of a head.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How long what is in flight may take to finish after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// Takes the address, or says in one line why not.
pub async fn bind(addr: &str) -> Result<(TcpListener, SocketAddr), String> {
    let bound = async {
        let listener = TcpListener::bind(addr).await?;
        let local = listener.local_addr()?;
        io::Result::Ok((listener, local))
    };
    bound.await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("the address {addr} is taken by another program; stop it, or choose another with MESSENGER_ADDR or --addr")
        }
        _ => format!("cannot listen on {addr}: {error}; set MESSENGER_ADDR or --addr, such as 127.0.0.1:8080"),
    })
}

/// Serves until `stop`, then accepts no more and finishes what is in flight.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    mut admission: Admission,
    stop: impl Future<Output = ()>,
) {
    let (signal, stopped) = Stop::signal();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            let place = admission.next().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        match (accepted, place) {
            (Ok((stream, peer)), Ok(place)) => {
                let connection = Connection::new(stopped.clone(), peer.ip(), place);
                tokio::spawn(attend(stream, routes.clone(), connection));
            }
            (Err(error), _) => recover(&error).await,
            (Ok(_), Err(closed)) => tracing::error!(%closed, "there are no places"),
        }
    }
    drop((listener, signal));
    // Whoever is connected has a place: a request, a stream of events, or a WebSocket.
    if tokio::time::timeout(DRAIN, admission.all_have_left()).await.is_err() {
        tracing::warn!(seconds = DRAIN.as_secs(), "requests were still running and have been given up");
    }
}

/// Serves one connection to its end.
async fn attend(stream: TcpStream, routes: Router, connection: Connection) {
    // Answers are small and complete; waiting to fill a packet only delays them.
    drop(stream.set_nodelay(true));
    notice_the_vanished(&stream);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(SEND_TIMEOUT));
    let stop = connection.stop.clone();
    let routes = routes.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        request
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(routes))
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    let served = tokio::select! {
        served = &mut serving => served,
        () = stop.requested() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A host that vanished acknowledges nothing: the kernel would go on trying for a quarter of an hour.
#[cfg(target_os = "linux")]
fn notice_the_vanished(stream: &TcpStream) {
    drop(SockRef::from(stream).set_tcp_user_timeout(Some(SEND_TIMEOUT)));
}

#[cfg(not(target_os = "linux"))]
fn notice_the_vanished(_: &TcpStream) {}

/// After a failed accept: a connection that was gone already is nothing, but without file descriptors the next try would
/// fail at once, too.
async fn recover(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "cannot accept connections");
    #[expect(clippy::disallowed_methods, reason = "nothing tells when a file descriptor is free again")]
    tokio::time::sleep(Duration::from_secs(1)).await;
}
