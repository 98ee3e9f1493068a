//! C26: what one member of a large chatroom does for nothing is told to everybody in it.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use tokio::time::{Instant, interval};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    person::{Person, text},
    socket::{Received, Socket},
};

/// From where the listeners come: not all from one address.
const FROM: &str = "198.51.100.8";

/// How often a second one change of a person is worth telling, to each listener.
const MOST_A_SECOND: usize = 3;

/// Somebody who comes and goes.
pub static ATTACK: Attack = Attack {
    code: "C26",
    name: "coming and going in a large chatroom",
    limit: Duration::from_mins(2),
    sent: "setPresence ONLINE and AWAY in turn, 200 at once and then 20 a second, for 10 s; 800 listeners",
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

/// Makes the people and their chatroom; gives their names.
async fn prepare(scene: &Scene<'_>) -> Outcome<Value> {
    let address = scene.server.address;
    let names: Vec<String> = (0..scene.strength.of(800, 40)).map(|number| format!("fan-{number}")).collect();
    let ids: Vec<String> = stream::iter(names.clone())
        .map(move |name| async move { Person::user(address, &name, FROM)?.id().await })
        .buffered(16)
        .try_collect()
        .await?;
    let me = scene.service.acting_as(&scene.mallory.id().await?);
    let create =
        "mutation { createChatroom(input: { name: \"everybody\" }) { chatroom { id } errors { message } } }";
    let room = text(&me.data(create, json!({})).await?["createChatroom"]["chatroom"]["id"])?;
    for some in ids.chunks(100) {
        let invite = "mutation($room: ID!, $some: [ID!]!) {
            inviteToChatroom(input: { chatroomId: $room, memberIds: $some }) { errors { message } } }";
        me.data(invite, json!({ "room": room, "some": some })).await?;
    }
    Ok(names.into())
}

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let names: Vec<String> = serde_json::from_value(scene.prepared.clone())?;
    let address = scene.server.address;
    let follow = "subscription { events { event { __typename ... on PresenceChanged {
        user { username presence { status since } } } } } }";
    let sockets: Vec<Socket> = stream::iter(names.clone())
        .map(move |name| async move {
            let token = Person::user(address, &name, FROM)?.token;
            let mut socket = Socket::with_token(address, FROM, &token).await?;
            socket.subscribe("1", follow, json!({})).await?;
            socket.next().await?;
            Outcome::Ok(socket)
        })
        .buffer_unordered(16)
        .try_collect()
        .await?;
    let listening: Vec<_> = sockets.into_iter().map(|socket| tokio::spawn(count(socket))).collect();
    // Who has no subscription is offline, whatever they choose.
    let mut own = Socket::with_token(address, crate::run::FROM, &scene.mallory.token).await?;
    own.subscribe("1", follow, json!({})).await?;
    own.next().await?;
    let there = tokio::spawn(count(own));
    let seconds = scene.strength.of(10, 3);
    let changed = flap(scene, Duration::from_secs(seconds as u64)).await?;
    let mut heard = 0;
    for listener in listening {
        heard += listener.await?;
    }
    drop(there.await);
    let each = heard / names.len();
    let is_right = each <= MOST_A_SECOND * seconds + 10;
    Ok(Answer::new(is_right, format!("{changed} changes; each of {} listeners heard {each}", names.len())))
}

/// How often somebody hears of the attacker, until nothing comes for a while.
async fn count(mut socket: Socket) -> usize {
    let mut heard = 0;
    while let Ok(Ok(Received::Text(text))) = tokio::time::timeout(Duration::from_secs(6), socket.next()).await
    {
        heard += usize::from(text.contains("\"mallory\""));
    }
    heard
}

/// Comes and goes as often as that is taken.
async fn flap(scene: &Scene<'_>, time: Duration) -> Outcome<usize> {
    let change =
        "mutation($status: PresenceStatus!) { setPresence(input: { status: $status }) { errors { code } } }";
    let (end, mut changed) = (Instant::now() + time, 0);
    let mut ticks = interval(Duration::from_millis(25));
    while Instant::now() < end {
        // The first ones are allowed at once.
        if changed > 200 {
            ticks.tick().await;
        }
        let status = if changed % 2 == 0 { "AWAY" } else { "ONLINE" };
        let reply = scene.mallory.ask(change, json!({ "status": status })).await?;
        changed += usize::from(reply.code() == "none");
    }
    Ok(changed)
}
