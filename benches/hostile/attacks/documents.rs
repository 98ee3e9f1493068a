//! C11: a subscription keeps its document for as long as it lasts.

use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use crate::{
    Outcome,
    attack::{Answer, Attack, Bounds, Scene, USUAL},
    run::FROM,
    socket::{Heard, Socket},
};

/// Documents as large as may be, which differ in one name.
pub static ATTACK: Attack = Attack {
    code: "C11",
    name: "each subscription keeps its document",
    sent: "400 subscriptions on four sockets, with documents of 31 kB that differ in one alias",
    bounds: Bounds { memory_mib: 64, ..Bounds::USUAL },
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let before = scene.server.resident_kib();
    let fields = "clientMessageId ".repeat(1_900);
    let (mut sockets, mut begun, mut refusal) = (Vec::new(), 0, String::new());
    for number in 0..scene.strength.of(4, 1) {
        let mut socket = Socket::with_token(scene.server.address, FROM, &scene.mallory.token).await?;
        for id in 0..100 {
            let query = format!(
                "subscription {{ events {{ a{number}x{id}: cursor event {{ __typename \
                 ... on MessageSent {{ message {{ {fields} }} }} }} }} }}"
            );
            socket.subscribe(&id.to_string(), &query, json!({})).await?;
            match timeout(Duration::from_secs(10), socket.next()).await?? {
                Heard::Text(text) if text.contains("\"next\"") => begun += 1,
                Heard::Text(text) => refusal = text.chars().skip(20).take(90).collect(),
                Heard::Closed(code, reason) => {
                    return Ok(Answer::new(true, format!("closed {code} {reason}")));
                }
            }
        }
        sockets.push(socket);
    }
    drop(sockets);
    drop(timeout(Duration::from_secs(3), std::future::pending::<()>()).await);
    let kept = scene.server.resident_kib().saturating_sub(before) / 1024;
    let refusal = refusal.replace(['|', '"'], " ");
    Ok(Answer::new(kept <= 64, format!("{begun} began {refusal}; {kept} MiB are kept 3 s after their end")))
}
