//! Whatever is sent, the answer is JSON with a code, and never a fault of the server.

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use reqwest::{Method, header::HeaderValue};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::{Answer, Server, Socket};

/// How many requests each story sends in the test suite; `PROPTEST_CASES` asks for more, and for other ones each time.
const CASES: u32 = 400;

/// Requests that are sound, to begin with.
fn sound() -> Vec<Value> {
    let hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let send = "mutation S($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } errors { code } } }";
    let recent =
        "query R($to: ID!, $w: RecentWindow) { recentMessages(recipientId: $to, window: $w, first: 5) {
        nodes { id text sender { username } conversation { id } } pageInfo { endCursor } } }";
    let many = "mutation ($m: [SendMessageInput!]!) { sendMessages(input: {messages: $m}) { results { __typename } } }";
    let user = "user_01kdvq5a00eaaaaaaaaaaaaaaa";
    vec![
        json!({ "query": "{ users(first: 3) { nodes { id username } pageInfo { endCursor } } }" }),
        json!({ "query": "query A { __typename } query B { viewer { id } }", "operationName": "B" }),
        json!({ "query": send, "variables": { "input": {
            "senderId": user, "recipientId": user, "text": "Hello 👋\u{0}", "clientMessageId": "key" } } }),
        json!({ "query": recent, "variables": { "to": user, "w": { "days": 30 } } }),
        json!({ "query": many, "variables": { "m": [{ "senderId": user, "recipientId": user, "text": " " }] } }),
        json!({ "query": "{ node(id: \"msg_01\") { ...n } } fragment n on Message { id text @include(if: true) }" }),
        json!({ "query": "{ __typename }", "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } }),
        json!({ "documentId": format!("sha256:{hash}"), "variables": null, "extensions": {} }),
        json!({ "query": "{ __type(name: \"User\") { fields { name args { defaultValue } } } }" }),
        json!({ "query": "{ searchMessages(text: \"a*\\\" OR\", after: \"aGVsbG8\") { nodes { id } } }" }),
        json!({ "query": "subscription { events(after: \"x\") { cursor } }" }),
    ]
}

/// Pieces that mean something to somebody on the way.
const TOKENS: [&str; 36] = [
    "null",
    "true",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\\"",
    "1e999",
    "-0",
    "1.5",
    "2147483648",
    "99999999999999999999",
    "$",
    "@skip(if: $x)",
    "...",
    "#",
    "\"\"\"",
    "!",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "__schema",
    "__typename",
    "first: -1",
    "first: 2147483647",
    "é",
    "🎉",
    "\u{0}",
    "\u{feff}",
    "user_",
];

/// One way to spoil bytes. A place is a share of their length.
#[derive(Clone, Debug)]
enum Spoil {
    Flip(f64, u8),
    Insert(f64, Vec<u8>),
    Remove(f64, usize),
    Repeat(f64, usize),
    Cut(f64),
}

impl Spoil {
    fn apply(&self, bytes: &mut Vec<u8>) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share"
        )]
        let at = |share: f64, bytes: &[u8]| (share * bytes.len() as f64) as usize;
        match self {
            Self::Flip(share, with) => {
                let at = at(*share, bytes);
                bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= with);
            }
            Self::Insert(share, piece) => {
                let at = at(*share, bytes);
                bytes.splice(at..at, piece.iter().copied());
            }
            Self::Remove(share, length) => {
                let at = at(*share, bytes);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Self::Repeat(share, length) => {
                let at = at(*share, bytes);
                let piece = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            Self::Cut(share) => bytes.truncate(at(*share, bytes)),
        }
    }
}

