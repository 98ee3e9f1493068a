//! A page and the cursor that comes with it are of one moment: whoever follows the log from there misses nothing.

use std::collections::HashMap;

use futures_util::future::join3;
use serde_json::{Value, json};

use crate::stage::{Actor, Server};

/// How often Aaron changes his mind.
const EDITS: usize = 200;
/// How often Betty looks at most.
const PATIENCE: usize = 100 * EDITS;

/// What Betty reads and where the log is then, again and again until she reads the last version.
async fn reads(betty: &Actor<'_>) -> Vec<(Value, String)> {
    let query = "query ($id: ID!) { recentMessages(recipientId: $id) { eventCursor nodes { text } } }";
    let mut read = Vec::new();
    for _ in 0..PATIENCE {
        let answer = betty.server.ask(query, json!({ "id": betty.id })).await;
        let page = &answer["data"]["recentMessages"];
        let text = page["nodes"][0]["text"].as_str().expect("a text").to_owned();
        let is_last = text == EDITS.to_string();
        read.push((page["eventCursor"].clone(), text));
        if is_last {
            return read;
        }
    }
    panic!("the last version is not to be seen: {:?}", read.last());
}

async fn edits(aaron: &Actor<'_>, message: &Value) {
    for version in 1..=EDITS {
        let input = json!({ "messageId": message["id"], "text": version.to_string() });
        aaron.does("editMessage", input, "").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_what_its_cursor_has_passed_and_nothing_else() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "0").await;
    let mut ear = betty.listens().await;
    let mut versions = HashMap::from([(ear.cursor.to_string(), "0".to_owned())]);

    let (first, second, ()) = join3(reads(&betty), reads(&betty), edits(&aaron, &message)).await;
    for version in 1..=EDITS {
        ear.hears().await;
        versions.insert(ear.cursor.to_string(), version.to_string());
    }
    for (cursor, text) in first.into_iter().chain(second) {
        assert_eq!(versions.get(&cursor.to_string()), Some(&text));
    }
}
