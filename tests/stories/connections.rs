//! Connections as the network has them: in pieces, kept open, broken off; and the end of the server.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use messenger::{app::App, config::Limits};
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::support::{Process, Server};

/// A connection with nothing between us and its bytes.
struct Wire(BufReader<TcpStream>);

impl Wire {
    async fn to(url: &str) -> Self {
        let address: SocketAddr = url.trim_start_matches("http://").parse().expect("an address");
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self(BufReader::new(stream))
    }

    async fn sends(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.expect("it takes them");
    }

    /// The status and the body of the next answer.
    async fn answer(&mut self) -> (u16, String) {
        let (status, length) = self.head().await;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.expect("a body");
        (status, String::from_utf8(body).expect("text"))
    }

    /// The status of the next answer, and how long its body is.
    async fn head(&mut self) -> (u16, usize) {
        let status = self.line().await;
        let status = status.split(' ').nth(1).expect("a status").parse();
        let mut length = 0;
        loop {
            let line = self.line().await.to_ascii_lowercase();
            if line.is_empty() {
                return (status.expect("a number"), length);
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().expect("a number");
            }
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.expect("a line");
        line.trim_end().to_owned()
    }

    /// What comes until the server closes its side.
    async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        // A reset is an end, too.
        drop(self.0.read_to_end(&mut rest).await);
        String::from_utf8(rest).expect("text")
    }

    /// Waits until the server has closed its side.
    async fn ends(&mut self) {
        assert_eq!(self.rest().await, "");
    }
}

/// How long an answer may take that comes at once, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(4);

const TYPENAME: &str = r#"{"query": "{ __typename }"}"#;
const ANSWER: &str = r#"{"data":{"__typename":"Query"}}"#;

fn head(length: usize, more: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n"
    )
}

fn request(body: &str) -> String {
    format!("{}{body}", head(body.len(), ""))
}

async fn is_well(server: &Server) {
    assert_eq!(server.ask("{ __typename }", json!({})).await, json!({ "data": { "__typename": "Query" } }));
}

#[tokio::test]
async fn a_request_may_come_in_pieces() {
    let server = Server::start().await;
    let request = request(TYPENAME);
    for at in [1, 20, request.len() - TYPENAME.len() - 1, request.len() - 1] {
        let mut wire = Wire::to(&server.url).await;
        let (start, rest) = request.split_at(at);
        wire.sends(start).await;
        // While another one is answered, the server has taken the first piece.
        is_well(&server).await;
        wire.sends(rest).await;
        assert_eq!(wire.answer().await, (200, ANSWER.to_owned()), "{at}");
    }
}

#[tokio::test]
async fn a_connection_serves_many_requests_in_their_order() {
    let server = Server::start().await;
    let mut wire = Wire::to(&server.url).await;
    for _ in 0..3 {
        wire.sends(request(TYPENAME)).await;
        assert_eq!(wire.answer().await, (200, ANSWER.to_owned()));
    }
    let questions = ["{ __typename }", "{ one: __typename }", "nonsense", "{ two: __typename }"];
    let pipelined = questions.map(|query| request(&json!({ "query": query }).to_string()));
    wire.sends(pipelined.concat()).await;
    let mut answers = Vec::new();
    for _ in questions {
        let (_, body) = wire.answer().await;
        let body: Value = serde_json::from_str(&body).expect("JSON");
        answers.push(body.get("data").cloned().unwrap_or_default());
    }
    assert_eq!(
        answers,
        [json!({ "__typename": "Query" }), json!({ "one": "Query" }), Value::Null, json!({ "two": "Query" }),]
    );
}

#[tokio::test]
async fn who_comes_when_all_connections_are_busy_waits_and_is_answered() {
    let folder = TempDir::new().expect("a folder");
    let settings = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_MAX_CONNECTIONS", "2")];
    let process = Process::start_as(folder.path(), &[], &settings);
    let (mut one, mut other) = (Wire::to(&process.url).await, Wire::to(&process.url).await);
    for wire in [&mut one, &mut other] {
        wire.sends(head(TYPENAME.len(), "Expect: 100-continue\r\n")).await;
        assert_eq!(wire.head().await, (100, 0), "it is in flight");
    }
    let mut third = Wire::to(&process.url).await;
    third.sends(request(TYPENAME)).await;
    {
        let mut waiting = std::pin::pin!(third.answer());
        other.sends(&TYPENAME[..1]).await;
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("there was no place"),
            () = other.sends(&TYPENAME[1..]) => {}
        }
        assert_eq!(other.answer().await, (200, ANSWER.to_owned()));
        assert_eq!(waiting.await, (200, ANSWER.to_owned()), "what is idle makes place");
    }
    other.ends().await;
    one.sends(TYPENAME).await;
    assert_eq!(one.answer().await, (200, ANSWER.to_owned()), "what is in flight stays");
    drop((one, third));
    process.signal(Signal::TERM);
    let (code, said) = process.ended();
    assert_eq!(code, Some(0));
    let warnings = said.lines().filter(|line| line.contains("all connections that there may be are open"));
    assert_eq!(warnings.count(), 1, "{said}");
    assert!(said.contains("connections=2"), "{said}");
}

