//! GraphQL over a WebSocket, by the sub-protocol graphql-transport-ws: told frame by frame.

use std::time::Duration;

use messenger::store::{Connection, StoreError};
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::oneshot};

use crate::support::{FOLLOW, Frame, Process, SECRET, SUB_PROTOCOL, Server, Socket, folder};

const TYPENAME: &str = "{ __typename }";

fn next(id: &str, data: &Value) -> Value {
    json!({ "type": "next", "id": id, "payload": { "data": data } })
}

fn complete(id: &str) -> Value {
    json!({ "type": "complete", "id": id })
}

/// Everything is well on this socket.
async fn answers(socket: &mut Socket) {
    socket.subscribes("well", TYPENAME, json!({})).await;
    assert_eq!(socket.hears().await, next("well", &json!({ "__typename": "Query" })));
    assert_eq!(socket.hears().await, complete("well"));
}

/// The first event of somebody who follows what happens.
async fn hears_an_event(socket: &mut Socket, id: &str) {
    let event = socket.hears().await;
    assert_eq!((&event["type"], &event["id"]), (&json!("next"), &json!(id)), "{event}");
    assert_eq!(event["payload"].get("errors"), None, "{event}");
}

/// How the server takes leave of a client that says these things.
async fn closed_after(server: &Server, texts: &[&str]) -> (u16, String) {
    let mut socket = Socket::silent(&server.url).await;
    for text in texts {
        socket.sends_text(text).await;
    }
    loop {
        match socket.receives().await {
            Frame::Text(_) | Frame::Ping | Frame::Pong => {}
            Frame::Close(code, reason) => {
                socket.sends_close(code).await;
                assert_eq!(socket.receives().await, Frame::End);
                return (code, reason);
            }
            Frame::End => panic!("it ended without a word after {texts:?}"),
        }
    }
}

const INIT: &str = r#"{"type": "connection_init"}"#;
const INIT_AS_BETTY: &str = r#"{"type": "connection_init", "payload": {"Messenger-User": "betty"}}"#;

fn subscribe(id: &str) -> String {
    json!({ "type": "subscribe", "id": id, "payload": { "query": FOLLOW } }).to_string()
}

#[tokio::test]
async fn queries_and_mutations_run_over_a_socket() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server.url).await;
    answers(&mut socket).await;
    let create = "mutation ($name: String!) { createUser(input: {username: $name}) { user { username } errors { code } } }";
    socket.subscribes("1", create, json!({ "name": "aaron" })).await;
    let created = json!({ "createUser": { "user": { "username": "aaron" }, "errors": [] } });
    assert_eq!(socket.hears().await, next("1", &created));
    assert_eq!(socket.hears().await, complete("1"));
    // Its id is free again.
    socket.subscribes("1", "{ users { nodes { username } } }", json!({})).await;
    assert_eq!(socket.hears().await, next("1", &json!({ "users": { "nodes": [{ "username": "aaron" }] } })));
    assert_eq!(socket.hears().await, complete("1"));
}

#[tokio::test]
async fn a_subscription_goes_on_until_the_client_ends_it() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", FOLLOW, json!({ "userId": betty.id })).await;
    hears_an_event(&mut socket, "1").await;
    answers(&mut socket).await;
    socket.sends(complete("1")).await;
    // Nothing more is heard of it, and its id is free at once.
    socket.subscribes("1", TYPENAME, json!({})).await;
    assert_eq!(socket.hears().await, next("1", &json!({ "__typename": "Query" })));
    assert_eq!(socket.hears().await, complete("1"));
    // Ending what has ended, or never was, is nothing.
    socket.sends(complete("1")).await;
    socket.sends(complete("nobody")).await;
    answers(&mut socket).await;
}

