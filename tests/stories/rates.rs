//! Who does something too often is told when they may do it again.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use messenger::{
    app::App,
    config::{Limits, Rate, RateConfig},
    rates::Rates,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Frame, Server, Socket};

fn rate(per_second: u32, burst: u32) -> Rate {
    let number = |number| NonZeroU32::new(number).expect("a number");
    Rate { per_second: number(per_second), burst: number(burst) }
}

async fn rated(config: RateConfig) -> Server {
    Server::start_with(|app| App { rates: Arc::new(Rates::new(config, &app.clock)), ..app }).await
}

const SEND: &str = "mutation ($input: SendMessageInput!) {
    sendMessage(input: $input) { message { seq } errors { __typename code path ... on RateLimited { retryAfterMs } } }
}";

fn too_often(path: &Value, retry_after_ms: u64) -> Value {
    json!([{ "__typename": "RateLimited", "code": "RATE_LIMITED", "path": path, "retryAfterMs": retry_after_ms }])
}

#[tokio::test]
async fn who_sends_too_often_is_told_in_the_payload_and_nothing_is_sent() {
    let server = rated(RateConfig { sends: Some(rate(1, 2)), ..RateConfig::default() }).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let send = |sender: &str, text: &str| json!({ "input": { "senderId": sender, "recipientId": betty.id, "text": text } });
    for seq in [1, 2] {
        let answer = server.ask(SEND, send(&aaron.id, "Hello")).await;
        let payload = json!({ "message": { "seq": seq }, "errors": [] });
        assert_eq!(answer, json!({ "data": { "sendMessage": payload } }));
    }
    let refused = server.ask(SEND, send(&aaron.id, "too soon")).await;
    let payload = json!({ "message": null, "errors": too_often(&json!(["input"]), 1_000) });
    assert_eq!(refused, json!({ "data": { "sendMessage": payload } }));
    let own = server.ask(SEND, send(&betty.id, "a bucket of her own")).await;
    assert_eq!(own["data"]["sendMessage"]["errors"], json!([]));

    server.clock.forward(Duration::from_secs(1));
    let answer = server.ask(SEND, send(&aaron.id, "now")).await;
    assert_eq!(answer["data"]["sendMessage"]["message"]["seq"], 3);
}

#[tokio::test]
async fn a_batch_counts_as_many_as_it_sends() {
    let server =
        rated(RateConfig { sends: Some(rate(1, 3)), mutations: Some(rate(1, 1)), ..RateConfig::default() })
            .await;
    let aaron = server.user("aaron").await;
    let batch = |count: usize| {
        let message = json!({ "senderId": aaron.id, "recipientId": aaron.id, "text": "note" });
        json!({ "messages": vec![message; count] })
    };
    let send = "mutation ($messages: [SendMessageInput!]!) {
        sendMessages(input: {messages: $messages}) { errors { __typename code path ... on RateLimited { retryAfterMs } } }
    }";
    assert_eq!(server.ask(send, batch(2)).await["data"]["sendMessages"]["errors"], json!([]));
    let refused = server.ask(send, batch(2)).await;
    assert_eq!(refused["data"]["sendMessages"]["errors"], too_often(&json!(["input"]), 1_000));
    assert_eq!(server.ask(send, batch(1)).await["data"]["sendMessages"]["errors"], json!([]));
}

#[tokio::test]
async fn a_long_text_counts_once_more_for_each_kib() {
    let config = RateConfig { sends: Some(rate(1, 6)), mutations: Some(rate(1, 6)), ..RateConfig::default() };
    let server = rated(config).await;
    let aaron = server.user("aaron").await;
    // 5,000 characters of one byte: four whole KiB.
    let long = "word ".repeat(1_000);
    let message = json!({ "input": { "senderId": aaron.id, "recipientId": aaron.id, "text": long } });
    let sent = server.ask(SEND, message.clone()).await["data"]["sendMessage"].take();
    assert_eq!(sent, json!({ "message": { "seq": 1 }, "errors": [] }));
    let refused = server.ask(SEND, message).await["data"]["sendMessage"].take();
    assert_eq!(
        refused["errors"],
        too_often(&json!(["input"]), 4_000),
        "one of six is left, and five are needed"
    );

    let id = aaron.sends(&aaron, "short").await["id"].clone();
    let edit = "mutation ($input: EditMessageInput!) {
        editMessage(input: $input) { errors { __typename code path ... on RateLimited { retryAfterMs } } }
    }";
    let input = json!({ "input": { "userId": aaron.id, "messageId": id, "text": long } });
    // Creating aaron counted as nobody's.
    assert_eq!(server.ask(edit, input.clone()).await["data"]["editMessage"]["errors"], json!([]));
    let refused = server.ask(edit, input).await;
    assert_eq!(refused["data"]["editMessage"]["errors"], too_often(&json!(["input"]), 4_000));
}

