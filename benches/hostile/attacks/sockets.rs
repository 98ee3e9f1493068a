//! C17 and C21: sockets that take slowly, and that say much before anybody knows who they are.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    Outcome,
    attack::{Answer, Attack, Bounds, Scene, USUAL},
    person::{Person, text},
    run::FROM,
    socket::{Received, Socket},
};

/// Messages that somebody does not take, in eight wordings.
pub static SLOW_LISTENER: Attack = Attack {
    code: "C17",
    name: "one slow listener holds everything",
    sent: "eight subscriptions that differ in an alias and one that is not read; 300 messages of 20 kB",
    bounds: Bounds { memory_mib: 128, ..Bounds::USUAL },
    prepare: |scene| Box::pin(prepare_room(scene)),
    run: |scene| Box::pin(slow_listener(scene)),
    ..USUAL
};

/// Large messages before the session is open.
pub static BEFORE_THE_SESSION: Attack = Attack {
    code: "C21",
    name: "large messages before connection_init",
    sent: "sockets without a token: four `pong` messages of 261 kB on one, forty of 6 kB on another",
    run: |scene| Box::pin(before_the_session(scene)),
    ..USUAL
};

/// A chatroom in which somebody else speaks: what is written for many concerns none of them alone. Gives both.
async fn prepare_room(scene: &Scene<'_>) -> Outcome<Value> {
    let speaker = Person::user(scene.server.address, "speaker", FROM)?.id().await?;
    let create = "mutation($me: ID!) { createChatroom(input: { name: \"speeches\", memberIds: [$me] }) {
        chatroom { id } errors { message } } }";
    let data =
        scene.service.acting_as(&speaker).data(create, json!({ "me": scene.mallory.id().await? })).await?;
    Ok(json!([speaker, data["createChatroom"]["chatroom"]["id"]]))
}

async fn slow_listener(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let (speaker, room) = (text(&scene.prepared[0])?, text(&scene.prepared[1])?);
    let (address, token) = (scene.server.address, scene.mallory.token.clone());
    let count = scene.strength.of(300, 60);
    let query = |alias: usize| {
        format!(
            "subscription {{ events {{ w{alias}: cursor event {{ ... on MessageSent {{
                message {{ a: text b: text c: text }} }} }} }} }}"
        )
    };
    let mut listening = Vec::new();
    for alias in 0..8 {
        let mut socket = Socket::with_token(address, FROM, &token).await?;
        socket.subscribe("1", &query(alias), json!({})).await?;
        listening.push(tokio::spawn(async move {
            let mut heard = 0_usize;
            while heard <= count
                && let Ok(Ok(Received::Text(_))) = timeout(Duration::from_secs(20), socket.next()).await
            {
                heard += 1;
            }
            heard
        }));
    }
    let mut slow = Socket::that_takes_little(address, FROM, &token).await?;
    slow.subscribe("1", &query(0), json!({})).await?;
    scene.service.acting_as(&speaker).sends(&room, &"🦀".repeat(5_000), count).await?;
    let heard: Vec<_> = join_all(listening).await.into_iter().flatten().collect();
    drop(slow);
    // Each hears where it stands, too.
    let is_right = heard.iter().all(|heard| *heard > count);
    Ok(Answer::new(is_right, format!("the others heard {heard:?} of {}", count + 1)))
}

async fn before_the_session(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let pong = |values: usize| format!(r#"{{"type":"pong","payload":{{"x":[{}[]]}}}}"#, "[],".repeat(values));
    let patience = Duration::from_secs(scene.strength.of(20, 10));
    let (mut told, mut is_right) = (Vec::new(), true);
    for (message, count, expected) in [(pong(87_000), 4, 1009), (pong(2_000), 40, 4401)] {
        let mut socket = Socket::open(scene.server.address, FROM).await?;
        for _ in 0..count {
            // The server may have closed its side already.
            if socket.send(&message).await.is_err() {
                break;
            }
        }
        let heard = timeout(patience, socket.next()).await;
        is_right &= matches!(&heard, Ok(Ok(Received::Closed(code, _))) if *code == expected);
        told.push(match heard {
            Ok(Ok(heard)) => format!("{count} of {} bytes: {heard:?}", message.len()),
            Ok(Err(error)) => format!("{count} of {} bytes: {error}", message.len()),
            Err(_) => format!("{count} of {} bytes: it goes on", message.len()),
        });
    }
    Ok(Answer::new(is_right, told.join("; ")))
}
