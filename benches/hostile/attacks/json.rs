//! C1: JSON that nests deeper than the parser's own limit, because a parser may take a text in it for more JSON.

use std::time::Duration;

use reqwest::Client;
use serde_json::json;
use tokio::time::timeout;

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    run::FROM,
    socket::{Received, Socket},
};

/// How deep a JSON text is nested before the next one begins in a string: what `serde_json` takes by itself.
const DEPTH: usize = 120;

/// A message over a socket, before anybody has said who they are.
pub static OVER_A_SOCKET: Attack = Attack {
    code: "C1a",
    name: "nested JSON in a socket's first message",
    sent: "one message of 86 kB, without a token",
    run: |scene| Box::pin(over_a_socket(scene)),
    ..USUAL
};

/// The body of a request with a token.
pub static IN_A_BODY: Attack = Attack {
    code: "C1b",
    name: "nested JSON in a body",
    sent: "one POST of 66 kB with a token",
    run: |scene| Box::pin(in_a_body(scene)),
    ..USUAL
};

/// The variables of a GET request.
pub static IN_A_QUERY_STRING: Attack = Attack {
    code: "C1c",
    name: "nested JSON in a query string",
    sent: "one GET of 60 kB with a token",
    run: |scene| Box::pin(in_a_query_string(scene)),
    ..USUAL
};

/// JSON in strings in JSON. Escapes that are escaped by themselves (`\u005c`) let it grow slowly.
fn nested(levels: usize) -> String {
    let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
    (0..levels).fold("0".to_owned(), |inner, _| {
        let inner = inner.replace('\\', "\\u005c").replace('"', "\\u0022");
        format!(r#"{open}{{"$serde_json::private::RawValue":"{inner}"}}{close}"#)
    })
}

async fn over_a_socket(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let mut socket = Socket::open(scene.server.address, FROM).await?;
    let payload = nested(80);
    socket.send(&format!(r#"{{"type":"connection_init","payload":{{"x":{payload}}}}}"#)).await?;
    Ok(match timeout(Duration::from_secs(20), socket.next()).await?? {
        Received::Closed(code, reason) => Answer::new(true, format!("closed {code} {reason}")),
        Received::Text(text) => Answer::new(false, text),
    })
}

async fn in_a_body(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let variables = nested(70);
    let body = format!(r#"{{"query":"{{__typename}}","variables":{{"x":{variables}}}}}"#);
    let reply = scene.mallory.post(body).await?;
    Ok(Answer::new(reply.status == 400, reply.told()))
}

async fn in_a_query_string(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let variables = format!(r#"{{"x":{}}}"#, nested(50));
    let url = format!("http://{}/graphql", scene.server.address);
    let request = Client::new().get(url).bearer_auth(&scene.mallory.token);
    let request = request.query(&json!({ "query": "{__typename}", "variables": variables }));
    let status = request.send().await?.status().as_u16();
    Ok(Answer::new((400..500).contains(&status), status.to_string()))
}