#[tokio::test]
async fn a_refused_operation_is_an_error_and_the_socket_stays() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server.url).await;
    let table = [
        ("{ users { ", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { events { cursor } events { cursor } nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: ID!) { node(id: $id) { id } }", "VARIABLES_INVALID"),
        ("query A { __typename } query B { __typename }", "OPERATION_NOT_FOUND"),
    ];
    for (query, code) in table {
        socket.subscribes("1", query, json!({})).await;
        let error = socket.hears().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("1")), "{query}: {error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], code, "{query}: {error}");
    }
    let deep = format!("{{ a{} }}", "(b: [".repeat(1_550));
    socket.subscribes("1", &deep, json!({})).await;
    assert_eq!(socket.hears().await["payload"][0]["extensions"]["code"], "DOCUMENT_TOO_DEEP");
    answers(&mut socket).await;
}

#[tokio::test]
async fn an_error_of_a_resolver_stands_beside_data() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", "{ users(first: 0) { nodes { id } } }", json!({})).await;
    let answer = socket.hears().await;
    assert_eq!(answer["type"], "next", "{answer}");
    assert_eq!(answer["payload"]["data"], Value::Null, "{answer}");
    assert_eq!(answer["payload"]["errors"][0]["extensions"]["code"], "PAGE_SIZE_INVALID", "{answer}");
    assert_eq!(socket.hears().await, complete("1"));
}

#[tokio::test]
async fn ping_is_answered_with_what_it_brought() {
    let server = Server::start().await;
    let mut socket = Socket::silent(&server.url).await;
    for payload in [json!({}), json!({ "payload": { "at": 7 } })] {
        let mut message = payload;
        message["type"] = json!("ping");
        socket.sends(message.clone()).await;
        message["type"] = json!("pong");
        assert_eq!(socket.hears().await, message);
    }
    socket.sends_ping().await;
    assert_eq!(socket.receives().await, Frame::Pong);
}

