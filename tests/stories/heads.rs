//! Heads of requests as they are on the wire: those that the HTTP library refuses, so that the answer has no body and no request
//! id, and those that lack what other clients always send.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::Server;

/// What comes back for these bytes, until the connection ends.
async fn answer(server: &Server, bytes: &[u8]) -> String {
    let address = server.url.strip_prefix("http://").expect("a URL");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(bytes).await.expect("it takes them");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("text");
    answer.to_ascii_lowercase()
}

#[tokio::test]
async fn what_is_no_request_gets_a_status_and_nothing_else() {
    let server = Server::start().await;
    let line = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";
    let many = "x: y\r\n".repeat(100);
    let table = [
        ("no HTTP at all\r\n\r\n".to_owned(), 400),
        ("GET /health/live HTTP/1.1\r\nHost localhost\r\n\r\n".to_owned(), 400),
        (format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(65_535)), 414),
        (format!("{line}{many}\r\n"), 431),
        (format!("{line}x: {}\r\n\r\n", "y".repeat(200_000)), 431),
    ];
    for (head, status) in table {
        let told = answer(&server, head.as_bytes()).await;
        let start: String = head.chars().take(40).collect();
        assert!(told.starts_with(&format!("http/1.1 {status} ")), "{start:?}: {told}");
        assert!(told.contains("content-length: 0\r\n") && told.ends_with("\r\n\r\n"), "{start:?}: {told}");
        assert!(!told.contains("x-request-id"), "{start:?}: {told}");
    }
}

#[tokio::test]
async fn without_accept_an_answer_is_json() {
    let server = Server::start().await;
    let head = "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let told = answer(&server, head.as_bytes()).await;
    assert!(told.contains("\r\ncontent-type: application/json; charset=utf-8\r\n"), "{told}");
    assert!(told.ends_with("{\"data\":{\"__typename\":\"query\"}}"), "{told}");
    let refused = answer(&server, head.replace("__typename", "nothing").as_bytes()).await;
    assert!(refused.starts_with("http/1.1 200 ok\r\n"), "{refused}");
}
