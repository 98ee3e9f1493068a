//! C2: few values, and very many bytes.

use std::fmt::Write;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    person::Reply,
};

/// What one request may answer at most, with what surrounds it: 16 MiB by default.
const MOST: u64 = 17 << 20;

/// Aliases of a text: as many as a document may have.
const ALIASES: usize = 99;

/// One request at the limit of values.
pub static ONE: Attack = Attack {
    code: "C2a",
    name: "an answer of 1.5 GB",
    sent: "one request of 1 kB: 490 messages × 100 aliases of their text, each 5,000 × U+0001",
    limit: std::time::Duration::from_secs(90),
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene, 490, 1)),
    ..USUAL
};

/// Several smaller ones at once.
pub static THREE: Attack = Attack {
    code: "C2b",
    name: "three answers of 600 MB at once",
    sent: "three such requests for 200 messages",
    limit: std::time::Duration::from_secs(90),
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene, 200, 3)),
    ..USUAL
};

async fn prepare(scene: &Scene<'_>) -> Outcome<Value> {
    let me = scene.mallory.id().await?;
    let text = "\u{1}".repeat(4_999) + ".";
    scene.service.acting_as(&me).sends(&me, &text, scene.strength.of(490, 40)).await?;
    Ok(me.into())
}

async fn run(scene: &mut Scene<'_>, first: usize, at_once: usize) -> Outcome<Answer> {
    let mut query = "query($me: ID!, $first: Int!) {
        recentMessages(recipientId: $me, window: {days: 30}, first: $first) { nodes { text"
        .to_owned();
    for number in 0..ALIASES {
        write!(query, " a{number}: text")?;
    }
    query += " } } }";
    let variables = json!({ "me": scene.prepared, "first": first });
    let replies = join_all((0..at_once).map(|_| scene.mallory.ask(&query, variables.clone()))).await;
    let replies: Vec<Reply> = replies.into_iter().collect::<Outcome<_>>()?;
    let is_right = replies.iter().all(|reply| reply.bytes < MOST && reply.code() != "none");
    Ok(Answer::new(is_right, replies.iter().map(Reply::told).collect::<Vec<_>>().join("; ")))
}
