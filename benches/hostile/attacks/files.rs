//! C13, C15 and C16: the database's file.

use std::{fs, time::Duration};

use serde_json::json;

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    person::text,
};

/// What was said in a message that was deleted, and in one that was edited.
pub static DELETED_WORDS: Attack = Attack {
    code: "C13",
    name: "words of deleted messages stay in the file",
    sent: "two messages with a word of their own; one is deleted, one edited; 1,000 more; the server is stopped",
    stops: true,
    run: |scene| Box::pin(deleted_words(scene)),
    ..USUAL
};

/// Two servers on one database.
pub static TWO_SERVERS: Attack = Attack {
    code: "C15",
    name: "two servers on one file",
    sent: "`messenger serve` on the database of a running server",
    limit: Duration::from_secs(70),
    run: |scene| Box::pin(async { two_servers(scene) }),
    ..USUAL
};

/// The database's files are removed under the server.
pub static TAKEN_AWAY: Attack = Attack {
    code: "C16",
    name: "the database is taken away",
    sent: "`rm messenger.db*`, then a message",
    stops: true,
    run: |scene| Box::pin(taken_away(scene)),
    ..USUAL
};

const FILES: [&str; 3] = ["messenger.db", "messenger.db-wal", "messenger.db-shm"];

async fn deleted_words(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let me = scene.mallory.id().await?;
    let mut ids = Vec::new();
    for word in ["zyxwvutsr", "qponmlkji"] {
        let send = "mutation($me: ID!, $text: String!) {
            sendMessage(input: { recipientId: $me, text: $text }) { message { id } } }";
        let data = scene.mallory.data(send, json!({ "me": me, "text": format!("the word {word}") })).await?;
        ids.push(text(&data["sendMessage"]["message"]["id"])?);
    }
    let change = "mutation($one: ID!, $two: ID!) {
        deleteMessage(input: { messageId: $one }) { errors { code } }
        editMessage(input: { messageId: $two, text: \"harmless\" }) { errors { code } } }";
    scene.mallory.data(change, json!({ "one": ids[0], "two": ids[1] })).await?;
    scene.service.acting_as(&me).sends(&me, "something else", 1_000).await?;
    scene.server.stop()?;
    let mut found = 0;
    for file in FILES {
        let bytes = fs::read(scene.server.folder().join(file)).unwrap_or_default();
        let has = |word: &[u8]| bytes.windows(word.len()).filter(|window| *window == word).count();
        found += has(b"zyxwvutsr") + has(b"qponmlkji");
    }
    Ok(Answer::new(found == 0, format!("found {found} times")))
}

fn two_servers(scene: &Scene<'_>) -> Outcome<Answer> {
    // A rolling restart may wait for the first one's drain.
    let Some((status, said)) = scene.server.start_a_second(Duration::from_secs(45))? else {
        let waits = fs::read_to_string(scene.server.folder().join("second.log"))?.contains("wait");
        let text = if waits { "the second one waits for ever" } else { "the second one serves as well" };
        return Ok(Answer::new(false, text));
    };
    let said: String = said.lines().last().unwrap_or_default().chars().take(150).collect();
    Ok(Answer::new(!status.success() && !said.is_empty(), format!("{status}: {said}")))
}

async fn taken_away(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let me = scene.mallory.id().await?;
    for file in FILES {
        // One of them may not be there.
        drop(fs::remove_file(scene.server.folder().join(file)));
    }
    let send = "mutation($me: ID!) { sendMessage(input: { recipientId: $me, text: \"kept?\" }) {
        message { id } errors { code } } }";
    // The file may be looked at once a second.
    drop(tokio::time::timeout(Duration::from_secs(2), std::future::pending::<()>()).await);
    let reply = scene.mallory.ask(send, json!({ "me": me })).await?;
    let ready = reqwest::get(format!("http://{}/health/ready", scene.server.address)).await?.status();
    let is_right = reply.code() == "UNAVAILABLE" && !ready.is_success();
    Ok(Answer::new(is_right, format!("a message: {}; /health/ready: {}", reply.told(), ready.as_u16())))
}
