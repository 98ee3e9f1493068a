//! What runs as it was written, whatever form it was written in.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    server_sent_events::Stream,
    support::{Server, Socket},
};

/// A subscription whose root stands where a client may put it.
const ROOTS: [&str; 6] = [
    "subscription { events { cursor event { __typename } } }",
    "subscription { ...F } fragment F on Subscription { events { cursor event { __typename } } }",
    "subscription { ... { events { cursor event { __typename } } } }",
    "subscription { ... on Subscription { ...F } } fragment F on Subscription { events { ...E } } fragment E on EventEdge { cursor event { __typename } }",
    "subscription { events { cursor } ...F } fragment F on Subscription { events { event { __typename } } }",
    "subscription { ...F ...F } fragment F on Subscription { events { cursor event { __typename } } }",
];

fn is_caught_up(payload: &Value) {
    let edge = &payload["data"]["events"];
    assert_eq!(edge["event"], json!({ "__typename": "CaughtUp" }), "{payload}");
    assert!(edge["cursor"].is_string(), "{payload}");
}

#[tokio::test]
async fn events_come_wherever_the_root_of_a_subscription_stands() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    for query in ROOTS {
        let mut socket = Socket::open_as(&server.url, json!({ "Messenger-User": "betty" })).await;
        socket.subscribes("1", query, json!({})).await;
        is_caught_up(&socket.hears().await["payload"]);
        aaron.sends(&betty, "Hello").await;
        let event = &socket.hears().await["payload"]["data"]["events"]["event"];
        assert_eq!(event, &json!({ "__typename": "MessageSent" }), "{query}");

        let request = server.request(Method::POST, "/graphql").header("messenger-user", "betty");
        let request = request.header("accept", "text/event-stream").json(&json!({ "query": query }));
        let mut stream = Stream::of(request).await;
        stream.begins().await;
        is_caught_up(&stream.next().await);
    }
}

#[tokio::test]
async fn errors_of_resolvers_point_into_the_text_as_it_was_sent() {
    let server = Server::start().await;
    let document = "{\r\n  # – 👍\r\n  ok: __typename\r\n  found: node(id: \"\\u0078\") { id } }";
    let answer = server.ask(document, json!({})).await;
    assert_eq!(answer["data"], json!({ "ok": "Query", "found": null }));
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 4, "column": 3 }]), "{answer}");
    assert_eq!(answer["errors"][0]["path"], json!(["found"]));
}

#[tokio::test]
async fn a_whole_number_with_a_point_is_an_int() {
    let server = Server::start().await;
    server.user("aaron").await;
    server.user("betty").await;
    let document = "query ($n: Int) { users(first: $n) { nodes { username } } }";
    let answer = server.ask(document, json!({ "n": 1.0 })).await;
    assert_eq!(answer, json!({ "data": { "users": { "nodes": [{ "username": "aaron" }] } } }));
}