#[tokio::test]
async fn who_asks_too_often_gets_429() {
    let server = rated(RateConfig { queries: Some(rate(1, 1)), ..RateConfig::default() }).await;
    server.user("aaron").await;
    let ask = || {
        let request = server.request(Method::POST, "/graphql").header("messenger-user", "aaron");
        server.send(request.json(&json!({ "query": "{ __typename }" })))
    };
    assert_eq!(ask().await.body, json!({ "data": { "__typename": "Query" } }));
    let refused = ask().await;
    assert_eq!((refused.status, refused.headers["retry-after"].to_str().ok()), (429, Some("1")));
    let error = json!({
        "message": "too often: try again in 1000 ms",
        "extensions": { "code": "RATE_LIMITED", "retryAfterMs": 1_000 },
    });
    assert_eq!(refused.body, json!({ "errors": [error] }));
}

#[tokio::test]
async fn an_address_is_counted_before_it_is_known_who_calls() {
    let server = rated(RateConfig { requests: Some(rate(1, 1)), ..RateConfig::default() }).await;
    let from = |address: &'static str| {
        let request = server.request(Method::POST, "/graphql").header("x-forwarded-for", address);
        server.send(request.body("not even JSON"))
    };
    assert_eq!(from("203.0.113.5").await.status, 415);
    let refused = from("203.0.113.5").await;
    assert_eq!((refused.status, refused.headers["retry-after"].to_str().ok()), (429, Some("1")));
    assert_eq!(refused.body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(from("203.0.113.6").await.status, 415, "another address");
    for _ in 0..3 {
        let answer = server.ask("{ __typename }", json!({})).await;
        assert_eq!(answer, json!({ "data": { "__typename": "Query" } }), "this machine is not counted");
    }
}

#[tokio::test]
async fn what_needs_no_token_is_counted_by_address_too() {
    let server = rated(RateConfig { requests: Some(rate(1, 4)), ..RateConfig::default() }).await;
    let from = async |address: &'static str, path: &str| {
        let request = server.request(Method::GET, path).header("x-forwarded-for", address);
        server.send(request).await.status
    };
    for (path, status) in [("/", 200), ("/health/ready", 200), ("/nothing", 404), ("/graphiql/nothing", 404)]
    {
        assert_eq!(from("203.0.113.5", path).await, status, "{path}");
    }
    for path in ["/", "/chat/", "/health/ready", "/nothing", "/graphql"] {
        assert_eq!(from("203.0.113.5", path).await, 429, "{path}");
    }
    assert_eq!(from("203.0.113.5", "/health/live").await, 200, "whether it lives is always told");
    assert_eq!(from("203.0.113.6", "/").await, 200, "another address");
}

#[tokio::test]
async fn a_user_has_so_many_sockets_and_opens_them_so_often() {
    let limits = Limits { user_sockets: 1, ..Limits::default() };
    let server = Server::start_with(|app| {
        let config = RateConfig { connects: Some(rate(1, 3)), ..RateConfig::default() };
        App { rates: Arc::new(Rates::new(config, &app.clock)), limits: Arc::new(limits), ..app }
    })
    .await;
    server.user("aaron").await;
    let init = json!({ "type": "connection_init", "payload": { "Messenger-User": "aaron" } });
    let mut first = Socket::open_as(&server.url, json!({ "Messenger-User": "aaron" })).await;
    let mut second = Socket::silent(&server.url).await;
    second.sends(init.clone()).await;
    let too_many = "Too many sockets: a user may have 1; close some of them first";
    assert_eq!(second.is_closed().await, (4429, too_many.to_owned()));

    first.sends_close(1000).await;
    assert!(matches!(first.receives().await, Frame::Close(..)));
    assert_eq!(first.receives().await, Frame::End);
    let third = Socket::open_as(&server.url, json!({ "Messenger-User": "aaron" })).await;
    let mut fourth = Socket::silent(&server.url).await;
    fourth.sends(init).await;
    let (code, reason) = fourth.is_closed().await;
    assert_eq!((code, reason.as_str()), (1013, "Sockets are opened too often: try again in 1000 ms"));
    drop(third);
}