fn spoiled(mut bytes: Vec<u8>, spoils: &[Spoil]) -> Vec<u8> {
    for spoil in spoils {
        spoil.apply(&mut bytes);
    }
    bytes
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let place = 0.0..1.0_f64;
    let token = prop::sample::select(TOKENS.as_slice()).prop_map(|token| token.as_bytes().to_vec());
    prop_oneof![
        2 => (place.clone(), 1_u8..).prop_map(|(place, with)| Spoil::Flip(place, with)),
        4 => (place.clone(), token).prop_map(|(place, piece)| Spoil::Insert(place, piece)),
        1 => (place.clone(), prop::collection::vec(any::<u8>(), 1..8)).prop_map(|(place, piece)| Spoil::Insert(place, piece)),
        2 => (place.clone(), 1_usize..40).prop_map(|(place, length)| Spoil::Remove(place, length)),
        2 => (place.clone(), 1_usize..200).prop_map(|(place, length)| Spoil::Repeat(place, length)),
        1 => place.prop_map(Spoil::Cut),
    ]
}

/// Any JSON at all.
fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from)];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(TOKENS.as_slice()).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let key = prop_oneof!["[a-zA-Z]{1,6}", Just("text".to_owned()), Just("recipientId".to_owned())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A sound request in which one part is something else.
fn exchanged() -> impl Strategy<Value = Vec<u8>> {
    let part = prop::sample::select(
        ["query", "variables", "extensions", "operationName", "documentId", "input", "m"].as_slice(),
    );
    (prop::sample::select(sound()), part, any_json()).prop_map(|(mut request, part, value)| {
        match part {
            "input" | "m" => request["variables"] = json!({ part: value }),
            part => request[part] = value,
        }
        request.to_string().into_bytes()
    })
}

/// What one might send as a body.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let whole = (prop::sample::select(sound()), prop::collection::vec(spoil(), 1..6));
    let whole = whole.prop_map(|(request, spoils)| spoiled(request.to_string().into_bytes(), &spoils));
    // The document alone, so that what stands around it stays JSON.
    let within = (prop::sample::select(sound()), prop::collection::vec(spoil(), 1..6));
    let within = within.prop_map(|(mut request, spoils)| {
        let document = request["query"].as_str().unwrap_or_default();
        let bytes = spoiled(document.as_bytes().to_vec(), &spoils);
        request["query"] = String::from_utf8_lossy(&bytes).into_owned().into();
        request.to_string().into_bytes()
    });
    let raw = prop::collection::vec(any::<u8>(), 0..600);
    prop_oneof![3 => whole, 4 => within, 3 => exchanged(), 1 => any_json().prop_map(|json| json.to_string().into_bytes()), 1 => raw]
}

/// What one might send as a header.
fn value() -> impl Strategy<Value = HeaderValue> {
    const KNOWN: [&str; 12] = [
        "application/json",
        "application/json; charset=utf-8",
        "application/graphql-response+json",
        "text/plain",
        "*/*",
        "a/b;q=2, application/json;q=x",
        "null",
        "http://localhost:1",
        "https://[",
        "cross-site",
        "betty",
        "multipart/mixed",
    ];
    let bytes = prop::collection::vec(prop_oneof![32_u8..127, 128_u8..], 0..40);
    prop_oneof![
        3 => prop::sample::select(KNOWN.as_slice()).prop_map(HeaderValue::from_static),
        1 => bytes.prop_map(|bytes| HeaderValue::from_bytes(&bytes).expect("a header value")),
    ]
}

fn header() -> impl Strategy<Value = (&'static str, HeaderValue)> {
    const NAMES: [&str; 6] = ["content-type", "accept", "origin", "sec-fetch-site", "messenger-user", "host"];
    (prop::sample::select(NAMES.as_slice()), value())
}

