//! C5, C6 and C18: subscriptions that cost much for each event, for each chatroom, or for as long as they last.

use std::{fmt::Write, time::Duration};

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    Outcome,
    attack::{Answer, Attack, Bounds, Scene, USUAL},
    person::text,
    run::FROM,
    socket::{Received, Socket},
};

/// Much to read for each event.
pub static EXPENSIVE_EVENTS: Attack = Attack {
    code: "C5a",
    name: "50,000 values for each event",
    sent: "100 subscriptions on a socket that read 12 pages of 1,000 messages for each event; one message",
    prepare: |scene| Box::pin(prepare_notes(scene)),
    run: |scene| Box::pin(expensive_events(scene)),
    ..USUAL
};

/// Many subscriptions of somebody in many chatrooms.
pub static ROOMS: Attack = Attack {
    code: "C6",
    name: "subscriptions × chatrooms",
    sent: "2,000 chatrooms made, then 300 subscriptions",
    bounds: Bounds { memory_mib: 64, ..Bounds::USUAL },
    prepare: |scene| Box::pin(prepare_rooms(scene)),
    run: |scene| Box::pin(rooms(scene)),
    ..USUAL
};

/// Variables that no operation declares, kept for as long as it lasts.
pub static VARIABLES: Attack = Attack {
    code: "C18",
    name: "variables that nobody declared",
    sent: "100 subscriptions on a socket, each with 250 kB of variables; one message",
    bounds: Bounds { memory_mib: 64, ..Bounds::USUAL },
    run: |scene| Box::pin(variables(scene)),
    ..USUAL
};

/// How many bytes one event may be told in to one subscription: far more than a screen shows of it.
const MOST_FOR_EACH: usize = 1_000_000;

const CHEAP: &str = "subscription { events { cursor event { __typename } } }";

async fn prepare_notes(scene: &Scene<'_>) -> Outcome<Value> {
    let me = scene.mallory.id().await?;
    scene.service.acting_as(&me).sends(&me, &"a note ".repeat(28), 1_000).await?;
    Ok(Value::Null)
}

/// Begins subscriptions, and counts how many were begun; gives the first refusal.
async fn begin(
    socket: &mut Socket,
    numbers: std::ops::Range<usize>,
    query: &str,
    variables: &Value,
) -> Outcome<(usize, String)> {
    let (count, mut begun, mut refusal) = (numbers.len(), 0, String::new());
    for number in numbers {
        socket.subscribe(&number.to_string(), query, variables.clone()).await?;
    }
    for _ in 0..count {
        match timeout(Duration::from_secs(10), socket.next()).await {
            Ok(Ok(Received::Text(text))) if text.contains("\"next\"") && !text.contains("\"errors\"") => {
                begun += 1;
            }
            Ok(Ok(Received::Text(text))) => refusal = code(&text),
            Ok(Ok(Received::Closed(code, reason))) => return Ok((begun, format!("closed {code} {reason}"))),
            Ok(Err(error)) => return Err(error),
            Err(_) => break,
        }
    }
    Ok((begun, refusal))
}

fn code(text: &str) -> String {
    let rest = text.split("\"code\":\"").nth(1).unwrap_or(text);
    rest.split('"').next().unwrap_or_default().chars().take(60).collect()
}

/// How many bytes are told within some seconds.
async fn told(socket: &mut Socket, patience: Duration) -> usize {
    let mut bytes = 0;
    let all = async {
        while let Ok(Received::Text(text)) = socket.next().await {
            bytes += text.len();
        }
    };
    drop(timeout(patience, all).await);
    bytes
}

async fn expensive_events(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let mut query =
        "subscription { events { event { ... on MessageSent { message { conversation {".to_owned();
    for number in 0..12 {
        write!(query, " m{number}: messages(first: 1000) {{ nodes {{ id text }} }}")?;
    }
    query += " } } } } } }";
    let mut socket = Socket::with_token(scene.server.address, FROM, &scene.mallory.token).await?;
    let count = scene.strength.of(100, 3);
    let (begun, refusal) = begin(&mut socket, 0..count, &query, &json!({})).await?;
    let me = scene.mallory.id().await?;
    scene.mallory.sends(&me, "one event", 1).await?;
    let bytes = told(&mut socket, Duration::from_secs(if begun > 0 { 20 } else { 1 })).await;
    let text = format!("{begun} of {count} began {refusal}; {} MB told for one message", bytes / 1_000_000);
    Ok(Answer::new(bytes / begun.max(1) < MOST_FOR_EACH, text))
}

async fn prepare_rooms(scene: &Scene<'_>) -> Outcome<Value> {
    let me = scene.service.acting_as(&scene.mallory.id().await?);
    let mut made = 0;
    for _ in 0..scene.strength.of(40, 2) {
        let mut create = "mutation {".to_owned();
        for number in 0..50 {
            write!(
                create,
                " r{number}: createChatroom(input: {{ name: \"room\" }}) {{ errors {{ code }} }}"
            )?;
        }
        let reply = me.ask(&(create + " }"), json!({})).await?;
        let refused = reply.start.matches("\"code\"").count();
        made += 50 - refused;
        if refused > 0 {
            return Ok(json!([made, reply.code()]));
        }
    }
    Ok(json!([made, "none refused"]))
}

async fn rooms(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let mut total = 0;
    let (mut sockets, mut refusals) = (Vec::new(), String::new());
    for _ in 0..scene.strength.of(3, 1) {
        let mut socket = Socket::with_token(scene.server.address, FROM, &scene.mallory.token).await?;
        let (begun, refusal) = begin(&mut socket, 0..100, CHEAP, &json!({})).await?;
        total += begun;
        refusals = refusal;
        sockets.push(socket);
    }
    let (made, code) = (&scene.prepared[0], text(&scene.prepared[1])?);
    let is_right = made.as_u64().is_some_and(|made| made <= 1_000) || scene.strength.of(false, true);
    Ok(Answer::new(is_right, format!("{made} chatrooms ({code}); {total} subscriptions {refusals}")))
}

async fn variables(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let mut socket = Socket::with_token(scene.server.address, FROM, &scene.mallory.token).await?;
    let variables = json!({ "x": vec![0; 124_000] });
    let count = scene.strength.of(100, 20);
    let (begun, refusal) = begin(&mut socket, 0..count, CHEAP, &variables).await?;
    let me = scene.mallory.id().await?;
    scene.mallory.sends(&me, "one event", 1).await?;
    told(&mut socket, Duration::from_secs(3)).await;
    Ok(Answer::new(true, format!("{begun} of {count} began {refusal}")))
}