#[tokio::test]
async fn silent_connections_keep_nobody_out() {
    const PLACES: usize = 20;
    let folder = TempDir::new().expect("a folder");
    let settings = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_MAX_CONNECTIONS", "20")];
    let process = Process::start_as(folder.path(), &[], &settings);
    let mut silent = Vec::new();
    for _ in 0..PLACES {
        silent.push(Wire::to(&process.url).await);
    }
    for number in 0..2 * PLACES {
        // Half of a head is as silent as nothing.
        let mut late = Wire::to(&process.url).await;
        late.sends("POST /graphql HTTP/1.1\r\nHost: local").await;
        let mut betty = Wire::to(&process.url).await;
        betty.sends(request(TYPENAME)).await;
        let answer = tokio::time::timeout(PATIENCE, betty.answer()).await;
        assert_eq!(answer.expect("at once"), (200, ANSWER.to_owned()), "{number}");
        silent.extend([late, betty]);
    }
    for mut first in silent.drain(..PLACES) {
        first.ends().await;
    }
}

#[tokio::test]
async fn a_connection_that_asks_nothing_is_closed_soon() {
    let server = Server::start().await;
    let mut silent = Wire::to(&server.url).await;
    let mut slow = Wire::to(&server.url).await;
    slow.sends("POST /graphql HTTP/1.1\r\n").await;
    let mut kept = Wire::to(&server.url).await;
    kept.sends(request(TYPENAME)).await;
    assert_eq!(kept.answer().await, (200, ANSWER.to_owned()));
    // Much sooner than a connection that has asked, which is kept for 30 seconds.
    let soon = Duration::from_secs(20);
    tokio::time::timeout(soon, silent.ends()).await.expect("it is closed");
    tokio::time::timeout(soon, slow.ends()).await.expect("it is closed");
    kept.sends(request(TYPENAME)).await;
    assert_eq!(kept.answer().await, (200, ANSWER.to_owned()), "it is kept");
}

