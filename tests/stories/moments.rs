//! A page and the cursor that comes with it are of one moment: whoever follows the log from there misses nothing.

use std::collections::HashMap;

use futures_util::future::join3;
use serde_json::{Value, json};

use crate::support::{Actor, Follower, Server};

/// How often Aaron writes, or changes his mind.
const VERSIONS: usize = 200;
/// How often Betty looks at most.
const PATIENCE: usize = 100 * VERSIONS;

/// What Betty reads and where the log is then, again and again until she reads the last version.
async fn reads(betty: &Actor<'_>) -> Read {
    let query = "query ($id: ID!) { recentMessages(recipientId: $id) { eventCursor nodes { text } } }";
    let mut read = Vec::new();
    for _ in 0..PATIENCE {
        let answer = betty.server.ask(query, json!({ "id": betty.id })).await;
        let page = &answer["data"]["recentMessages"];
        let text = page["nodes"][0]["text"].as_str().expect("a text").to_owned();
        let is_last = text == VERSIONS.to_string();
        read.push((page["eventCursor"].clone(), text));
        if is_last {
            return read;
        }
    }
    panic!("the last version is not to be seen: {:?}", read.last());
}

async fn edits(aaron: &Actor<'_>, message: &Value) {
    for version in 1..=VERSIONS {
        let input = json!({ "messageId": message["id"], "text": version.to_string() });
        aaron.does("editMessage", input, "").await;
    }
}

async fn writes(aaron: &Actor<'_>, betty: &Actor<'_>) {
    for version in 1..=VERSIONS {
        aaron.sends(betty, &version.to_string()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_what_its_cursor_has_passed_and_nothing_else() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "0").await;
    let mut ear = betty.listens().await;
    let versions = HashMap::from([(ear.cursor.to_string(), "0".to_owned())]);

    let read = join3(reads(&betty), reads(&betty), edits(&aaron, &message)).await;
    agree(read, versions, &mut ear).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_the_message_that_its_cursor_has_passed_and_none_after_it() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "0").await;
    let mut ear = betty.listens().await;
    let newest = HashMap::from([(ear.cursor.to_string(), "0".to_owned())]);

    let read = join3(reads(&betty), reads(&betty), writes(&aaron, &betty)).await;
    agree(read, newest, &mut ear).await;
}

type Read = Vec<(Value, String)>;

/// At each cursor both have read what was the newest text there.
async fn agree(
    (first, second, ()): (Read, Read, ()),
    mut texts: HashMap<String, String>,
    ear: &mut Follower,
) {
    for version in 1..=VERSIONS {
        ear.hears().await;
        texts.insert(ear.cursor.to_string(), version.to_string());
    }
    for (cursor, text) in first.into_iter().chain(second) {
        assert_eq!(texts.get(&cursor.to_string()), Some(&text));
    }
}
