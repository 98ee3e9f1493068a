//! What happens when something breaks: a clear error, nothing half done, and service as soon as the cause is gone.

use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection};
use messenger::store::{Connection, StoreError};
use serde_json::{Value, json};

use crate::support::{Answer, Server};

/// A connection of somebody else to the server's database.
fn stranger(server: &Server) -> SqliteConnection {
    let file = server.file();
    SqliteConnection::establish(file.to_str().expect("a path in Unicode")).expect("a connection")
}

/// An answer's only error, after making sure that it names the request and shows nothing of its cause.
fn fault(answer: &Answer) -> Value {
    let id = answer.headers["x-request-id"].to_str().expect("an id");
    let errors = answer.body["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{answer:?}");
    assert_eq!(errors[0]["extensions"]["requestId"], id, "{answer:?}");
    let mut error = errors[0].clone();
    error["extensions"].as_object_mut().expect("extensions").remove("requestId");
    error
}

fn internal(line_and_column: (u32, u32), path: &Value) -> Value {
    let (line, column) = line_and_column;
    json!({
        "message": "the server failed; quote the requestId to its operator",
        "locations": [{ "line": line, "column": column }],
        "path": path,
        "extensions": { "code": "INTERNAL" },
    })
}

fn unavailable(path: &Value) -> Value {
    json!({
        "message": "the database cannot be used just now; nothing was stored, try again (a message with the same clientMessageId)",
        "locations": [{ "line": 1, "column": 40 }],
        "path": path,
        "extensions": { "code": "UNAVAILABLE" },
    })
}

const SEND: &str = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { text } errors { code } } }";

#[tokio::test]
async fn a_foreign_lock_stops_writing_until_it_is_gone_and_never_reading() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "before").await;
    let send = json!({ "query": SEND, "variables": { "input": {
        "senderId": aaron.id, "recipientId": betty.id, "text": "after", "clientMessageId": "key",
    } } });

    let mut stranger = stranger(&server);
    stranger.batch_execute("BEGIN EXCLUSIVE").expect("the lock");
    let refused = server.post(send.clone()).await;
    assert_eq!(refused.status, 200);
    assert_eq!(refused.body["data"], Value::Null);
    assert_eq!(fault(&refused), unavailable(&json!(["sendMessage"])));
    assert_eq!(betty.reads_texts(json!({})).await, ["before"]);
    stranger.batch_execute("ROLLBACK").expect("the lock is released");

    assert_eq!(
        server.post(send).await.body,
        json!({ "data": { "sendMessage": { "message": { "text": "after" }, "errors": [] } } })
    );
    assert_eq!(betty.reads_texts(json!({})).await, ["after", "before"]);
}

#[tokio::test]
async fn a_full_disk_stops_writing_until_there_is_room() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    // The limit holds for the connection that writes, and goes with it.
    let filled = server
        .app
        .store
        .write(|connection| connection.batch_execute("PRAGMA max_page_count = 1").map_err(StoreError::from));
    filled.await.expect("a limit");
    let batch = |text: &str| {
        let message = json!({ "senderId": aaron.id, "recipientId": betty.id, "text": text });
        json!({
            "query": "mutation ($all: [SendMessageInput!]!) { sendMessages(input: {messages: $all}) { errors { code } } }",
            "variables": { "all": vec![message; 100] },
        })
    };

    let refused = server.post(batch(&"x".repeat(5_000))).await;

    assert_eq!(refused.body["data"], Value::Null);
    let mut expected = unavailable(&json!(["sendMessages"]));
    expected["locations"][0]["column"] = json!(41);
    assert_eq!(fault(&refused), expected);
    assert_eq!(betty.reads_texts(json!({})).await, [""; 0]);
    assert_eq!(aaron.sends(&betty, "there is room again").await["seq"], 1);
}

