//! C11: a subscription keeps its document for as long as it lasts.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::timeout;

use crate::{
    Outcome,
    attack::{Answer, Attack, Bounds, Scene, USUAL},
    person::Person,
    run::FROM,
    server::Server,
    socket::{Received, Socket},
};

/// Subscriptions of each socket: as many operations as it may have.
const SUBSCRIPTIONS: usize = 100;
/// Sockets of each user.
const SOCKETS: usize = 4;

/// Documents of one user.
pub static OF_ONE: Attack = Attack {
    code: "C11a",
    name: "each subscription keeps its document",
    sent: "400 subscriptions on four sockets, with documents of 6 kB and 1,900 fields that differ in one alias",
    bounds: Bounds { memory_mib: 64, ..Bounds::USUAL },
    run: |scene| Box::pin(run(scene, 1)),
    ..USUAL
};

/// The same of several users, which all of them together must not be able to fill the memory with.
pub static OF_MANY: Attack = Attack {
    code: "C11b",
    name: "many users' subscriptions keep their documents",
    sent: "the same by 10 users at once",
    bounds: Bounds { memory_mib: 512, ..Bounds::USUAL },
    limit: Duration::from_secs(90),
    run: |scene| Box::pin(run(scene, 10)),
    ..USUAL
};

async fn run(scene: &mut Scene<'_>, users: usize) -> Outcome<Answer> {
    let (users, sockets) = (scene.strength.of(users, users.min(2)), scene.strength.of(SOCKETS, 1));
    let before = scene.server.resident_kib();
    let server: &Server = scene.server;
    let opening = (0..users * sockets).map(|number| open(server, number / sockets, number));
    let opened: Vec<_> = join_all(opening).await.into_iter().collect::<Outcome<_>>()?;
    let begun: usize = opened.iter().map(|(_, begun, _)| begun).sum();
    let held = server.resident_kib().saturating_sub(before) / 1024;
    let refusal = opened.iter().map(|(.., refusal)| refusal.clone()).max().unwrap_or_default();
    drop(opened);
    drop(timeout(Duration::from_secs(3), std::future::pending::<()>()).await);
    let kept = server.resident_kib().saturating_sub(before) / 1024;
    let text = format!("{begun} began {refusal}; {held} MiB while they last, {kept} MiB 3 s after their end");
    Ok(Answer::new(kept <= 64, text))
}

/// Opens a socket of a user with as many subscriptions as it takes; gives how many, and the last refusal.
async fn open(server: &Server, user: usize, number: usize) -> Outcome<(Socket, usize, String)> {
    // A short text, and very many fields: what is kept of each is much longer than its name.
    let fields = "id ".repeat(1_900);
    let token = Person::user(server.address, &format!("keeper-{user}"), FROM)?.token;
    let mut socket = Socket::with_token(server.address, FROM, &token).await?;
    let (mut begun, mut refusal) = (0, String::new());
    for id in 0..SUBSCRIPTIONS {
        let query = format!(
            "subscription {{ events {{ a{number}x{id}: cursor event {{ __typename \
             ... on MessageSent {{ message {{ {fields} }} }} }} }} }}"
        );
        socket.subscribe(&id.to_string(), &query, json!({})).await?;
        match timeout(Duration::from_secs(30), socket.next()).await?? {
            Received::Text(text) if text.contains("\"next\"") && !text.contains("\"errors\"") => begun += 1,
            Received::Text(text) => refusal = text.chars().skip(20).take(90).collect(),
            Received::Closed(code, reason) => {
                refusal = format!("closed {code} {reason}");
                break;
            }
        }
    }
    Ok((socket, begun, refusal.replace(['|', '"'], " ")))
}
