//! C28: files of the pages for clients that do not take gzip: each gets a copy of its own, and nobody counts them.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::{
    Outcome,
    attack::{Answer, Attack, Bounds, Scene, USUAL},
    run::FROM,
};

/// The largest file of GraphiQL, asked for without a token and not taken.
pub static ATTACK: Attack = Attack {
    code: "C28",
    name: "a page's file, not compressed and not taken",
    sent: "1,000 GET requests without a token for a file of GraphiQL, without Accept-Encoding",
    bounds: Bounds { memory_mib: 32, ..Bounds::USUAL },
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let Some(path) = largest_file(scene).await? else {
        return Ok(Answer::new(true, "there are no pages"));
    };
    let address = scene.server.address;
    let begin = Instant::now();
    let asking = (0..scene.strength.of(1_000, 60)).map(async |_| {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4_096)?;
        let mut stream: TcpStream = socket.connect(address).await?;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-For: {FROM}\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        let mut status = [0; 12];
        timeout(Duration::from_secs(30), stream.read_exact(&mut status)).await??;
        Outcome::Ok((stream, String::from_utf8_lossy(&status[9..]).into_owned()))
    });
    let answered: Vec<_> = join_all(asking).await.into_iter().flatten().collect();
    let (took, memory) = (begin.elapsed().as_millis(), scene.server.resident_kib() / 1024);
    let served = answered.iter().filter(|(_, status)| status == "200").count();
    Ok(Answer::new(true, format!("{served} of {} served within {took} ms; {memory} MiB", answered.len())))
}

/// The path of the largest file that GraphiQL's page names.
async fn largest_file(scene: &Scene<'_>) -> Outcome<Option<String>> {
    let home = format!("http://{}", scene.server.address);
    let page = reqwest::get(&home).await?.text().await?;
    let mut largest = None;
    for path in page.split('"').filter(|part| part.starts_with("/graphiql/assets/")) {
        let bytes = reqwest::get(format!("{home}{path}")).await?.bytes().await?.len();
        largest = largest.max(Some((bytes, path.to_owned())));
    }
    Ok(largest.map(|(_, path)| path))
}
