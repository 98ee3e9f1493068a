//! Lists of any length, from few statements.

use std::{collections::BTreeSet, sync::Arc};

use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use messenger::{app::App, config::Limits, store::StoreError};
use serde_json::{Value, json};

use crate::support::{Actor, Server};

/// Somebody with so many notes to themselves, of which all but the first are put into the file directly.
async fn note_taker(server: &Server, notes: u32) -> Actor<'_> {
    let aaron = server.user("aaron").await;
    aaron.sends(&aaron, "1").await;
    // Nobody searches for them, and to index them takes the most time.
    let copy = format!(
        "DROP TRIGGER messages_are_numbered;
         WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {notes})
         INSERT INTO messages (recipient_id, id, conversation_id, seq, sender_id, sent_at, text)
         SELECT recipient_id, unhex(hex(substr(id, 1, 8)) || printf('%016x', i)), conversation_id, i, sender_id, sent_at, i
         FROM messages, n;
         UPDATE conversations SET latest_seq = {notes};"
    );
    let written =
        server.app.store.write(move |connection| connection.batch_execute(&copy).map_err(StoreError::from));
    written.await.expect("notes");
    aaron
}

/// The cursors at which pages of a thousand notes begin; the first has none.
async fn cursors(aaron: &Actor<'_>, pages: usize) -> Vec<Value> {
    let query = "query ($id: ID!, $after: String) { conversations(userId: $id, first: 1) { nodes {
        messages(first: 1000, after: $after) { pageInfo { endCursor } }
    } } }";
    let mut cursors = vec![Value::Null];
    while cursors.len() < pages {
        let answer = aaron.server.ask(query, json!({ "id": aaron.id, "after": cursors.last() })).await;
        let page = &answer["data"]["conversations"]["nodes"][0]["messages"];
        cursors.push(page["pageInfo"]["endCursor"].clone());
    }
    cursors
}

#[tokio::test]
async fn forty_full_pages_at_once_are_more_rows_than_sqlite_takes_variables() {
    const NOTES: u32 = 44_000;
    let limits = Limits { document_complexity: 1_000_000, ..Limits::default() };
    let server = Server::start_with(|app| App { limits: Arc::new(limits), ..app }).await;
    let aaron = note_taker(&server, NOTES).await;
    let cursors = cursors(&aaron, 41).await;
    let pages = cursors[..40].iter().enumerate().map(|(number, after)| {
        format!(
            "m{number}: messages(first: 1000, after: {after}) {{ pageInfo {{ endCursor hasNextPage }} }}\n"
        )
    });
    let query = format!(
        "query ($id: ID!) {{ conversations(userId: $id, first: 1) {{ nodes {{ {} }} }} }}",
        pages.collect::<String>()
    );
    let answer = server.ask(&query, json!({ "id": aaron.id })).await;
    assert_eq!(answer.get("errors"), None, "{}", answer["errors"]);
    let found = &answer["data"]["conversations"]["nodes"][0];
    for (number, next) in cursors[1..].iter().enumerate() {
        let expected = json!({ "pageInfo": { "endCursor": next, "hasNextPage": true } });
        assert_eq!(found[format!("m{number}")], expected, "page {number}");
    }
    let statements = server.statements();
    let most =
        statements.iter().map(|sql| sql.split(" -- binds").next().unwrap_or_default().matches('?').count());
    assert!(most.max().is_some_and(|most| most <= 1_100), "every statement is bounded");
}

#[tokio::test]
async fn pages_of_every_size_share_a_few_statements() {
    const PEOPLE: usize = 40;
    let mut server = Server::start().await;
    let betty = server.user("betty").await;
    let names: Vec<String> = (0..PEOPLE).map(|number| format!("friend-{number:02}")).collect();
    let friends = join_all(names.iter().map(|name| server.user(name))).await;
    for friend in &friends {
        friend.sends(&betty, "Hello").await;
    }
    let id = betty.id.clone();
    let query = "query ($id: ID!, $first: Int!) { conversations(userId: $id, first: $first) { nodes {
        messages(first: 2) { nodes { text sender { username } } }
        unreadCount
    } } }";
    let mut texts = BTreeSet::new();
    for first in 1..=PEOPLE {
        // Nobody and nothing is remembered, so that everything is read.
        server = server.restart().await;
        server.statements();
        let answer = server.ask(query, json!({ "id": id, "first": first })).await;
        assert_eq!(
            answer["data"]["conversations"]["nodes"].as_array().map(Vec::len),
            Some(first),
            "{answer}"
        );
        let ran = server.statements();
        texts.extend(ran.iter().map(|sql| sql.split(" -- binds").next().unwrap_or_default().to_owned()));
    }
    let with = |part: &str| texts.iter().filter(|sql| sql.contains(part)).count();
    assert_eq!(with("BETWEEN"), 7, "1, 2, 4 … 64 stretches: {texts:#?}");
    assert!(with("FROM `users`") <= 14, "1, 2, 3, 4, 6, 8 … 64 people: {texts:#?}");
    assert!(texts.len() <= 100, "{} texts: {texts:#?}", texts.len());
}
