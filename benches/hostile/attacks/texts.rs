//! C25: texts that are dear to index, and to keep.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
};

/// As many messages at once as a user may send, each of words that nobody else has.
pub static ATTACK: Attack = Attack {
    code: "C25",
    name: "texts of very many words",
    sent: "200 messages of 1,250 words of their own at once, then 10 a second for 10 s",
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

/// A text of 5,000 characters: words of three letters from outside of the usual planes, different in each message.
fn words(number: u32) -> String {
    let letter = |place: u32| char::from_u32(0x2_0000 + place % 40_000).unwrap_or('x');
    let word = |place: u32| {
        let place = number * 1_250 + place;
        [letter(place), letter(place * 7 + 1), letter(place * 13 + 5)].into_iter().collect::<String>()
    };
    (0..1_250).map(word).collect::<Vec<_>>().join(" ")
}

/// The most characters that are words of their own, in one batch of the greatest length.
pub static HAN: Attack = Attack {
    code: "C34",
    name: "a batch of long texts without spaces",
    sent: "one `sendMessages` of 1 MB: 66 texts of 5,000 Han characters",
    run: |scene| Box::pin(han(scene)),
    ..USUAL
};

async fn han(scene: &Scene<'_>) -> Outcome<Answer> {
    let me = scene.mallory.id().await?;
    let text = |number: u32| -> String {
        let character =
            |place: u32| char::from_u32(0x4E00 + (number * 7_919 + place * 31) % 20_000).unwrap_or('字');
        (0..5_000).map(character).collect()
    };
    let messages: Vec<_> = (0..scene.strength.of(66, 6))
        .map(|number| json!({ "recipientId": me, "text": text(number) }))
        .collect();
    let send = "mutation($messages: [SendMessageInput!]!) {
        sendMessages(input: { messages: $messages }) { results { message { id } } errors { code } } }";
    let before = scene.server.file_mib("messenger.db-wal");
    let reply = scene.mallory.ask(send, json!({ "messages": messages })).await?;
    let grown = scene.server.file_mib("messenger.db-wal").saturating_sub(before);
    Ok(Answer::new(true, format!("{}; the WAL grew by {grown} MiB", reply.told())))
}

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let me = scene.mallory.id().await?;
    let send = "mutation($me: ID!, $text: String!) {
        sendMessage(input: { recipientId: $me, text: $text }) { errors { code } } }";
    let size = |scene: &Scene<'_>| {
        ["messenger.db", "messenger.db-wal"].map(|name| scene.server.file_mib(name)).iter().sum::<u64>()
    };
    let before = size(scene);
    let all = |numbers: std::ops::Range<u32>| {
        let asked = numbers.map(|number| scene.mallory.ask(send, json!({ "me": me, "text": words(number) })));
        join_all(asked)
    };
    let burst = scene.strength.of(200, 20);
    let mut replies = all(0..burst).await;
    for second in 0..scene.strength.of(10, 1) {
        let from = burst + second * 10;
        let (more, ()) = tokio::join!(all(from..from + 10), pause());
        replies.extend(more);
    }
    let taken = replies.iter().flatten().filter(|reply| reply.code() == "none").count();
    let slowest = replies.iter().flatten().map(|reply| reply.took.as_millis()).max().unwrap_or_default();
    let grown = size(scene) - before;
    let text = format!(
        "{taken} taken, the slowest in {slowest} ms; {} MB of texts, the files grew by {grown} MiB",
        taken * 17_500 / 1_000_000
    );
    Ok(Answer::new(true, text))
}

async fn pause() {
    drop(tokio::time::timeout(Duration::from_secs(1), std::future::pending::<()>()).await);
}
