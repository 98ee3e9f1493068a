//! Automatic persisted queries: a client sends the hash of a document, and the document only where nobody knows it yet.

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Server, Socket};

const TYPENAME: &str = "query Known { __typename }";

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn extensions(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

fn refusal(code: &str, message: &str) -> Value {
    json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })
}

fn not_found() -> Value {
    refusal("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
}

fn answered() -> Value {
    json!({ "data": { "__typename": "Query" } })
}

/// Asks by hash alone.
async fn by_hash(server: &Server, text: &str) -> Value {
    server.post(json!({ "extensions": extensions(&hash(text)) })).await.body
}

/// Asks with the text and its hash.
async fn registers(server: &Server, text: &str) -> Value {
    server.post(json!({ "query": text, "extensions": extensions(&hash(text)) })).await.body
}

#[tokio::test]
async fn a_document_is_known_by_its_hash_once_somebody_has_sent_both() {
    let server = Server::start().await;
    assert_eq!(by_hash(&server, TYPENAME).await, not_found());
    // Without its hash it is not registered.
    assert_eq!(server.ask(TYPENAME, json!({})).await, answered());
    assert_eq!(by_hash(&server, TYPENAME).await, not_found());
    assert_eq!(registers(&server, TYPENAME).await, answered());
    assert_eq!(by_hash(&server, TYPENAME).await, answered());

    let upper = json!({ "extensions": extensions(&hash(TYPENAME).to_uppercase()) });
    assert_eq!(server.post(upper).await.body, answered());
    let by_id = json!({ "documentId": format!("sha256:{}", hash(TYPENAME)) });
    assert_eq!(server.post(by_id).await.body, answered());
}

/// The answer in a stream of one event.
fn streamed(body: &Value) -> Value {
    let (_, data) = body.as_str().expect("text").split_once("event: next\ndata: ").expect("an event");
    let (data, end) = data.split_once("\n\n").expect("its end");
    assert_eq!(end, "event: complete\ndata:\n\n");
    serde_json::from_str(data).expect("JSON")
}

#[tokio::test]
async fn every_transport_knows_the_same_documents() {
    let server = Server::start().await;
    let text = extensions(&hash(TYPENAME)).to_string();
    let got = |with_query: bool, accept: &'static str| {
        let parameters = [("extensions", text.as_str()), ("query", TYPENAME)];
        let sent = &parameters[..if with_query { 2 } else { 1 }];
        server.send(server.request(Method::GET, "/graphql").query(sent).header("accept", accept))
    };
    let mut socket = Socket::open(&server.url).await;
    let subscribe =
        json!({ "type": "subscribe", "id": "1", "payload": { "extensions": extensions(&hash(TYPENAME)) } });
    socket.sends(subscribe.clone()).await;
    let error = json!({ "type": "error", "id": "1", "payload": not_found()["errors"] });
    assert_eq!(socket.hears().await, error);

    let unknown = got(false, "application/graphql-response+json").await;
    assert_eq!((unknown.status, unknown.body), (400, not_found()));
    let unknown = got(false, "application/json").await;
    assert_eq!((unknown.status, unknown.body), (200, not_found()));
    let unknown = got(false, "text/event-stream").await;
    assert_eq!((unknown.status, streamed(&unknown.body)), (200, not_found()));

    assert_eq!(got(true, "application/json").await.body, answered());

    assert_eq!(by_hash(&server, TYPENAME).await, answered());
    assert_eq!(got(false, "application/json").await.body, answered());
    assert_eq!(streamed(&got(false, "text/event-stream").await.body), answered());
    socket.sends(subscribe).await;
    let next = json!({ "type": "next", "id": "1", "payload": answered() });
    assert_eq!(socket.hears().await, next);
    assert_eq!(socket.hears().await, json!({ "type": "complete", "id": "1" }));
}

#[tokio::test]
async fn a_hash_belongs_to_its_text_alone() {
    let server = Server::start().await;
    let mismatch = refusal(
        "PERSISTED_QUERY_HASH_MISMATCH",
        "sha256Hash is not the SHA-256 of query; send that of exactly this text, in hexadecimal",
    );
    for wrong in [hash("{ users { nodes { id } } }"), String::new(), "é".to_owned()] {
        let request = json!({ "query": TYPENAME, "extensions": extensions(&wrong) });
        assert_eq!(server.post(request).await.body, mismatch, "{wrong}");
    }
    assert_eq!(by_hash(&server, TYPENAME).await, not_found());
}

#[tokio::test]
async fn what_is_not_valid_is_not_kept() {
    let server = Server::start().await;
    let table = [
        ("{ nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("query ($id: ID!) { node(id: $id) { id } }", "VARIABLES_INVALID"),
        ("subscription { events { cursor } }", "SUBSCRIPTION_NEEDS_STREAM"),
    ];
    for (text, code) in table {
        assert_eq!(registers(&server, text).await["errors"][0]["extensions"]["code"], code, "{text}");
        assert_eq!(by_hash(&server, text).await, not_found(), "{text}");
    }
    // Valid, and kept, although this time its execution fails.
    let text = "query ($id: ID!) { node(id: $id) { id } }";
    let request = json!({ "query": text, "extensions": extensions(&hash(text)), "variables": { "id": "x" } });
    let first = server.post(request.clone()).await.body;
    assert_eq!(first["errors"][0]["extensions"]["code"], "ID_MALFORMED");
    let mut again = request;
    again.as_object_mut().expect("an object").remove("query");
    assert_eq!(server.post(again).await.body, first);
}

#[tokio::test]
async fn documents_that_nobody_asks_for_make_place_for_others() {
    let server = Server::start().await;
    let document = |number: usize| format!("query Q{number} {{ __typename }}");
    for number in 0..1_000 {
        registers(&server, &document(number)).await;
    }
    assert_eq!(by_hash(&server, &document(0)).await, answered());
    registers(&server, &document(1_000)).await;
    assert_eq!(by_hash(&server, &document(1)).await, not_found());
    for number in [0, 2, 999, 1_000] {
        assert_eq!(by_hash(&server, &document(number)).await, answered(), "{number}");
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_a_bad_request() {
    let server = Server::start().await;
    let form = "\"extensions.persistedQuery\" must be {version: 1, sha256Hash: \"…\"}";
    let query = "\"query\" must be a string that holds a GraphQL document";
    let table = [
        (json!({ "extensions": { "persistedQuery": 1 } }), form),
        (json!({ "extensions": { "persistedQuery": {} } }), form),
        (json!({ "extensions": { "persistedQuery": { "version": 2, "sha256Hash": hash(TYPENAME) } } }), form),
        (json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": 1 } } }), form),
        (json!({ "documentId": 1 }), "\"documentId\" must be a string"),
        (json!({ "query": 1, "documentId": "a" }), query),
        (json!({ "extensions": {} }), query),
    ];
    for (request, message) in table {
        let answer = server.post(request.clone()).await;
        assert_eq!((answer.status, answer.body), (400, refusal("BAD_REQUEST", message)), "{request}");
    }
}