#[tokio::test]
async fn an_address_has_so_many_sockets() {
    let limits = Limits { address_sockets: 1, ..Limits::default() };
    let server = Server::start_with(|app| App { limits: Arc::new(limits), ..app }).await;
    let open = async |address: &str| {
        let headers = [("Sec-WebSocket-Protocol", "graphql-transport-ws"), ("X-Forwarded-For", address)];
        Socket::upgraded(&server.url, &headers).await
    };
    let first = open("203.0.113.5").await;
    assert!(first.is_ok());
    let Err((status, body)) = open("203.0.113.5").await else { panic!("there is place") };
    let error = json!({
        "message": "1 WebSockets and event streams are open from this address; close some of them first",
        "extensions": { "code": "TOO_MANY_SOCKETS" },
    });
    assert_eq!((status, body), (429, json!({ "errors": [error] })));
    assert!(open("203.0.113.6").await.is_ok());
}

#[tokio::test]
async fn an_event_stream_takes_the_place_of_a_socket() {
    let limits = Limits { user_sockets: 1, ..Limits::default() };
    let server = Server::start_with(|app| App { limits: Arc::new(limits), ..app }).await;
    server.user("aaron").await;
    let follow = || {
        let request = server.request(Method::POST, "/graphql").header("messenger-user", "aaron");
        let request = request.header("accept", "text/event-stream");
        request.json(&json!({ "query": "subscription { events { cursor } }" })).send()
    };
    let first = follow().await.expect("an answer");
    assert_eq!(first.status(), 200);
    let second = follow().await.expect("an answer");
    assert_eq!(second.status(), 429);
    let error = json!({
        "message": "1 WebSockets and event streams are open of this user; close some of them first",
        "extensions": { "code": "TOO_MANY_SOCKETS" },
    });
    assert_eq!(second.json::<Value>().await.expect("JSON"), json!({ "errors": [error] }));
    let mut socket = Socket::silent(&server.url).await;
    socket.sends(json!({ "type": "connection_init", "payload": { "Messenger-User": "aaron" } })).await;
    assert_eq!(socket.is_closed().await.0, 4429, "they are counted together");
}

#[tokio::test]
async fn who_asks_too_often_for_a_stream_gets_429_as_well() {
    let server = rated(RateConfig { queries: Some(rate(1, 1)), ..RateConfig::default() }).await;
    server.user("aaron").await;
    let ask = || {
        let request = server.request(Method::POST, "/graphql").header("messenger-user", "aaron");
        let request = request.header("accept", "text/event-stream");
        request.json(&json!({ "query": "{ __typename }" })).send()
    };
    assert_eq!(ask().await.expect("an answer").status(), 200);
    let refused = ask().await.expect("an answer");
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().ok()), (429, Some("1")));
    let body: Value = refused.json().await.expect("JSON");
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "RATE_LIMITED", "retryAfterMs": 1_000 }));
}

/// A server on which a user may ask `burst` times, and one more each second.
async fn with_queries(burst: u32) -> Server {
    let server = rated(RateConfig { queries: Some(rate(1, burst)), ..RateConfig::default() }).await;
    server.user("aaron").await;
    server
}

