//! C27: large answers that are taken slowly: who takes something now and then is never dropped.

use std::{fmt::Write, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, timeout},
};

use crate::{
    Outcome,
    attack::{Answer, Attack, Bounds, Scene, USUAL},
    person::Person,
};

/// From where they call.
const FROM: &str = "203.0.113.67";

/// How long nothing is taken then: 32 kB a second, half of what the server asks for.
const PAUSE: Duration = Duration::from_secs(2);

/// Answers of about 15 MB, and people who hardly take them.
pub static ATTACK: Attack = Attack {
    code: "C27",
    name: "large answers that are taken slowly",
    sent: "5 users × 6 requests for answers of 15 MB, which take 32 kB a second, for 40 s",
    // The budget for the answers of all users is 256 MiB, and what is being written is not in it yet.
    bounds: Bounds { memory_mib: 320, ..Bounds::USUAL },
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

/// Texts for everybody to read; gives the chatroom.
async fn prepare(scene: &Scene<'_>) -> Outcome<Value> {
    let (address, mut ids) = (scene.server.address, Vec::new());
    for number in 0..5 {
        ids.push(Person::user(address, &format!("slow-{number}"), FROM)?.id().await?);
    }
    let me = scene.service.acting_as(&scene.mallory.id().await?);
    let create = "mutation($ids: [ID!]) { createChatroom(input: { name: \"slow\", memberIds: $ids }) {
        chatroom { id } errors { message } } }";
    let room = me.data(create, json!({ "ids": ids })).await?["createChatroom"]["chatroom"]["id"].clone();
    me.sends(&crate::person::text(&room)?, &"x".repeat(5_000), scene.strength.of(60, 20)).await?;
    // A page that is larger than what everybody may have without a reservation.
    let [aaron, betty] = ["probe-aaron", "probe-betty"].map(|name| Person::user(address, name, FROM));
    let (aaron, betty) = (aaron?.id().await?, betty?.id().await?);
    scene.service.acting_as(&aaron).sends(&betty, &"an honest message ".repeat(20), 1_000).await?;
    Ok(room)
}

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let mut query = "query($room: ID!) { chatroom(id: $room) { messages(first: 60) { nodes { text".to_owned();
    for number in 0..49 {
        write!(query, " a{number}: text")?;
    }
    query += " } } } }";
    let body = json!({ "query": query, "variables": { "room": scene.prepared } }).to_string();
    let address = scene.server.address;
    let mut streams = Vec::new();
    for number in 0..5 {
        let token = Person::user(address, &format!("slow-{number}"), FROM)?.token;
        for _ in 0..scene.strength.of(6, 2) {
            streams.push(ask(address, &token, &body).await?);
        }
    }
    let end = Instant::now() + Duration::from_secs(scene.strength.of(40, 6));
    let reading = streams.into_iter().map(|stream| trickle(stream, end));
    let page = "query($me: ID!) { recentMessages(recipientId: $me, window: {days: 30}, first: 1000) {
        nodes { id seq text sentAt sender { id username displayName } conversation { id } } } }";
    let honest = async {
        // Somebody who reads a large page while the others hold theirs.
        drop(timeout(Duration::from_secs(scene.strength.of(15, 3)), std::future::pending::<()>()).await);
        let betty = Person::user(address, "probe-betty", "198.51.100.7")?;
        let me = betty.id().await?;
        betty.ask(page, json!({ "me": me })).await
    };
    let (open, honest) = tokio::join!(join_all(reading), honest);
    let open = open.into_iter().filter(|is_open| *is_open).count();
    let honest = honest?;
    // In a few seconds nobody is too slow yet.
    let most_open = scene.strength.of(0, 10);
    let is_right = honest.code() == "none" && open <= most_open;
    Ok(Answer::new(is_right, format!("{open} are held at the end; a page of 1,000: {}", honest.told())))
}

async fn ask(address: std::net::SocketAddr, token: &str, body: &str) -> Outcome<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // What the kernel takes, the server need not hold.
    socket.set_recv_buffer_size(64 * 1024)?;
    let mut stream = socket.connect(address).await?;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-For: {FROM}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    Ok(stream)
}

/// Takes too little; tells whether the server still holds the rest at the end.
async fn trickle(mut stream: TcpStream, end: Instant) -> bool {
    let mut bytes = vec![0; 64 * 1024];
    while Instant::now() < end {
        if stream.read_exact(&mut bytes).await.is_err() {
            return false;
        }
        drop(timeout(PAUSE, std::future::pending::<()>()).await);
    }
    true
}
