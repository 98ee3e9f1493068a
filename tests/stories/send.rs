//! Sending: exactly once, stored exactly, refused clearly.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Actor, Server};

#[tokio::test]
async fn betty_receives_what_aaron_sends() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);

    let first = aaron.sends(&betty, "Hello, Betty!").await;
    let answer = betty.sends(&aaron, "Hello, Aaron!").await;

    assert_eq!(first["seq"], 1);
    assert_eq!(answer["seq"], 2, "both directions share one order");
    assert_eq!(first["conversation"], answer["conversation"]);
    assert_eq!(first["sentAt"], "2026-01-31T12:00:00.000Z");
    assert_eq!(betty.reads_texts(json!({})).await, ["Hello, Betty!"]);
    assert_eq!(aaron.reads_texts(json!({})).await, ["Hello, Aaron!"]);
}

#[tokio::test]
async fn carol_writes_a_note_to_herself() {
    let server = Server::start().await;
    let carol = server.user("carol").await;

    carol.sends(&carol, "Buy milk").await;
    let second = carol.sends(&carol, "Buy bread").await;

    assert_eq!(second["seq"], 2);
    assert_eq!(carol.reads_texts(json!({})).await, ["Buy bread", "Buy milk"]);
    let participants = server
        .ask(
            "query ($id: ID!) { node(id: $id) { ... on DirectConversation { participants { username } latestSeq } } }",
            json!({ "id": second["conversation"]["id"] }),
        )
        .await;
    assert_eq!(
        participants,
        json!({ "data": { "node": { "participants": [{ "username": "carol" }], "latestSeq": 2 } } })
    );
}

#[tokio::test]
async fn a_text_comes_back_exactly_as_it_was_sent() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let exact = [
        "  leading and trailing  ",
        "two\nlines\r\n",
        "👩‍👩‍👧‍👦 Ünïcödé \u{202e}",
        "\"quoted\" \\ and {braces}",
        "\u{7f}\u{1}!",
    ];
    for text in exact {
        assert_eq!(aaron.sends(&betty, text).await["text"], text);
    }
    let mut newest_first = exact;
    newest_first.reverse();
    assert_eq!(betty.reads_texts(json!({})).await, newest_first);
}

#[tokio::test]
async fn length_is_counted_in_characters_not_bytes() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);

    aaron.sends(&betty, &"🙂".repeat(5_000)).await;
    let refused = server
        .ask(
            "mutation ($input: SendMessageInput!) {
                sendMessage(input: $input) {
                    message { id }
                    errors { __typename code path ... on MessageTooLong { max actual } }
                }
            }",
            json!({ "input": { "senderId": aaron.id, "recipientId": betty.id, "text": "🙂".repeat(5_001) } }),
        )
        .await;

    assert_eq!(
        refused,
        json!({ "data": { "sendMessage": { "message": null, "errors": [{
            "__typename": "MessageTooLong",
            "code": "TEXT_TOO_LONG",
            "path": ["input", "text"],
            "max": 5000,
            "actual": 5001,
        }] } } })
    );
    assert_eq!(betty.reads_texts(json!({})).await.len(), 1);
}

/// The only error of a payload, without its message.
fn only_error(payload: &Value) -> (String, String, Value) {
    let errors = payload["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{payload}");
    assert_eq!(payload["message"], Value::Null, "{payload}");
    let text = |key: &str| errors[0][key].as_str().expect("a text").to_owned();
    (text("__typename"), text("code"), errors[0]["path"].clone())
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_and_nothing_is_stored() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "the only one").await;
    let nobody = "user_01h455vb4pex5vsknk084sn02q";
    let table = [
        (json!({ "text": "" }), "InvalidInput", "TEXT_BLANK", "text"),
        (json!({ "text": " \n\u{2003}" }), "InvalidInput", "TEXT_BLANK", "text"),
        (json!({ "text": "nul \0" }), "InvalidInput", "TEXT_NOT_STORABLE", "text"),
        (json!({ "recipientId": "betty" }), "InvalidId", "ID_MALFORMED", "recipientId"),
        (json!({ "recipientId": betty.id.to_uppercase() }), "InvalidId", "ID_MALFORMED", "recipientId"),
        (json!({ "recipientId": message["id"] }), "InvalidId", "ID_WRONG_KIND", "recipientId"),
        (json!({ "recipientId": nobody }), "NotFound", "NOT_FOUND", "recipientId"),
        (json!({ "clientMessageId": "" }), "InvalidInput", "CLIENT_MESSAGE_ID_INVALID", "clientMessageId"),
        (
            json!({ "clientMessageId": "k".repeat(65) }),
            "InvalidInput",
            "CLIENT_MESSAGE_ID_INVALID",
            "clientMessageId",
        ),
        (
            json!({ "clientMessageId": "a\tb" }),
            "InvalidInput",
            "CLIENT_MESSAGE_ID_INVALID",
            "clientMessageId",
        ),
    ];
    for (wrong, kind, code, field) in table {
        let mut input = json!({ "recipientId": betty.id, "text": "fine" });
        input.as_object_mut().expect("an object").extend(wrong.as_object().expect("an object").clone());
        let payload = aaron.tries_to_send(input).await;
        assert_eq!(only_error(&payload), (kind.into(), code.into(), json!(["input", field])), "{wrong}");
    }
    let ghost = Actor { server: &server, username: "ghost".into(), id: nobody.into() };
    let payload = ghost.tries_to_send(json!({ "recipientId": betty.id, "text": "boo" })).await;
    assert_eq!(only_error(&payload), ("NotFound".into(), "NOT_FOUND".into(), json!(["input", "senderId"])));

    assert_eq!(betty.reads_texts(json!({})).await, ["the only one"]);
    assert_eq!(aaron.sends(&betty, "the next").await["seq"], 2, "nothing took a seq");
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let payload = aaron.tries_to_send(json!({ "recipientId": "x", "text": "", "clientMessageId": "" })).await;
    let codes: Vec<&Value> =
        payload["errors"].as_array().expect("errors").iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["ID_MALFORMED", "TEXT_BLANK", "CLIENT_MESSAGE_ID_INVALID"]);
}