#[tokio::test]
async fn every_mistake_closes_with_its_code() {
    let server = Server::start().await;
    server.user("betty").await;
    let (one, unauthorized) =
        (subscribe("1"), "Unauthorized: send connection_init and wait for connection_ack");
    let no_query = "\"query\" must be a string that holds a GraphQL document";
    let no_id = "\"id\" must be a string of 1 to 256 bytes";
    let (no_json, no_object) = ("a message is not JSON (line 1, column ", "a message must be a JSON object");
    let table: [(&[&str], u16, &str); 27] = [
        (&[&one], 4401, unauthorized),
        (&[INIT, INIT], 4429, "Too many initialisation requests"),
        (&[INIT_AS_BETTY, &one, &one], 4409, "Subscriber for 1 already exists"),
        (&[""], 4400, no_json),
        (&["nonsense"], 4400, no_json),
        (&["{"], 4400, no_json),
        (&["[]"], 4400, no_object),
        (&["null"], 4400, no_object),
        (&["{}"], 4400, "a message must have a \"type\""),
        (&[r#"{"type": 1}"#], 4400, "a message must have a \"type\""),
        (&[r#"{"type": "start"}"#], 4400, "there is no message of the type \"start\""),
        (&[r#"{"type": "next", "id": "1"}"#], 4400, "there is no message of the type \"next\""),
        (&[r#"{"type": "connection_init", "payload": []}"#], 4400, "\"payload\" must be an object"),
        (&[r#"{"type": "connection_init", "payload": "betty"}"#], 4400, "\"payload\" must be an object"),
        (&[r#"{"type": "ping", "payload": 1}"#], 4400, "\"payload\" must be an object"),
        (&[r#"{"type": "pong", "payload": "x"}"#], 4400, "\"payload\" must be an object"),
        (&[INIT, r#"{"type": "complete"}"#], 4400, no_id),
        (&[INIT, r#"{"type": "subscribe", "payload": {"query": "{ a }"}}"#], 4400, no_id),
        (&[INIT, r#"{"type": "subscribe", "id": "", "payload": {"query": "{ a }"}}"#], 4400, no_id),
        (&[INIT, r#"{"type": "subscribe", "id": 1, "payload": {"query": "{ a }"}}"#], 4400, no_id),
        (&[INIT, r#"{"type": "subscribe", "id": "1"}"#], 4400, no_query),
        (&[INIT, r#"{"type": "subscribe", "id": "1", "payload": {}}"#], 4400, no_query),
        (&[INIT, r#"{"type": "subscribe", "id": "1", "payload": {"query": 1}}"#], 4400, no_query),
        (
            &[INIT, r#"{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": []}}"#],
            4400,
            "\"variables\" must be an object",
        ),
        (
            &[INIT, r#"{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "operationName": 1}}"#],
            4400,
            "\"operationName\" must be a string",
        ),
        (&[r#"{"type": "connection_init", "payload": {"Messenger-User": 7}}"#], 4403, "Forbidden"),
        (
            &[r#"{"type": "connection_init", "payload": {"Messenger-User": "a", "messenger-user": "b"}}"#],
            4403,
            "Forbidden: Authorization or Messenger-User is there more than once; send it once",
        ),
    ];
    for (texts, code, reason) in table {
        let (closed, why) = closed_after(&server, texts).await;
        assert_eq!(closed, code, "{texts:?}: {why}");
        assert!(why.starts_with(reason), "{texts:?}: {why}");
    }
    let unknown = json!({ "type": "x".repeat(1_000) }).to_string();
    let (code, reason) = closed_after(&server, &[&unknown]).await;
    assert_eq!((code, reason.len()), (4400, 123));
    let long = subscribe(&"x".repeat(257));
    assert_eq!(closed_after(&server, &[INIT, &long]).await, (4400, no_id.to_owned()));
    let deep = "[".repeat(100_000);
    assert_eq!(closed_after(&server, &[INIT, &deep]).await.0, 4400);
    answers(&mut Socket::open(&server.url).await).await;
}

#[tokio::test]
async fn bytes_that_are_no_messages_close_with_their_code() {
    let server = Server::start().await;
    let mut binary = Socket::silent(&server.url).await;
    binary.sends_binary(INIT.as_bytes()).await;
    assert_eq!(binary.is_closed().await, (4400, "a message must be text".to_owned()));

    let mut no_utf8 = Socket::silent(&server.url).await;
    no_utf8.sends_text(b"\xff").await;
    assert_eq!(no_utf8.is_told_why().await, (1007, "a message must be UTF-8".to_owned()));

    let long_ping = [b"\x89\xfe\x00\x80".as_slice(), &[0; 4 + 128]].concat();
    let frames: [&[u8]; 5] = [
        b"\x81\x00",                 // not masked
        b"\xf1\x80\x00\x00\x00\x00", // bits that mean nothing
        b"\x83\x80\x00\x00\x00\x00", // a kind that is not there
        b"\x80\x80\x00\x00\x00\x00", // goes on with nothing
        &long_ping,
    ];
    for frame in frames {
        let mut socket = Socket::silent(&server.url).await;
        socket.sends_bytes(frame).await;
        assert_eq!(socket.is_told_why().await.0, 1002, "{frame:?}");
    }
    answers(&mut Socket::open(&server.url).await).await;
}

#[tokio::test]
async fn a_message_may_have_256_kibibytes() {
    let server = Server::start().await;
    let message = |bytes: usize| {
        let start = r#"{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "extensions": {"x": ""#;
        let end = r#""}}}"#;
        format!("{start}{}{end}", "x".repeat(bytes - start.len() - end.len()))
    };
    let mut socket = Socket::open(&server.url).await;
    socket.sends_text(message(256 * 1024)).await;
    assert_eq!(socket.hears().await, next("1", &json!({ "__typename": "Query" })));
    assert_eq!(socket.hears().await, complete("1"));
    socket.sends_text(message(256 * 1024 + 1)).await;
    assert_eq!(socket.is_told_why().await, (1009, "a message may have 262144 bytes".to_owned()));

    // In pieces that are small each, it is as much.
    let mut socket = Socket::open(&server.url).await;
    let piece = vec![b' '; 200 * 1024];
    socket.sends_frame(1, &piece).await;
    socket.sends_frame(0, &piece).await;
    assert_eq!(socket.is_told_why().await.0, 1009);
    // Nothing is received of what is announced as far too much.
    let mut socket = Socket::open(&server.url).await;
    socket.sends_bytes(b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00").await;
    assert_eq!(socket.is_told_why().await.0, 1009);
}

#[tokio::test]
async fn a_message_may_come_in_pieces() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server.url).await;
    let message = json!({ "type": "subscribe", "id": "é👋", "payload": { "query": "{ __typename }" } });
    for bytes in [1, 7, 60] {
        socket.sends_in_pieces(&message, bytes).await;
        assert_eq!(socket.hears().await, next("é👋", &json!({ "__typename": "Query" })), "{bytes}");
        assert_eq!(socket.hears().await, complete("é👋"));
    }
}

#[tokio::test]
async fn a_hundred_operations_run_at_once_and_no_more() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let mut socket = Socket::open_as(&server.url, json!({ "Messenger-User": "betty" })).await;
    for number in 0..100 {
        socket.subscribes(&number.to_string(), FOLLOW, json!({ "userId": betty.id })).await;
        hears_an_event(&mut socket, &number.to_string()).await;
    }
    socket.subscribes("more", TYPENAME, json!({})).await;
    let refused = socket.hears().await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("more")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    socket.sends(complete("7")).await;
    answers(&mut socket).await;
    // Another socket has a hundred of its own.
    answers(&mut Socket::open(&server.url).await).await;
}

#[tokio::test]
async fn a_socket_acts_as_whom_its_beginning_names() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let viewer = "{ viewer { username } }";
    let as_betty = next("1", &json!({ "viewer": { "username": "betty" } }));
    for (name, value) in
        [("Messenger-User", "betty"), ("messenger-user", "betty"), ("MESSENGER-USER", betty.id.as_str())]
    {
        let mut socket = Socket::open_as(&server.url, json!({ name: value })).await;
        socket.subscribes("1", viewer, json!({})).await;
        assert_eq!(socket.hears().await, as_betty, "{name}: {value}");
        assert_eq!(socket.hears().await, complete("1"));
        socket.subscribes("2", FOLLOW, json!({})).await;
        hears_an_event(&mut socket, "2").await;
    }
    // The header of the upgrade counts as well, until the payload says otherwise.
    let headers = [SUB_PROTOCOL, ("Messenger-User", aaron.id.as_str())];
    for (payload, expected) in [(json!({}), "aaron"), (json!({ "Messenger-User": "betty" }), "betty")] {
        let mut socket = Socket::upgraded(&server.url, &headers).await.expect("an upgrade");
        socket.sends(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
        socket.subscribes("1", viewer, json!({})).await;
        assert_eq!(socket.hears().await, next("1", &json!({ "viewer": { "username": expected } })));
    }
}

#[tokio::test]
async fn a_socket_of_nobody_there_is_forbidden() {
    let server = Server::start().await;
    let forbidden =
        "Forbidden: Messenger-User names no user: it takes an id, on an open server also a username";
    for name in ["nobody", "", "user_01kdvq5a00ebbbbbbbbbbbbbbb", "no name!"] {
        let init = json!({ "type": "connection_init", "payload": { "Messenger-User": name } }).to_string();
        assert_eq!(closed_after(&server, &[&init]).await, (4403, forbidden.to_owned()), "{name:?}");
    }
    let mut socket = Socket::upgraded(&server.url, &[SUB_PROTOCOL, ("Messenger-User", "nobody")])
        .await
        .expect("an upgrade");
    socket.sends_text(INIT).await;
    assert_eq!(socket.is_closed().await, (4403, forbidden.to_owned()));
}

#[tokio::test]
async fn an_upgrade_must_ask_for_the_sub_protocol() {
    let server = Server::start().await;
    let needed =
        "a WebSocket here must ask for the sub-protocol graphql-transport-ws, in Sec-WebSocket-Protocol";
    let protocols: [&[(&str, &str)]; 3] =
        [&[], &[("Sec-WebSocket-Protocol", "graphql-ws")], &[("Sec-WebSocket-Protocol", "soap, mqtt")]];
    for headers in protocols {
        let (status, body) = Socket::upgraded(&server.url, headers).await.err().expect("a refusal");
        assert_eq!(status, 400, "{headers:?}");
        let error = json!({ "message": needed, "extensions": { "code": "BAD_REQUEST" } });
        assert_eq!(body, json!({ "errors": [error] }));
    }
    let both = [("Sec-WebSocket-Protocol", "graphql-ws, graphql-transport-ws")];
    assert!(Socket::upgraded(&server.url, &both).await.is_ok());
    let many = format!("graphql-transport-ws{}", ", a".repeat(20_000));
    let (status, body) =
        Socket::upgraded(&server.url, &[("Sec-WebSocket-Protocol", &many)]).await.err().expect("a refusal");
    let told = "Sec-WebSocket-Protocol has 60020 bytes; at most 1024 are allowed";
    let error = json!({ "message": told, "extensions": { "code": "BAD_REQUEST" } });
    assert_eq!((status, body), (400, json!({ "errors": [error] })));
}

#[tokio::test]
async fn a_socket_opens_to_no_foreign_name_and_no_foreign_page() {
    let server = Server::start().await;
    let table = [
        (("Host", "evil.example"), "HOST_NOT_ALLOWED"),
        (("Origin", "http://evil.example"), "ORIGIN_NOT_ALLOWED"),
        (("Origin", "null"), "ORIGIN_NOT_ALLOWED"),
    ];
    for (header, code) in table {
        let (status, body) =
            Socket::upgraded(&server.url, &[SUB_PROTOCOL, header]).await.err().expect("a refusal");
        assert_eq!(status, 403, "{header:?}");
        assert_eq!(body["errors"][0]["extensions"]["code"], code);
    }
    let own = [SUB_PROTOCOL, ("Origin", "http://localhost:5173")];
    assert!(Socket::upgraded(&server.url, &own).await.is_ok());

    // A server that asks for tokens may be called by any name; yet a page must come from there.
    let folder = folder();
    let process = Process::start_as(
        folder.path(),
        &[],
        &[("MESSENGER_ADDR", "0.0.0.0:0"), ("MESSENGER_JWT_SECRET", SECRET)],
    );
    let host = ("Host", "chat.example");
    for (origin, expected) in [("http://chat.example", true), ("http://evil.example", false), ("null", false)]
    {
        let headers = [SUB_PROTOCOL, host, ("Origin", origin)];
        let opened = Socket::upgraded(&process.url, &headers).await;
        assert_eq!(opened.is_ok(), expected, "{origin}");
    }
}

#[tokio::test]
async fn a_client_that_does_not_begin_is_let_go() {
    let server = Server::start().await;
    let mut socket = Socket::silent(&server.url).await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    assert_eq!(socket.is_closed().await, (4408, "Connection initialisation timeout".to_owned()));
    assert!((9..=11).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_client_is_pinged_and_let_go_after_two_in_vain() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server.url).await;
    tokio::time::pause();
    for _ in 0..5 {
        assert_eq!(socket.receives().await, Frame::Ping);
        socket.sends_pong().await;
    }
    assert_eq!(socket.receives().await, Frame::Ping);
    assert_eq!(socket.receives().await, Frame::Ping);
    assert_eq!(socket.is_closed().await, (4499, "Terminated: two pings were not answered".to_owned()));
}

/// More than a hundred kilobytes for one request.
const LARGE: &str = "{
    a: __schema { types { name description fields { name description } } }
    b: __schema { types { name description fields { name description } } }
    c: __schema { types { name description fields { name description } } }
}";

#[tokio::test]
async fn a_client_that_takes_nothing_holds_nothing_up_and_is_let_go() {
    let server = Server::start().await;
    let mut socket = Socket::open(&server.url).await;
    // More than all the buffers on the way hold.
    for number in 0..100 {
        socket.subscribes(&number.to_string(), LARGE, json!({})).await;
    }
    answers(&mut Socket::open(&server.url).await).await;
    tokio::time::pause();
    // Nothing but the server's patience has an end meanwhile.
    tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_secs(15)).await;
    let mut heard = 0;
    while let Frame::Text(_) = socket.receives().await {
        heard += 1;
    }
    assert!(heard < 200, "{heard} messages");
}

#[tokio::test]
async fn a_client_that_says_goodbye_is_answered() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", FOLLOW, json!({ "userId": betty.id })).await;
    hears_an_event(&mut socket, "1").await;
    socket.sends_close(1000).await;
    assert_eq!(socket.is_closed().await.0, 1000);
}

#[tokio::test]
async fn a_client_that_vanishes_leaves_nothing_behind() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    for _ in 0..20 {
        let mut socket = Socket::open(&server.url).await;
        socket.subscribes("1", FOLLOW, json!({ "userId": betty.id })).await;
        hears_an_event(&mut socket, "1").await;
        drop(socket);
        let mut half = Socket::silent(&server.url).await;
        half.sends_bytes(b"\x81\xfe\x10\x00").await;
    }
    answers(&mut Socket::open(&server.url).await).await;
    // It ends only when all of them have left.
    drop(server.restart().await);
}

#[tokio::test]
async fn a_mutation_gets_its_answer_before_the_server_stops() {
    let server = Server::start().await;
    let address = server.url.trim_start_matches("http://").to_owned();
    let betty = server.user("betty").await;
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("followed", FOLLOW, json!({ "userId": betty.id })).await;
    hears_an_event(&mut socket, "followed").await;
    let (hold, begun) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let store = server.app.store.clone();
    let held_up = tokio::spawn(async move {
        let work = move |_: &mut Connection| {
            hold.send(()).expect("somebody waits");
            released.blocking_recv().expect("the release");
            Ok::<_, StoreError>(())
        };
        store.write(work).await
    });
    begun.await.expect("the writer has begun");
    let create = "mutation { createUser(input: {username: \"aaron\"}) { user { username } } }";
    socket.subscribes("1", create, json!({})).await;
    socket.sends_ping().await;
    assert_eq!(socket.receives().await, Frame::Pong, "it was taken");

    let restarted = tokio::spawn(server.restart());
    while TcpStream::connect(&address).await.is_ok() {}
    release.send(()).expect("the writer waits");

    assert_eq!(
        socket.hears().await,
        next("1", &json!({ "createUser": { "user": { "username": "aaron" } } }))
    );
    assert_eq!(socket.hears().await, complete("1"));
    // The subscription is not complete: the client takes it up again when it is back.
    assert_eq!(socket.is_closed().await.0, 1012);
    held_up.await.expect("no panic").expect("it was committed");
    drop(restarted.await);
}

#[tokio::test]
async fn a_server_that_stops_asks_its_clients_to_come_again() {
    let folder = folder();
    let process = Process::start(folder.path());
    let create = "mutation { createUser(input: {username: \"betty\"}) { user { id } } }";
    process.ask(create, json!({})).await.expect("an answer");
    let mut idle = Socket::open(&process.url).await;
    let mut fresh = Socket::silent(&process.url).await;
    let mut follower = Socket::open_as(&process.url, json!({ "Messenger-User": "betty" })).await;
    follower.subscribes("1", FOLLOW, json!({})).await;
    hears_an_event(&mut follower, "1").await;
    // One that hears nothing, and one that is gone, hold nothing up.
    let _deaf = Socket::open(&process.url).await;
    drop(Socket::open(&process.url).await);

    let asked = std::time::Instant::now();
    process.signal(Signal::TERM);
    for socket in [&mut idle, &mut fresh, &mut follower] {
        assert_eq!(socket.is_closed().await, (1012, "service restart: connect again".to_owned()));
    }
    let (code, said) = process.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_client_says_little_before_it_is_known() {
    let server = Server::start().await;
    let init = |bytes: usize| {
        let start = r#"{"type": "connection_init", "payload": {"x": ""#;
        format!("{start}{}\"}}}}", "x".repeat(bytes - start.len() - 3))
    };
    let too_long = (1009, "a message may have 8192 bytes".to_owned());
    let mut socket = Socket::silent(&server.url).await;
    socket.sends_text(init(8 * 1024)).await;
    assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
    answers(&mut socket).await;
    for bytes in [8 * 1024 + 1, 30_000, 250_000] {
        let mut socket = Socket::silent(&server.url).await;
        socket.sends_text(init(bytes)).await;
        assert_eq!(socket.is_told_why().await, too_long, "{bytes}");
    }
    // In pieces that never end, with pings between them.
    let mut socket = Socket::silent(&server.url).await;
    socket.sends_frame(1, &[b' '; 1024]).await;
    for _ in 0..5 {
        socket.sends_frame(0, &[b' '; 4 * 1024]).await;
        socket.sends_ping().await;
    }
    let told = loop {
        match socket.receives().await {
            Frame::Pong => {}
            Frame::Close(code, reason) => break (code, reason),
            other => panic!("it goes on: {other:?}"),
        }
    };
    assert_eq!(told, too_long);

    let mut socket = Socket::silent(&server.url).await;
    for _ in 0..8 {
        socket.sends(json!({ "type": "ping" })).await;
        assert_eq!(socket.hears().await, json!({ "type": "pong" }));
    }
    socket.sends_text(INIT).await;
    let reason = "Unauthorized: at most 8 messages may come before connection_ack";
    assert_eq!(socket.is_closed().await, (4401, reason.to_owned()));
}

#[tokio::test]
async fn half_an_emoji_ends_its_operation_and_no_other() {
    let server = Server::start().await;
    server.user("betty").await;
    let mut socket = Socket::open_as(&server.url, json!({ "Messenger-User": "betty" })).await;
    socket.subscribes("1", FOLLOW, json!({})).await;
    hears_an_event(&mut socket, "1").await;
    let table = [
        (r#""\ud83d""#, "TEXT_NOT_STORABLE", "has half a character in a string (line 1, column "),
        (r#"{"\udc00": 1}"#, "TEXT_NOT_STORABLE", "has half a character in a string (line 1, column "),
        ("1e999", "BAD_REQUEST", "has a number that is out of range (line 1, column "),
    ];
    for (value, code, reason) in table {
        let payload = format!(r#"{{"query": "{{ __typename }}", "variables": {{"x": {value}}}}}"#);
        socket.sends_text(format!(r#"{{"type": "subscribe", "id": "2", "payload": {payload}}}"#)).await;
        let error = socket.hears().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("2")), "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], code, "{error}");
        let message = error["payload"][0]["message"].as_str().expect("a message");
        assert!(message.starts_with(&format!("the payload {reason}")), "{message}");
    }
    answers(&mut socket).await;

    let taken = r#"{"type": "subscribe", "id": "1", "payload": {"query": "\ud83d"}}"#;
    socket.sends_text(taken).await;
    assert_eq!(socket.is_closed().await, (4409, "Subscriber for 1 already exists".to_owned()));
    let (code, reason) = closed_after(&server, &[r#"{"type": "\ud83d"}"#]).await;
    assert_eq!(code, 4400);
    assert!(reason.starts_with("a message has half a character"), "{reason}");
}

#[tokio::test]
async fn halves_of_messages_take_so_much_and_no_more() {
    // 64 MiB for all, with 8 KiB of each message on the house.
    const FIT: usize = 280;
    let server = Server::start().await;
    let mut slow = Vec::new();
    let mut refused = 0;
    while refused < 3 {
        let mut socket = Socket::open(&server.url).await;
        socket.sends_frame(1, &vec![b' '; 254_000]).await;
        // It is told at once, or read without a word.
        socket.sends_ping().await;
        match socket.receives().await {
            Frame::Pong => slow.push(socket),
            Frame::Close(code, reason) => {
                let overloaded = "the server receives as much as it can hold at a time: try again later";
                assert_eq!((code, reason.as_str()), (1013, overloaded));
                refused += 1;
            }
            other => panic!("neither: {other:?}"),
        }
        assert!(slow.len() <= FIT, "{} messages are on their way", slow.len());
    }
    assert!(slow.len() > 200, "{} messages are on their way", slow.len());
    drop(slow);
    answers(&mut Socket::open(&server.url).await).await;
}
