//! The guide's table of what finds what is so.

use serde_json::json;

use super::{GUIDE, page::names};
use crate::support::{Server, texts};

const SEARCH: &str =
    "query ($text: String!, $by: ID) { searchMessages(text: $text, userId: $by, first: 1000) {
    nodes { text }
} }";

/// A text with the characters in it that the guide writes as `<U+00AD>`.
fn written_out(text: &str) -> String {
    let mut pieces = text.split("<U+");
    let mut written = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_once('>').expect("the end of a character's number");
        let number = u32::from_str_radix(number, 16).expect("a hexadecimal number");
        written.push(char::from_u32(number).expect("a character"));
        written.push_str(rest);
    }
    written
}

#[tokio::test]
async fn messages_are_found_by_what_the_guide_says_and_not_by_what_it_says_does_not() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let rows = GUIDE.rows("Search");
    let mut messages = Vec::new();
    for row in &rows {
        let message = written_out(names(row[1]).next().expect("a message"));
        aaron.sends(&betty, &message).await;
        messages.push(message);
    }
    let mut differences = Vec::new();
    for (row, message) in rows.iter().zip(&messages) {
        for (cell, is_found) in [(row[2], true), (row[3], false)] {
            for text in names(cell) {
                let arguments = json!({ "text": written_out(text), "by": betty.id });
                let answer = server.ask(SEARCH, arguments).await;
                let found = texts(&answer["data"]["searchMessages"]);
                if found.contains(message) != is_found {
                    differences.push(format!("{message} by {text}: {found:?}"));
                }
            }
        }
    }
    assert_eq!(differences, [""; 0]);
    assert!(rows.len() > 25, "rows were read");
}