#[tokio::test]
async fn a_fault_shows_nothing_of_its_cause() {
    let server = Server::start().await;
    server.user("aaron").await;
    let mut stranger = stranger(&server);
    stranger.batch_execute("ALTER TABLE users RENAME TO hidden").expect("a table without its name");

    let nullable = "{ serverInfo { version } user(username: \"aaron\") { id } kind: __typename }";
    let beside = server.post(json!({ "query": nullable })).await;
    assert_eq!(beside.status, 200);
    assert_eq!(
        beside.body["data"],
        json!({ "serverInfo": { "version": env!("CARGO_PKG_VERSION") }, "user": null, "kind": "Query" })
    );
    assert_eq!(fault(&beside), internal((1, 26), &json!(["user"])));

    let needed = "{ serverInfo { version } all: users { nodes { id } } }";
    let alone = server.post(json!({ "query": needed })).await;
    assert_eq!(alone.body["data"], Value::Null);
    assert_eq!(fault(&alone), internal((1, 26), &json!(["all"])));

    let create = "mutation { createUser(input: {username: \"betty\"}) { user { id } errors { code } } }";
    let written = server.post(json!({ "query": create })).await;
    assert_eq!(written.body["data"], Value::Null);
    assert_eq!(fault(&written), internal((1, 12), &json!(["createUser"])));

    stranger.batch_execute("ALTER TABLE hidden RENAME TO users").expect("a table with its name");
    assert_eq!(
        server.ask("{ users { nodes { username } } }", json!({})).await,
        json!({ "data": { "users": { "nodes": [{ "username": "aaron" }] } } })
    );
}

#[tokio::test]
async fn a_fault_inside_a_list_has_its_place() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "Hello").await;
    stranger(&server)
        .batch_execute("ALTER TABLE read_positions RENAME TO hidden")
        .expect("a table without its name");
    let query = "query ($to: ID!, $conversation: ID!) {
        serverInfo { version }
        node(id: $conversation) { ... on Conversation { count: unreadCount } }
        recentMessages(recipientId: $to) { nodes { text talk: conversation { lastMessage { id } } } }
    }";
    let variables = json!({ "to": betty.id, "conversation": message["conversation"]["id"] });
    let answer = server.ask_as("betty", query, variables).await;
    assert_eq!(
        answer["data"],
        json!({
            "serverInfo": { "version": env!("CARGO_PKG_VERSION") },
            "node": null,
            "recentMessages": { "nodes": [{ "text": "Hello", "talk": { "lastMessage": null } }] },
        })
    );
    let mut paths: Vec<String> = answer["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| format!("{} {}", error["extensions"]["code"], error["path"]))
        .collect();
    paths.sort();
    assert_eq!(
        paths,
        [r#""INTERNAL" ["node","count"]"#, r#""INTERNAL" ["recentMessages","nodes",0,"talk","lastMessage"]"#,]
    );
}

#[tokio::test]
async fn an_error_reaches_the_next_place_that_may_be_null() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "Hello").await;
    let answer = server
        .ask(
            "query ($id: ID!) {
                found: node(id: $id) { ... on Message { text conversation { all: messages(first: 0) { nodes { id } } } } }
                missing: user(id: \"x\") { id }
                present: user(username: \"aaron\") { username }
            }",
            json!({ "id": message["id"] }),
        )
        .await;
    assert_eq!(answer["data"], json!({ "found": null, "missing": null, "present": { "username": "aaron" } }));
    let mut places: Vec<(&Value, &Value)> = answer["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| (&error["path"], &error["extensions"]["code"]))
        .collect();
    places.sort_by_key(|(path, _)| path.to_string());
    assert_eq!(
        places,
        [
            (&json!(["found", "conversation", "all"]), &json!("PAGE_SIZE_INVALID")),
            (&json!(["missing"]), &json!("ID_MALFORMED")),
        ]
    );
}

#[tokio::test]
async fn an_error_below_an_interface_is_no_refusal_of_the_document() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "Hello").await;
    let request = server
        .request(reqwest::Method::POST, "/graphql")
        .header("accept", "application/graphql-response+json")
        .json(&json!({
            "query": "query ($to: ID!) { recentMessages(recipientId: $to) { nodes { conversation { messages(last: 0) { nodes { id } } } } } }",
            "variables": { "to": betty.id },
        }));
    let answer = server.send(request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({
            "data": null,
            "errors": [{
                "message": "last is 0; it must be from 1 to 1000",
                "locations": [{ "line": 1, "column": 78 }],
                "path": ["recentMessages", "nodes", 0, "conversation", "messages"],
                "extensions": { "code": "PAGE_SIZE_INVALID" },
            }],
        })
    );
}

