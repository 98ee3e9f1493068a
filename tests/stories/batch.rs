//! Several messages at once: all of them or none.

use serde_json::{Value, json};

use crate::support::{Actor, Server};

const SEND: &str = "mutation ($messages: [SendMessageInput!]!) {
    sendMessages(input: {messages: $messages}) {
        results { message { seq text } deduplicated }
        errors { __typename code path }
    }
}";

async fn sends(server: &Server, messages: Vec<Value>) -> Value {
    server.ask(SEND, json!({ "messages": messages })).await["data"]["sendMessages"].clone()
}

fn draft(from: &Actor<'_>, to: &Actor<'_>, text: &str, key: Option<&str>) -> Value {
    json!({ "senderId": from.id, "recipientId": to.id, "text": text, "clientMessageId": key })
}

#[tokio::test]
async fn a_batch_is_stored_in_its_order() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);

    let payload = sends(
        &server,
        vec![
            draft(&aaron, &betty, "one", Some("k1")),
            draft(&betty, &aaron, "two", None),
            draft(&aaron, &betty, "one", Some("k1")),
            draft(&aaron, &betty, "three", None),
        ],
    )
    .await;

    let result = |seq: i64, text: &str, deduplicated: bool| json!({ "message": { "seq": seq, "text": text }, "deduplicated": deduplicated });
    let results =
        [result(1, "one", false), result(2, "two", false), result(1, "one", true), result(3, "three", false)];
    assert_eq!(payload, json!({ "results": results, "errors": [] }));
    assert_eq!(betty.reads_texts(json!({})).await, ["three", "one"]);
}

#[tokio::test]
async fn one_that_cannot_be_sent_holds_back_all() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let ghost =
        Actor { server: &server, username: "ghost".into(), id: "user_01h455vb4pex5vsknk084sn02q".into() };
    aaron
        .tries_to_send(json!({ "recipientId": betty.id, "text": "before", "clientMessageId": "used" }))
        .await;
    let good = draft(&aaron, &betty, "good", None);
    let table = [
        (draft(&aaron, &ghost, "x", None), "NotFound", "NOT_FOUND", "recipientId"),
        (draft(&ghost, &aaron, "x", None), "NotFound", "NOT_FOUND", "senderId"),
        (draft(&aaron, &betty, " ", None), "InvalidInput", "TEXT_BLANK", "text"),
        (
            draft(&aaron, &betty, "other", Some("used")),
            "IdempotencyConflict",
            "IDEMPOTENCY_CONFLICT",
            "clientMessageId",
        ),
    ];
    for (bad, kind, code, field) in table {
        let payload = sends(&server, vec![good.clone(), bad, good.clone()]).await;
        let error = json!({ "__typename": kind, "code": code, "path": ["input", "messages", "1", field] });
        assert_eq!(payload, json!({ "results": null, "errors": [error] }));
    }
    assert_eq!(betty.reads_texts(json!({})).await, ["before"]);
}

#[tokio::test]
async fn a_key_that_is_used_twice_in_one_batch_names_no_message() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let messages = [draft(&aaron, &betty, "one", Some("k")), draft(&aaron, &betty, "other", Some("k"))];
    let answer = server
        .ask(
            "mutation ($messages: [SendMessageInput!]!) {
                sendMessages(input: {messages: $messages}) {
                    results { deduplicated }
                    errors { code path ... on IdempotencyConflict { messageId } }
                }
            }",
            json!({ "messages": messages }),
        )
        .await;
    let path = ["input", "messages", "1", "clientMessageId"];
    let conflict = json!({ "code": "IDEMPOTENCY_CONFLICT", "path": path, "messageId": null });
    assert_eq!(answer, json!({ "data": { "sendMessages": { "results": null, "errors": [conflict] } } }));
}

#[tokio::test]
async fn a_batch_has_one_to_a_hundred_messages() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let one = draft(&aaron, &betty, "x", None);
    let refused = json!({
        "results": null,
        "errors": [{ "__typename": "InvalidInput", "code": "BATCH_SIZE_INVALID", "path": ["input", "messages"] }],
    });
    assert_eq!(sends(&server, Vec::new()).await, refused);
    assert_eq!(sends(&server, vec![one.clone(); 101]).await, refused);
    assert_eq!(sends(&server, vec![one; 100]).await["errors"], json!([]));
    assert_eq!(betty.reads_texts(json!({})).await.len(), 100);
}