#[tokio::test]
async fn whatever_is_refused_counts() {
    let persisted = json!({ "persistedQuery": { "version": 1, "sha256Hash": "00" } });
    let variables = "query ($name: String!) { user(username: $name) { id } }";
    let table = [
        (json!({ "query": "query A { __typename } query B { __typename }" }), "OPERATION_NOT_FOUND"),
        (json!({ "query": "{ __typename" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ nothing }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": variables, "variables": { "name": 1 } }), "VARIABLES_INVALID"),
        (json!({ "query": "subscription { events { cursor } }" }), "SUBSCRIPTION_NEEDS_STREAM"),
        (json!({ "extensions": persisted }), "PERSISTED_QUERY_NOT_FOUND"),
        (json!({ "query": "{ __typename }", "extensions": persisted }), "PERSISTED_QUERY_HASH_MISMATCH"),
        (json!({ "query": "mutation { __typename }" }), "null"),
    ];
    for (request, expected) in table {
        let server = with_queries(2).await;
        let code = async || {
            let post = server.request(Method::POST, "/graphql").header("messenger-user", "aaron");
            let body = server.send(post.json(&request)).await.body;
            body["errors"][0]["extensions"]["code"].as_str().unwrap_or("null").to_owned()
        };
        let codes = [code().await, code().await, code().await];
        assert_eq!(codes, [expected, expected, "RATE_LIMITED"], "{request}");
    }
}

#[tokio::test]
async fn whatever_is_refused_for_its_form_counts() {
    let table = [
        ("no JSON", "application/json", "application/json", "BAD_REQUEST"),
        ("{}", "text/plain", "application/json", "UNSUPPORTED_MEDIA_TYPE"),
        ("{}", "application/json", "text/html", "NOT_ACCEPTABLE"),
        ("[{}]", "application/json", "text/event-stream", "REQUEST_BATCH_TOO_LARGE"),
    ];
    for (body, content_type, accept, expected) in table {
        let server = with_queries(2).await;
        let code = async || {
            let post = server.request(Method::POST, "/graphql").header("messenger-user", "aaron");
            let post = post.header("content-type", content_type).header("accept", accept).body(body);
            server.send(post).await.body["errors"][0]["extensions"]["code"].clone()
        };
        let codes = [code().await, code().await, code().await];
        assert_eq!(codes, [expected, expected, "RATE_LIMITED"], "{body} as {content_type} for {accept}");
    }
}

#[tokio::test]
async fn a_mutation_that_is_known_takes_nothing_from_queries() {
    let server = with_queries(1).await;
    let send =
        "mutation ($id: ID!) { sendMessage(input: {recipientId: $id, text: \"note\"}) { errors { code } } }";
    let aaron =
        server.ask("{ user(username: \"aaron\") { id } }", json!({})).await["data"]["user"]["id"].clone();
    for _ in 0..3 {
        let answer = server.ask_as("aaron", send, json!({ "id": aaron })).await;
        assert_eq!(answer, json!({ "data": { "sendMessage": { "errors": [] } } }));
    }
    let wrong = server.ask_as("aaron", send, json!({ "id": null })).await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "RATE_LIMITED", "what is refused counts");
}

#[tokio::test]
async fn a_mutation_with_bad_input_counts() {
    let server =
        rated(RateConfig { sends: Some(rate(1, 1)), mutations: Some(rate(1, 1)), ..RateConfig::default() })
            .await;
    let aaron = server.user("aaron").await;
    let codes = async |mutation: &str, input: Value| {
        let payload = aaron.calls(mutation, input, "").await;
        payload["errors"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|error| error["code"].clone())
            .collect::<Vec<_>>()
    };
    let rename = json!({ "chatroomId": "nonsense", "name": " " });
    assert_eq!(codes("renameChatroom", rename.clone()).await, ["ID_MALFORMED", "CHATROOM_NAME_INVALID"]);
    assert_eq!(codes("renameChatroom", rename).await, ["RATE_LIMITED"]);
    let blank = json!({ "recipientId": aaron.id, "text": " " });
    assert_eq!(aaron.tries_to_send(blank.clone()).await["errors"][0]["code"], "TEXT_BLANK");
    assert_eq!(aaron.tries_to_send(blank).await["errors"][0]["code"], "RATE_LIMITED");
}

#[tokio::test]
async fn who_sends_messages_too_often_over_a_socket_is_let_go() {
    let server = rated(RateConfig { messages: Some(rate(1, 3)), ..RateConfig::default() }).await;
    server.user("aaron").await;
    server.user("betty").await;
    let mut socket = Socket::open_as(&server.url, json!({ "Messenger-User": "aaron" })).await;
    for _ in 0..3 {
        socket.sends_ping().await;
        assert_eq!(socket.receives().await, Frame::Pong, "frames of control count as well");
    }
    socket.sends(json!({ "type": "complete", "id": "1" })).await;
    let too_often = "Messages are sent too often: try again in 1000 ms";
    assert_eq!(socket.is_closed().await, (1013, too_often.to_owned()));
    let mut again = Socket::open_as(&server.url, json!({ "Messenger-User": "aaron" })).await;
    again.sends(json!({ "type": "ping" })).await;
    assert_eq!(again.is_closed().await.0, 1013, "all sockets of a user count together");
    let mut other = Socket::open_as(&server.url, json!({ "Messenger-User": "betty" })).await;
    other.sends(json!({ "type": "ping" })).await;
    assert_eq!(other.hears().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn before_it_is_known_who_they_are_messages_count_for_the_address() {
    let server = rated(RateConfig { messages: Some(rate(1, 3)), ..RateConfig::default() }).await;
    let open = async |address: &str| {
        let headers = [("Sec-WebSocket-Protocol", "graphql-transport-ws"), ("X-Forwarded-For", address)];
        Socket::upgraded(&server.url, &headers).await.unwrap_or_else(|refused| panic!("{refused:?}"))
    };
    let mut socket = open("203.0.113.5").await;
    for _ in 0..3 {
        socket.sends(json!({ "type": "ping" })).await;
        assert_eq!(socket.hears().await, json!({ "type": "pong" }));
    }
    socket.sends(json!({ "type": "ping" })).await;
    assert_eq!(socket.is_closed().await.0, 1013);
    let mut other = open("203.0.113.6").await;
    other.sends(json!({ "type": "ping" })).await;
    assert_eq!(other.hears().await, json!({ "type": "pong" }));
}
