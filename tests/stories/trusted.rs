//! A server that runs only the documents that it was started with.

use std::fs;

use messenger::graphql::DocumentPolicy;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    bad_start::refuses,
    support::{Process, Server, folder},
};

const INBOX: &str = "query Inbox($by: ID!) { conversations(userId: $by) { nodes { id } } }";
const INFO: &str = "query Info { serverInfo { trustedDocumentsOnly } }";

/// As code generators write it.
fn documents() -> Value {
    json!({ "7f3c": INBOX, "sha256:ab12": INFO })
}

async fn trusting() -> Server {
    let policy =
        |limits| DocumentPolicy::trusting(&documents().to_string(), true, limits).expect("documents");
    Server::start_behind(policy).await
}

#[tokio::test]
async fn known_documents_run_by_id_and_by_text() {
    let server = trusting().await;
    let expected = json!({ "data": { "serverInfo": { "trustedDocumentsOnly": true } } });
    let requests = [
        json!({ "documentId": "sha256:ab12" }),
        json!({ "documentId": "ab12" }),
        json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "ab12" } } }),
        json!({ "query": INFO }),
        json!({ "query": INFO, "operationName": "Info", "variables": {} }),
    ];
    for request in requests {
        assert_eq!(server.post(request.clone()).await.body, expected, "{request}");
    }
    let unknown = json!({ "documentId": "7f3c", "variables": { "by": "nonsense" } });
    assert_eq!(server.post(unknown).await.body["errors"][0]["extensions"]["code"], "ID_MALFORMED");
}

#[tokio::test]
async fn anything_else_is_refused() {
    let server = trusting().await;
    let error = json!({
        "message": "only the documents that this server was started with run here; send the id of one of them, or its \
                    whole text",
        "extensions": { "code": "DOCUMENT_NOT_TRUSTED" },
    });
    let requests = [
        json!({ "documentId": "ab13" }),
        json!({ "documentId": "" }),
        json!({ "query": "{ __typename }" }),
        json!({ "query": format!("{INFO} ") }),
        json!({ "query": "{ __typename }", "documentId": "ab12" }),
        json!({ "query": "{" }),
        json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "ab13" } } }),
    ];
    for request in requests {
        let answer = server.post(request.clone()).await;
        assert_eq!((answer.status, answer.body), (200, json!({ "errors": [error] })), "{request}");
    }
}

#[tokio::test]
async fn the_program_says_that_there_are_no_pages_then() {
    let folder = folder();
    fs::write(folder.path().join("documents.json"), documents().to_string()).expect("a file");
    let settings = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_TRUSTED_DOCUMENTS", "documents.json")];
    let process = Process::start_as(folder.path(), &[], &settings);
    let said = "\n  GraphiQL   switched off: only trusted documents run\n  Chat       switched off: only trusted documents run\n";
    assert!(process.greeting.contains(said), "{}", process.greeting);
    assert!(!process.greeting.contains("Open GraphiQL"), "{}", process.greeting);
    let answer = process.ask(INFO, json!({})).await.expect("an answer");
    assert_eq!(answer, json!({ "data": { "serverInfo": { "trustedDocumentsOnly": true } } }));
    let page = reqwest::get(format!("{}/", process.url)).await.expect("an answer");
    assert_eq!(page.status().as_u16(), 404);
}

/// A folder with a file of documents.
fn with_documents(content: &str) -> TempDir {
    let folder = folder();
    fs::write(folder.path().join("documents.json"), content).expect("a file");
    folder
}

#[test]
fn a_document_that_could_not_run_is_named_at_the_start() {
    let deep = format!("{{ user(id: {}1{}) {{ id }} }}", "[".repeat(41), "]".repeat(41));
    let table = [
        (
            "no JSON",
            "it must hold a JSON object of documents by their ids, and is not JSON (line 1, column 2)",
        ),
        ("[]", "it must hold a JSON object of documents by their ids"),
        ("{}", "it holds no document, so nothing could run"),
        (r#"{"a": 1}"#, "what stands under \"a\" is no string with a document"),
        (
            r#"{"a": "{ __typename }", "b": "{ nonsense }"}"#,
            "the document \"b\" could not run: Cannot query field \"nonsense\" on type \"Query\".",
        ),
        (
            r#"{"a": "query ($n: Int) { node(id: $n) { id } }"}"#,
            "the document \"a\" could not run: Variable \"$n\" of type \"Int\" used in position expecting type \"ID!\".",
        ),
        (r#"{"b": "{"}"#, "the document \"b\" could not run: syntax error at line 1, column 2: …"),
        (
            &json!({ "c": deep }).to_string(),
            "the document \"c\" could not run: the document is nested more than 40 deep",
        ),
    ];
    for (content, problem) in table {
        let settings = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_TRUSTED_DOCUMENTS", "documents.json")];
        let expected =
            format!("MESSENGER_TRUSTED_DOCUMENTS or --trusted-documents: documents.json: {problem}");
        refuses(&with_documents(content), &[], &settings, &expected);
    }
    let introspection = with_documents(r#"{"a": "{ __schema { description } }"}"#);
    let settings = [
        ("MESSENGER_ADDR", "127.0.0.1:0"),
        ("MESSENGER_TRUSTED_DOCUMENTS", "documents.json"),
        ("MESSENGER_INTROSPECTION", "off"),
    ];
    let expected = "MESSENGER_TRUSTED_DOCUMENTS or --trusted-documents: documents.json: the document \"a\" could not run: \
                    introspection is switched off here: __schema and __type are not answered; __typename is";
    refuses(&introspection, &[], &settings, expected);
    refuses(
        &folder(),
        &["--trusted-documents", "nowhere.json"],
        &[("MESSENGER_ADDR", "127.0.0.1:0")],
        "MESSENGER_TRUSTED_DOCUMENTS or --trusted-documents: nowhere.json: it cannot be read: …",
    );
}
