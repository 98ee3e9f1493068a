//! C7, C8 and C23: connections that say nothing, bodies that come slowly, and bodies in very small pieces.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    Outcome,
    attack::{Answer, Attack, Bounds, Scene, USUAL},
    run::FROM,
};

/// All places taken by connections that say nothing.
pub static SILENT: Attack = Attack {
    code: "C7",
    name: "silent connections take all places",
    sent: "200 connections without a byte, of 200 that there may be",
    settings: &[("MESSENGER_MAX_CONNECTIONS", "200")],
    run: |scene| Box::pin(silent(scene)),
    ..USUAL
};

/// Bodies of which the last bytes never come.
pub static SLOW_BODIES: Attack = Attack {
    code: "C8",
    name: "slow bodies",
    sent: "300 connections of one user, each with all but the end of a body of 1 MiB",
    run: |scene| Box::pin(slow_bodies(scene)),
    ..USUAL
};

/// Bodies that come a byte at a time cost much more than their bytes where each piece is kept as it came.
pub static ONE_BYTE_CHUNKS: Attack = Attack {
    code: "C23",
    name: "bodies in chunks of one byte",
    sent: "20 connections of one user, each with a body of 900,000 chunks of one byte",
    bounds: Bounds { memory_mib: 96, ..Bounds::USUAL },
    run: |scene| Box::pin(one_byte_chunks(scene)),
    ..USUAL
};

async fn silent(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let address = scene.server.address;
    let silent: Vec<_> = join_all((0..200).map(|_| TcpStream::connect(address))).await;
    let begin = Instant::now();
    let honest = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").await?;
        Outcome::Ok(stream.read(&mut [0; 64]).await?)
    };
    let answered = timeout(Duration::from_secs(45), honest).await;
    let waited = begin.elapsed();
    drop(silent);
    let text = format!("the next client waited {} ms", waited.as_millis());
    let most = Duration::from_secs(scene.strength.of(2, 20));
    Ok(Answer::new(matches!(answered, Ok(Ok(1..))) && waited < most, text))
}

async fn slow_bodies(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let count = scene.strength.of(300, 100);
    let address = scene.server.address;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-For: {FROM}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: 1048576\r\n\r\n",
        scene.mallory.token
    );
    let body = vec![b' '; 1_000_000];
    let sending = (0..count).map(async |_| {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(head.as_bytes()).await?;
        // Who is refused is cut off, or hears it while it still sends.
        drop(timeout(Duration::from_secs(20), stream.write_all(&body)).await);
        let mut answer = vec![0; 4096];
        let read = timeout(Duration::from_secs(15), stream.read(&mut answer)).await;
        let read = read.map_or(0, Result::unwrap_or_default);
        Outcome::Ok(String::from_utf8_lossy(&answer[..read]).chars().skip(9).take(3).collect::<String>())
    });
    let statuses: Vec<String> = join_all(sending).await.into_iter().flatten().collect();
    let of = |status: &str| statuses.iter().filter(|one| *one == status).count();
    Ok(Answer::new(true, format!("{} × 503, {} × 408, {} without an answer", of("503"), of("408"), of(""))))
}

async fn one_byte_chunks(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let address = scene.server.address;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-For: {FROM}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        scene.mallory.token
    );
    let body = "1\r\n \r\n".repeat(scene.strength.of(900_000, 300_000));
    let sending = (0..scene.strength.of(20, 8)).map(async |_| {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(head.as_bytes()).await?;
        // Who is refused is cut off.
        drop(timeout(Duration::from_secs(20), stream.write_all(body.as_bytes())).await);
        Outcome::Ok(stream)
    });
    let streams = join_all(sending).await;
    let memory = scene.server.resident_kib() / 1024;
    drop(streams);
    Ok(Answer::new(true, format!("{memory} MiB when they had been sent")))
}