#[tokio::test]
async fn slow_bodies_take_so_much_and_no_more() {
    // All bodies together have twice as many bytes as one may have.
    const MOST: usize = 36_000_000;
    const SENT: usize = 35_000_000;
    const FIT: usize = 2;
    let limits = Limits { body_bytes: MOST, ..Limits::default() };
    let server = Server::start_with(|app| App { limits: Arc::new(limits), ..app }).await;
    let mut slow = Vec::new();
    for _ in 0..FIT {
        let mut wire = Wire::to(&server.url).await;
        wire.sends(head(MOST, "")).await;
        wire.sends(vec![b' '; SENT]).await;
        slow.push(wire);
    }
    // Whichever of them come last: the budget is full when these have been told so.
    let mut refused = 0;
    while refused < 3 {
        let mut wire = Wire::to(&server.url).await;
        wire.sends(head(MOST, "")).await;
        wire.sends(vec![b' '; 3_000_000]).await;
        let answer = tokio::time::timeout(PATIENCE, wire.answer()).await;
        match answer {
            Ok((status, body)) => {
                let body: Value = serde_json::from_str(&body).expect("JSON");
                let extensions = json!({ "code": "OVERLOADED", "retryAfterMs": 1_000 });
                assert_eq!((status, &body["errors"][0]["extensions"]), (503, &extensions));
                refused += 1;
            }
            Err(_) => slow.push(wire),
        }
        assert!(slow.len() <= FIT, "{} bodies are on their way", slow.len());
    }
    is_well(&server).await;
    drop(slow);
    let rest = " ".repeat(1_000_000 - TYPENAME.len());
    let whole = format!("{TYPENAME}{rest}");
    let mut answer = (503, String::new());
    // The places of those who left are free when the server has noticed.
    for _ in 0..100 {
        let mut wire = Wire::to(&server.url).await;
        wire.sends(request(&whole)).await;
        answer = wire.answer().await;
        if answer.0 == 200 {
            break;
        }
    }
    assert_eq!(answer, (200, ANSWER.to_owned()));
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_before_it_sends() {
    let server = Server::start().await;
    let mut wire = Wire::to(&server.url).await;
    wire.sends(head(TYPENAME.len(), "Expect: 100-continue\r\n")).await;
    assert_eq!(wire.head().await, (100, 0));
    wire.sends(TYPENAME).await;
    assert_eq!(wire.answer().await, (200, ANSWER.to_owned()));

    let mut wire = Wire::to(&server.url).await;
    wire.sends(head(50_000_000, "Expect: 100-continue\r\n")).await;
    let (status, _) = wire.answer().await;
    assert_eq!(status, 413, "refused by its length alone");
}

#[tokio::test]
async fn a_client_that_sends_far_too_much_still_hears_why_not() {
    let server = Server::start().await;
    let mut wire = Wire::to(&server.url).await;
    let body = "x".repeat(8 * 1024 * 1024);
    wire.sends(request(&body)).await;
    assert_eq!(wire.answer().await.0, 413);
    is_well(&server).await;
}

#[tokio::test]
async fn a_request_names_its_host() {
    let server = Server::start().await;
    for (hosts, status) in
        [("", 400), ("Host: localhost\r\nHost: localhost\r\n", 400), ("Host: localhost\r\n", 200)]
    {
        let mut wire = Wire::to(&server.url).await;
        wire.sends(format!("GET /health/live HTTP/1.1\r\n{hosts}\r\n")).await;
        assert_eq!(wire.answer().await.0, status, "{hosts:?}");
    }
    let mut wire = Wire::to(&server.url).await;
    wire.sends("GET /health/live HTTP/1.0\r\n\r\n").await;
    assert_eq!(wire.answer().await.0, 200, "HTTP/1.0 knew no Host");
}

#[tokio::test]
async fn a_head_is_bounded() {
    let server = Server::start().await;
    let long = "x".repeat(200_000);
    let heads = [
        head(TYPENAME.len(), &format!("X: {long}\r\n")),
        head(TYPENAME.len(), &"X: x\r\n".repeat(200)),
        format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ];
    for head in heads {
        let mut wire = Wire::to(&server.url).await;
        wire.sends(head).await;
        let answer = wire.rest().await;
        // The server may have closed the connection before the last of it was sent, and so break its answer off.
        let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 431 ");
        assert!(refused, "{answer}");
    }
    let mut wire = Wire::to(&server.url).await;
    wire.sends("nonsense\r\n\r\n").await;
    assert_eq!(wire.answer().await.0, 400);
    is_well(&server).await;
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_harms_nobody() {
    let server = Server::start().await;
    let create = json!({ "query": "mutation { createUser(input: {username: \"aaron\"}) { user { id } } }" });
    let whole = request(&create.to_string());
    for at in [0, 10, whole.len() - 30, whole.len() - 1] {
        let mut wire = Wire::to(&server.url).await;
        wire.sends(&whole[..at]).await;
    }
    assert_eq!(
        server.ask("{ users { nodes { username } } }", json!({})).await,
        json!({ "data": { "users": { "nodes": [] } } })
    );
}

#[tokio::test]
async fn a_server_that_is_stopped_finishes_what_is_in_flight() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        finishes_after(signal).await;
    }
}

async fn finishes_after(signal: Signal) {
    let folder = TempDir::new().expect("a folder");
    let process = Process::start(folder.path());
    let create =
        json!({ "query": "mutation { createUser(input: {username: \"aaron\"}) { user { username } } }" });
    let create = create.to_string();
    let mut idle = Wire::to(&process.url).await;
    idle.sends(request(TYPENAME)).await;
    assert_eq!(idle.answer().await.0, 200);
    let mut busy = Wire::to(&process.url).await;
    busy.sends(head(create.len(), "Expect: 100-continue\r\n")).await;
    assert_eq!(busy.head().await, (100, 0), "it is in flight");

    process.signal(signal);
    idle.ends().await;
    busy.sends(create).await;

    let created = r#"{"data":{"createUser":{"user":{"username":"aaron"}}}}"#;
    assert_eq!(busy.answer().await, (200, created.to_owned()));
    busy.ends().await;
    let (code, said) = process.ended();
    assert_eq!(code, Some(0), "{said}");

    let process = Process::start(folder.path());
    let mut wire = Wire::to(&process.url).await;
    wire.sends(request(r#"{"query": "{ users { nodes { username } } }"}"#)).await;
    let kept = r#"{"data":{"users":{"nodes":[{"username":"aaron"}]}}}"#;
    assert_eq!(wire.answer().await, (200, kept.to_owned()));
}