#[tokio::test]
async fn a_repeated_send_gives_the_original_also_after_a_restart() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let input = json!({ "recipientId": betty.id, "text": "once", "clientMessageId": "key-1" });
    let first = aaron.tries_to_send(input.clone()).await;
    let again = aaron.tries_to_send(input.clone()).await;
    assert_eq!((&first["deduplicated"], &again["deduplicated"]), (&json!(false), &json!(true)));
    assert_eq!(first["message"], again["message"]);

    let (aaron_id, betty_id) = (aaron.id.clone(), betty.id.clone());
    let server = server.restart().await;
    let aaron = Actor { server: &server, username: "aaron".into(), id: aaron_id };
    let betty = Actor { server: &server, username: "betty".into(), id: betty_id };
    let after_restart = aaron.tries_to_send(input).await;

    assert_eq!(after_restart["message"], first["message"]);
    assert_eq!(after_restart["deduplicated"], true);
    assert_eq!(betty.reads_texts(json!({})).await, ["once"]);
}

#[tokio::test]
async fn a_key_belongs_to_one_content_and_to_one_sender() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let original =
        aaron.tries_to_send(json!({ "recipientId": betty.id, "text": "one", "clientMessageId": "k" })).await;

    for other in [
        json!({ "recipientId": betty.id, "text": "two", "clientMessageId": "k" }),
        json!({ "recipientId": carol.id, "text": "one", "clientMessageId": "k" }),
    ] {
        let refused = server
            .ask(
                "mutation ($input: SendMessageInput!) {
                    sendMessage(input: $input) {
                        message { id }
                        deduplicated
                        errors { code path ... on IdempotencyConflict { messageId } }
                    }
                }",
                json!({ "input": { "senderId": aaron.id, "recipientId": other["recipientId"], "text": other["text"],
                                   "clientMessageId": "k" } }),
            )
            .await;
        assert_eq!(
            refused,
            json!({ "data": { "sendMessage": { "message": null, "deduplicated": false, "errors": [{
                "code": "IDEMPOTENCY_CONFLICT",
                "path": ["input", "clientMessageId"],
                "messageId": original["message"]["id"],
            }] } } })
        );
    }
    let hers =
        carol.tries_to_send(json!({ "recipientId": betty.id, "text": "one", "clientMessageId": "k" })).await;
    assert_eq!(hers["deduplicated"], false, "Carol's keys are her own");
    assert_eq!(betty.reads_texts(json!({})).await, ["one", "one"]);
}

#[tokio::test]
async fn twenty_retries_at_once_store_one_message() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let input = json!({ "recipientId": betty.id, "text": "once", "clientMessageId": "key" });

    let payloads = join_all((0..20).map(|_| aaron.tries_to_send(input.clone()))).await;

    let originals = payloads.iter().filter(|payload| payload["deduplicated"] == json!(false)).count();
    assert_eq!(originals, 1);
    assert!(payloads.iter().all(|payload| payload["message"] == payloads[0]["message"]));
    assert_eq!(betty.reads_texts(json!({})).await, ["once"]);
}

#[tokio::test]
async fn many_senders_at_once_share_one_dense_order() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let texts: Vec<String> = (0..60).map(|number| number.to_string()).collect();
    let sent = join_all(texts.iter().enumerate().map(|(number, text)| {
        let (from, to) = if number % 2 == 0 { (&aaron, &betty) } else { (&betty, &aaron) };
        from.sends(to, text)
    }))
    .await;

    let mut seqs: Vec<i64> = sent.iter().map(|message| message["seq"].as_i64().expect("a seq")).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=60).collect::<Vec<_>>());
    let read = betty.reads(json!({})).await;
    let seqs: Vec<i64> =
        read["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["seq"].as_i64()).collect();
    assert!(seqs.is_sorted_by(|newer, older| newer > older), "the order of reading is the order of seq");
}
