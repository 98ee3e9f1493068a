//! JSON that is nested in itself: the parser's own name for a text that is JSON once began another parser on the same stack,
//! and 40 kB of it ended the process.

use std::{fs, sync::Arc};

use messenger::config::KeySource;
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    bad_start::refuses,
    support::{Frame, Host, Server, Socket, folder, keys, shared_secret},
};

const RAW: &str = "$serde_json::private::RawValue";
const TYPENAME: &str = "{ __typename }";

/// Puts JSON into a text under the parser's own name.
fn wrapped(json: &str) -> String {
    let escaped = json.replace('\\', "\\u005c").replace('"', "\\u0022");
    format!(r#"{{"{RAW}":"{escaped}"}}"#)
}

/// JSON in which each step of a recipe stands around the one before it: lists, objects, or the parser's own name.
fn nested(recipe: &[(u8, usize)]) -> String {
    recipe.iter().fold("0".to_owned(), |inner, &(way, levels)| match way % 3 {
        0 => format!("{}{inner}{}", "[".repeat(levels), "]".repeat(levels)),
        1 => format!("{}{inner}{}", "{\"a\":".repeat(levels), "}".repeat(levels)),
        _ => wrapped(&inner),
    })
}

/// What ends a process that gives the name its meaning: each round nests 126 levels deeper, and begins another parser.
fn bomb(rounds: usize) -> String {
    (0..rounds)
        .fold("0".to_owned(), |inner, _| format!("{}{}{}", "[".repeat(125), wrapped(&inner), "]".repeat(125)))
}

/// A server that answers an honest client.
async fn is_well(server: &Server) {
    assert_eq!(server.ask(TYPENAME, json!({})).await, json!({ "data": { "__typename": "Query" } }));
}

/// Sends JSON to each entrance over HTTP; gives the codes.
async fn posts(server: &Server, json: &str) -> Vec<Value> {
    let bodies = [
        json.to_owned(),
        format!(r#"{{"query": "{TYPENAME}", "variables": {{"x": {json}}}}}"#),
        format!(r#"{{"query": "{TYPENAME}", "extensions": {{"x": {json}}}}}"#),
        format!(r#"{{"{RAW}": {}}}"#, json!(json)),
    ];
    let mut codes = Vec::new();
    for body in bodies {
        let request = server.request(Method::POST, "/graphql").header("content-type", "application/json");
        codes.push(server.send(request.body(body)).await.body);
    }
    // A head has 64 KiB at most.
    if json.len() < 20_000 {
        for name in ["variables", "extensions"] {
            let object = format!(r#"{{"x": {json}}}"#);
            let request =
                server.request(Method::GET, "/graphql").query(&[("query", TYPENAME), (name, &object)]);
            codes.push(server.send(request).await.body);
        }
    }
    codes.into_iter().map(|body| body["errors"][0]["extensions"]["code"].clone()).collect()
}

/// Sends JSON to each entrance of a socket: before a session is open, and after.
async fn says(server: &Server, json: &str) {
    let first = ["connection_init", "ping", "pong"];
    let texts = first.map(|kind| format!(r#"{{"type": "{kind}", "payload": {{"x": {json}}}}}"#));
    for text in texts.into_iter().chain([json.to_owned()]) {
        let mut socket = Socket::silent(&server.url).await;
        socket.sends_text(text).await;
        socket.sends(json!({ "type": "nonsense" })).await;
        // Whatever it is answered first, it is closed at the end.
        socket.is_closed_at_last().await;
    }
    let payload = format!(r#"{{"query": "{TYPENAME}", "variables": {{"x": {json}}}}}"#);
    let mut socket = Socket::open(&server.url).await;
    socket.sends_text(format!(r#"{{"type": "subscribe", "id": "1", "payload": {payload}}}"#)).await;
    let answer = socket.hears().await;
    assert_eq!(answer["id"], "1", "{answer}");
}

#[tokio::test]
async fn json_that_is_nested_in_itself_ends_nobody() {
    let server = Server::start().await;
    for rounds in [1, 40, 70, 110] {
        let bomb = bomb(rounds);
        for code in posts(&server, &bomb).await {
            assert_eq!(code, "BAD_REQUEST", "{rounds}");
        }
        says(&server, &bomb).await;
        is_well(&server).await;
    }
}

#[tokio::test]
async fn without_a_token_nobody_can_nest_either() {
    let server = Server::start_with_keys(shared_secret()).await;
    for rounds in [40, 70, 110] {
        let init = format!(r#"{{"type": "connection_init", "payload": {{"x": {}}}}}"#, bomb(rounds));
        let mut socket = Socket::silent(&server.url).await;
        socket.sends_text(init).await;
        assert!(matches!(socket.receives().await, Frame::Close(1009 | 4400, _)));
    }
    let token = Host::with_secret().signs(json!({ "sub": "1", "username": "aaron" }));
    let answer = server.ask_with(&token, TYPENAME, json!({})).await;
    assert_eq!(answer.status, 200);
}

#[test]
fn whatever_is_nested_is_answered() {
    const CASES: u32 = 40;
    let recipe = prop::collection::vec((any::<u8>(), 1_usize..126), 0..60);
    let runtime = Runtime::new().expect("a runtime");
    let server = runtime.block_on(Server::start());
    let default = Config { failure_persistence: None, ..Config::default() };
    let mut runner = if std::env::var_os("PROPTEST_CASES").is_some() {
        TestRunner::new(default)
    } else {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(Config { cases: CASES, ..default }, rng)
    };
    let outcome = runner.run(&recipe, |recipe| {
        let json = nested(&recipe);
        // What is longer is refused by its length alone.
        prop_assume!(json.len() < 200_000);
        runtime.block_on(async {
            posts(&server, &json).await;
            says(&server, &json).await;
            is_well(&server).await;
        });
        Ok(())
    });
    outcome.expect("an answer to everything");
}

#[tokio::test]
async fn a_name_of_the_parsers_own_is_a_name_like_any_other() {
    let server = Server::start().await;
    let document = "query ($id: ID!) { node(id: $id) { id } }";
    let body = format!(r#"{{"query": "{document}", "variables": {{"id": {}}}}}"#, wrapped("\"x\""));
    let request = server.request(Method::POST, "/graphql").header("content-type", "application/json");
    let answer = server.send(request.body(body)).await;
    let error = json!({
        "message": "variable $id must be ID (a string, or a whole number), and is an object",
        "locations": [{ "line": 1, "column": 8 }],
        "extensions": { "code": "VARIABLES_INVALID" },
    });
    assert_eq!(answer.body, json!({ "errors": [error] }), "it is an object, not the text in it");

    let mut socket = Socket::open(&server.url).await;
    let payload = format!(r#"{{"a":{{"{RAW}":"[1]"}},"b":[{{"{RAW}":"{{"}}]}}"#);
    socket.sends_text(format!(r#"{{"type":"ping","payload":{payload}}}"#)).await;
    assert_eq!(socket.hears_text().await, format!(r#"{{"type":"pong","payload":{payload}}}"#));
}

#[tokio::test]
async fn a_request_has_so_many_values() {
    let server = Server::start().await;
    let ask = async |count: usize| {
        let zeros = vec![0; count];
        server.post(json!({ "query": TYPENAME, "variables": { "x": zeros } })).await.body
    };
    assert_eq!(ask(9_000).await, json!({ "data": { "__typename": "Query" } }));
    let error = json!({
        "message": "the body has more than 10000 values",
        "extensions": { "code": "BAD_REQUEST" },
    });
    assert_eq!(ask(10_000).await, json!({ "errors": [error] }));

    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", TYPENAME, json!({ "x": vec![0; 10_000] })).await;
    let error = json!({
        "message": "the payload has more than 10000 values",
        "extensions": { "code": "BAD_REQUEST" },
    });
    assert_eq!(socket.hears().await, json!({ "type": "error", "id": "1", "payload": [error] }));
    socket.subscribes("1", TYPENAME, json!({})).await;
    assert_eq!(socket.hears().await["type"], "next", "the socket goes on");
}

#[tokio::test]
async fn keys_and_documents_of_the_operator_are_bounded_as_well() {
    let host = Host::with_key("ed", "one").called("one");
    let folder = folder();
    let file = folder.path().join("jwks.json");
    let jwk = serde_json::to_string(&host.jwk()).expect("JSON");
    fs::write(&file, format!(r#"{{"keys": [{}, {jwk}]}}"#, wrapped(&bomb(70)))).expect("a file");
    let server = Server::start_with_keys(keys(KeySource::JwksFile(file))).await;
    let token = host.signs(json!({ "sub": "1", "username": "aaron" }));
    assert_eq!(server.ask_with(&token, TYPENAME, json!({})).await.status, 200);

    let nested = format!(r#"{{"a": {}}}"#, bomb(70));
    let problem =
        messenger::graphql::DocumentPolicy::trusting(&nested, true, Arc::default()).expect_err("a problem");
    assert_eq!(
        problem,
        "it must hold a JSON object of documents by their ids, and is nested deeper than 64 levels"
    );
    let problem = messenger::graphql::DocumentPolicy::trusting(&wrapped(&bomb(70)), true, Arc::default());
    assert!(problem.expect_err("a problem").starts_with("the document \"$serde_json::"), "it is a name");

    fs::write(folder.path().join("deep.json"), "[".repeat(100_000)).expect("a file");
    let settings = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_JWKS_FILE", "deep.json")];
    refuses(
        &folder,
        &[],
        &settings,
        "MESSENGER_JWKS_FILE or --jwks-file: deep.json: it is no JWKS; it must be a JSON object with the list \"keys\"",
    );
}
