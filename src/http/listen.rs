//! The socket: accepts connections, bounds what they may hold, and lets them finish at the end.

use std::{
    future::pending,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep_until, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::{
    connection::{Connection, Shutdown},
    connection_limit::ConnectionLimit,
    intake::Metered,
    seat::Seat,
    sending::Paced,
    socket::QuotaExceeded,
};

/// How long a client may take from the opening of a connection to the end of its first request's head.
const FIRST_HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client may take to send a later head, and how long a kept connection may be silent.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client may take nothing of what it is sent.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection that makes place may take to send the last of its answer.
const FAREWELL: Duration = Duration::from_millis(100);
/// The most bytes of a head. What all of them take together, `seat.rs` bounds.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// The most bytes of answers that the kernel keeps for a connection and has not sent yet.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 128 * 1024;
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

/// Serves until `shutdown`, then accepts no more and finishes what is in flight.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    mut connection_limit: ConnectionLimit,
    shutdown: impl Future<Output = ()>,
) {
    let (signal, stopped) = Shutdown::signal();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            let accepted = listener.accept().await;
            // Whoever waits here has a file already, and so is one more than there are places.
            (accepted, connection_limit.next().await)
        };
        let (accepted, permit) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        match (accepted, permit) {
            (Ok((stream, peer)), Ok(permit)) => match connection_limit.seat(peer.ip(), permit) {
                Ok(seat) => {
                    let connection = (stopped.clone(), peer.ip(), Arc::new(seat));
                    tokio::spawn(attend(stream, routes.clone(), connection));
                }
                Err(QuotaExceeded) => refuse(&stream),
            },
            (Err(error), _) => recover(&error).await,
            (Ok(_), Err(closed)) => tracing::error!(%closed, "there are no places"),
        }
    }
    drop((listener, signal));
    // Whoever is connected has a place: a request, a stream of events, or a WebSocket.
    if timeout(DRAIN, connection_limit.all_have_left()).await.is_err() {
        tracing::warn!(seconds = DRAIN.as_secs(), "requests were still running and have been given up");
    }
}

/// Serves one connection to its end.
async fn attend(stream: TcpStream, routes: Router, (shutdown, peer, seat): (Shutdown, IpAddr, Arc<Seat>)) {
    // Answers are small and complete; waiting to fill a packet only delays them.
    drop(stream.set_nodelay(true));
    notice_the_vanished(&stream);
    keep_little_unsent(&stream);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(SEND_TIMEOUT));
    let stream = Metered::new(Paced::new(Box::pin(stream)), Arc::clone(&seat));
    let (stopped, asked) = (shutdown.clone(), Arc::clone(&seat));
    let routes = routes.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Connection::of_request(shutdown.clone(), peer, &asked));
        request
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes))
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    let served = tokio::select! {
        served = &mut serving => served,
        () = stopped.requested() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
        () = seat.told_to_leave() => {
            serving.as_mut().graceful_shutdown();
            make_place(serving, &seat).await
        }
        () = asks_nothing(&seat) => Ok(()),
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Ends a connection that was idle. A request that came at the last moment is answered.
async fn make_place<E>(serving: Pin<&mut impl Future<Output = Result<(), E>>>, seat: &Seat) -> Result<(), E> {
    if seat.is_busy() { serving.await } else { timeout(FAREWELL, serving).await.unwrap_or(Ok(())) }
}

/// Returns when the first request has not come in time.
async fn asks_nothing(seat: &Seat) {
    sleep_until(Instant::now() + FIRST_HEAD_TIMEOUT).await;
    if seat.has_asked() {
        pending::<()>().await;
    }
}

/// Tells a client whose address has too many connections so, as far as it can be told without waiting.
fn refuse(stream: &TcpStream) {
    const BODY: &str = r#"{"errors":[{"message":"as many connections are open from this address as may be; close some of them, or use them for several requests","extensions":{"code":"TOO_MANY_CONNECTIONS"}}]}"#;
    let response = format!(
        "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json; charset=utf-8\r\nretry-after: 5\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    drop(stream.try_write(response.as_bytes()));
}

/// A host that vanished acknowledges nothing: the kernel would go on trying for a quarter of an hour.
#[cfg(target_os = "linux")]
fn notice_the_vanished(stream: &TcpStream) {
    drop(SockRef::from(stream).set_tcp_user_timeout(Some(SEND_TIMEOUT)));
}

#[cfg(not(target_os = "linux"))]
fn notice_the_vanished(_: &TcpStream) {}

/// The kernel would copy up to 4 MiB of an answer for each client that takes nothing of it. What is on the way to a client is
/// not bounded by this, so a fast one gets its answer as fast.
#[cfg(target_os = "linux")]
fn keep_little_unsent(stream: &TcpStream) {
    drop(SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES));
}

#[cfg(not(target_os = "linux"))]
fn keep_little_unsent(_: &TcpStream) {}

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
