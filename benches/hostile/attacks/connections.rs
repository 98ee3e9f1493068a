//! C7 and C8: connections that say nothing, and bodies that come slowly.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
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
    Ok(Answer::new(matches!(answered, Ok(Ok(1..))) && waited < Duration::from_secs(2), text))
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