/// JSON with data or a code, and no word of a fault.
fn judge(answer: &Answer) -> Result<(), TestCaseError> {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let codes: Vec<Option<&str>> = errors.iter().map(|error| error["extensions"]["code"].as_str()).collect();
    let is_coded =
        codes.iter().all(|code| code.is_some_and(|code| code != "INTERNAL" && code != "UNAVAILABLE"));
    let is_answer = answer.body.get("data").is_some() || !errors.is_empty();
    if answer.status < 500 && is_answer && is_coded {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{} {}", answer.status, answer.body)))
}

/// Plays many cases against one server, which must be there at the end.
fn play<S: Strategy>(strategy: &S, judged: &impl AsyncFn(&Server, S::Value) -> Result<(), TestCaseError>) {
    let runtime = Runtime::new().expect("a runtime");
    let server = runtime.block_on(Server::start());
    // Whom some of the requests name.
    runtime.block_on(server.user("betty"));
    let default = Config { failure_persistence: None, ..Config::default() };
    let mut runner = if std::env::var_os("PROPTEST_CASES").is_some() {
        TestRunner::new(default)
    } else {
        // The same requests each time: a failure is the code's, never the day's.
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(Config { cases: CASES, ..default }, rng)
    };
    let outcome = runner.run(strategy, |value| runtime.block_on(judged(&server, value)));
    outcome.expect("an answer to everything");
    let honest = runtime.block_on(server.ask("{ __typename }", json!({})));
    assert_eq!(honest, json!({ "data": { "__typename": "Query" } }));
}

#[test]
fn every_body_gets_an_answer() {
    play(&body(), &async |server, body| {
        let request = server.request(Method::POST, "/graphql").header("content-type", "application/json");
        judge(&server.send(request.body(body)).await)
    });
}

#[test]
fn every_query_string_gets_an_answer() {
    play(&body(), &async |server, body| {
        // The parts of a body as parameters; what is no JSON is the document.
        let parts = serde_json::from_slice::<Value>(&body).ok().and_then(|json| json.as_object().cloned());
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let parameters: Vec<(String, String)> = parts.map_or_else(
            || vec![("query".to_owned(), String::from_utf8_lossy(&body).into_owned())],
            |parts| parts.into_iter().map(|(name, value)| (name, text(value))).collect(),
        );
        judge(&server.send(server.request(Method::GET, "/graphql").query(&parameters)).await)
    });
}

#[test]
fn every_header_gets_an_answer() {
    let requests = (prop::collection::vec(header(), 0..4), prop::sample::select(sound()));
    play(&requests, &async |server, (headers, body)| {
        let request = server.request(Method::POST, "/graphql");
        let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        judge(&server.send(request.body(body.to_string())).await)
    });
}

/// What one might send over a socket.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let sound = || {
        let subscribe =
            sound().into_iter().map(|payload| json!({ "type": "subscribe", "id": "1", "payload": payload }));
        let others = ["connection_init", "ping", "pong", "complete"];
        let others =
            others.map(|kind| json!({ "type": kind, "id": "1", "payload": { "Messenger-User": "betty" } }));
        prop::sample::select(subscribe.chain(others).collect::<Vec<_>>())
    };
    let whole = (sound(), prop::collection::vec(spoil(), 1..6));
    let whole = whole.prop_map(|(message, spoils)| spoiled(message.to_string().into_bytes(), &spoils));
    let part = prop::sample::select(["type", "id", "payload"].as_slice());
    let exchanged = (sound(), part, any_json()).prop_map(|(mut message, part, value)| {
        message[part] = value;
        message.to_string().into_bytes()
    });
    let raw = prop::collection::vec(any::<u8>(), 0..300);
    prop_oneof![4 => whole, 3 => exchanged, 1 => raw]
}

/// However it is answered, the socket is closed with a code that blames the client, when it says nonsense at last.
#[test]
fn every_message_over_a_socket_gets_an_answer() {
    let spoken = (any::<bool>(), prop::collection::vec(message(), 1..4));
    play(&spoken, &async |server, (is_open, messages)| {
        let mut socket =
            if is_open { Socket::open(&server.url).await } else { Socket::silent(&server.url).await };
        for message in &messages {
            // It may be closed by then.
            drop(socket.tries_to_send_text(message).await);
        }
        drop(socket.tries_to_send_text(b"nonsense").await);
        let code = socket.is_closed_at_last().await;
        prop_assert!([1007, 4400, 4401, 4403, 4409, 4429].contains(&code), "{}", code);
        Ok(())
    });
}