#[tokio::test]
async fn keys_come_in_the_order_of_the_query_each_once() {
    let server = Server::start().await;
    let table = [
        (
            "{ user(username: \"aaron\") { username again: username displayName } kind: __typename serverInfo { version } }",
            r#"{"data":{"user":{"username":"aaron","again":"aaron","displayName":"aaron"},"kind":"Query","serverInfo":{"version":"0.1.0"}}}"#,
        ),
        (
            "{ kind: __typename user(username: \"aaron\") { displayName } ...more }
            fragment more on Query { user(username: \"aaron\") { username displayName } kind: __typename }",
            r#"{"data":{"kind":"Query","user":{"displayName":"aaron","username":"aaron"}}}"#,
        ),
        (
            "{ users { nodes { username } ... { edges { node { displayName } } } nodes { displayName } } users { nodes { username } } }",
            r#"{"data":{"users":{"nodes":[{"username":"aaron","displayName":"aaron"}],"edges":[{"node":{"displayName":"aaron"}}]}}}"#,
        ),
        (
            "{ b: __typename a: __typename user(username: \"nobody\") { id } c: __typename @skip(if: true) }",
            r#"{"data":{"b":"Query","a":"Query","user":null}}"#,
        ),
        (
            "mutation {
                second: createUser(input: {username: \"carol\"}) { errors { code } user { username } }
                first: createUser(input: {username: \"carol\"}) { errors { code } user { username } }
            }",
            r#"{"data":{"second":{"errors":[],"user":{"username":"carol"}},"first":{"errors":[{"code":"USERNAME_TAKEN"}],"user":null}}}"#,
        ),
    ];
    server.user("aaron").await;
    for (query, expected) in table {
        let request = server.request(reqwest::Method::POST, "/graphql").json(&json!({ "query": query }));
        let response = request.send().await.expect("an answer");
        assert_eq!(response.text().await.expect("a body"), expected);
    }
}

/// Adds a user, without asking anybody's leave.
fn insert(connection: &mut Connection, username: &str) -> Result<(), StoreError> {
    let row = format!("(randomblob(16), '{username}', '{username}', 0)");
    connection
        .batch_execute(&format!("INSERT INTO users (id, username, display_name, created_at) VALUES {row}"))
        .map_err(StoreError::from)
}

async fn usernames(server: &Server) -> Value {
    let answer = server.ask("{ users { nodes { username } } }", json!({})).await;
    let nodes = answer["data"]["users"]["nodes"].as_array().expect("nodes").clone();
    nodes.into_iter().map(|node| node["username"].clone()).collect()
}

#[tokio::test]
async fn work_that_panics_is_an_error_and_later_work_is_done() {
    let server = Server::start().await;
    let store = &server.app.store;
    let panicked = store.write(|connection| -> Result<(), StoreError> {
        insert(connection, "aaron")?;
        panic!("a mistake of ours");
    });
    let error = panicked.await.expect_err("an error");
    assert!(error.to_string().contains("a mistake of ours"), "{error}");
    assert!(!error.is_passing());
    let read = store.read(|_| -> Result<(), StoreError> { panic!("another one") });
    assert!(matches!(read.await, Err(StoreError::Panicked(_))));

    store.write(|connection| insert(connection, "betty")).await.expect("the writer goes on");

    assert_eq!(usernames(&server).await, json!(["betty"]));
}
