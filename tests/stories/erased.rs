//! What was deleted or edited away is not in the files any more.

use std::{fs, path::Path};

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::{
    bad_start::connect,
    support::{Actor, Server},
};

/// Which of these are in the database file or in its log, once the log has been moved.
fn found_in_files(file: &Path, words: &[&str]) -> Vec<String> {
    connect(file).batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("a checkpoint");
    let mut bytes = fs::read(file).expect("the file");
    bytes.extend(fs::read(file.with_extension("db-wal")).expect("the WAL"));
    let is_there = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    words.iter().filter(is_there).map(ToString::to_string).collect()
}

async fn chats(aaron: &Actor<'_>, betty: &Actor<'_>) {
    for number in 0..20 {
        aaron
            .sends(betty, &format!("so much is said that the parts of the index are merged, {number} times"))
            .await;
    }
}

async fn found(betty: &Actor<'_>, word: &str) -> Value {
    let query =
        "query ($id: ID!, $text: String!) { searchMessages(userId: $id, text: $text) { nodes { text } } }";
    betty.server.ask(query, json!({ "id": betty.id, "text": word })).await["data"]["searchMessages"]["nodes"]
        .clone()
}

#[tokio::test]
async fn words_that_were_deleted_or_edited_away_leave_the_files() {
    const WORDS: [&str; 3] = ["quetzalcoatl", "zymurgy", "wolpertinger"];
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let short = aaron.sends(&betty, "quetzalcoatl sings").await;
    // So long that it does not fit on one page of the file.
    let long = aaron.sends(&betty, &format!("zymurgy {}", "and more ".repeat(500))).await;
    let edited = aaron.sends(&betty, "wolpertinger").await;
    chats(&aaron, &betty).await;
    assert_eq!(found_in_files(&server.file(), &WORDS), WORDS, "they can be found");

    for message in [&short, &long] {
        aaron.does("deleteMessage", json!({ "messageId": message["id"] }), "").await;
    }
    aaron.does("editMessage", json!({ "messageId": edited["id"], "text": "jackalope" }), "").await;

    assert_eq!(found_in_files(&server.file(), &WORDS), [""; 0]);
    for word in WORDS {
        assert_eq!(found(&betty, word).await, json!([]), "{word}");
    }
    assert_eq!(found(&betty, "jackal").await, json!([{ "text": "jackalope" }]));
    chats(&aaron, &betty).await;
    assert_eq!(found(&betty, "merged 19").await.as_array().map(Vec::len), Some(2));
    connect(&server.file())
        .batch_execute("INSERT INTO message_words (message_words) VALUES ('integrity-check')")
        .expect("the index is sound");
}
