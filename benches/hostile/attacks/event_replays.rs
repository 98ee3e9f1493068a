//! C5, more: what was missed is told as often as somebody asks, and is not counted.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    run::FROM,
    socket::{Received, Socket},
};

/// How many events one user may be told in a second, on average, beyond which others pay for it.
const MOST_A_SECOND: usize = 5_000;

/// Many subscriptions from the beginning of a long log.
pub static ATTACK: Attack = Attack {
    code: "C5b",
    name: "replays of the whole log",
    sent: "20 subscriptions on a socket from before 20,000 events, for 20 s",
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

async fn prepare(scene: &Scene<'_>) -> Outcome<Value> {
    let me = scene.mallory.id().await?;
    let page = "query($me: ID!) { recentMessages(recipientId: $me) { eventCursor } }";
    let data = scene.mallory.data(page, json!({ "me": me })).await?;
    scene.service.acting_as(&me).sends(&me, "an event", scene.strength.of(20_000, 500)).await?;
    Ok(data["recentMessages"]["eventCursor"].clone())
}

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let query = "subscription($after: String) { events(after: $after) {
        cursor event { ... on MessageSent { message { id text sender { username } } } } } }";
    let mut socket = Socket::with_token(scene.server.address, FROM, &scene.mallory.token).await?;
    for number in 0..20 {
        socket.subscribe(&number.to_string(), query, json!({ "after": scene.prepared })).await?;
    }
    let seconds = scene.strength.of(20, 3);
    let end = Instant::now() + Duration::from_secs(seconds as u64);
    let mut events = 0;
    while let Ok(Ok(Received::Text(_))) = timeout_at(end, socket.next()).await {
        events += 1;
    }
    let each = events / seconds;
    Ok(Answer::new(each <= MOST_A_SECOND, format!("{events} events told, {each} a second")))
}
