//! Correcting messages, taking them back, and answering them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor, Server};

const WHOLE: &str = "message { id seq text sentAt editedAt deletedAt }";

async fn edits(sender: &Actor<'_>, message: &Value, text: &str) -> Value {
    sender.calls("editMessage", json!({ "messageId": message["id"], "text": text }), WHOLE).await
}

async fn deletes(sender: &Actor<'_>, message: &Value) -> Value {
    sender.calls("deleteMessage", json!({ "messageId": message["id"] }), WHOLE).await
}

/// A message as `WHOLE` tells it.
fn whole(message: &Value, text: &str, edited_at: Option<&str>, deleted_at: Option<&str>) -> Value {
    json!({ "message": {
        "id": message["id"], "seq": message["seq"], "sentAt": message["sentAt"],
        "text": text, "editedAt": edited_at, "deletedAt": deleted_at,
    }, "errors": [] })
}

const ONE: &str = "2026-01-31T13:00:00.000Z";
const TWO: &str = "2026-01-31T14:00:00.000Z";

#[tokio::test]
async fn aaron_corrects_a_message() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "Lunhc?").await;
    betty.sends(&aaron, "What?").await;
    server.clock.forward(Duration::from_hours(1));

    assert_eq!(edits(&aaron, &message, "Lunch?").await, whole(&message, "Lunch?", Some(ONE), None));
    server.clock.forward(Duration::from_hours(1));
    let again = edits(&aaron, &message, "Lunch?").await;
    assert_eq!(again, whole(&message, "Lunch?", Some(ONE), None), "a repetition changes nothing");
    assert_eq!(edits(&aaron, &message, "Dinner?").await, whole(&message, "Dinner?", Some(TWO), None));
    assert_eq!(betty.reads_texts(json!({})).await, ["Dinner?"]);
    let inbox = betty.inbox("unreadCount latestSeq lastMessage { text }").await;
    let last = json!({ "text": "What?" });
    assert_eq!(inbox, json!([{ "unreadCount": 1, "latestSeq": 2, "lastMessage": last }]), "no news");
}

#[tokio::test]
async fn a_deleted_message_keeps_its_place() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "first").await;
    let message = aaron.sends(&betty, "a slip").await;
    betty.does("addReaction", json!({ "messageId": message["id"], "emoji": "👀" }), "").await;
    server.clock.forward(Duration::from_hours(1));

    assert_eq!(deletes(&aaron, &message).await, whole(&message, "", None, Some(ONE)));
    server.clock.forward(Duration::from_hours(1));
    assert_eq!(deletes(&aaron, &message).await, whole(&message, "", None, Some(ONE)), "again");
    let refused = edits(&aaron, &message, "not a slip").await;
    let error = json!({
        "__typename": "Refused",
        "code": "MESSAGE_DELETED",
        "message": "the message was deleted; it can be neither edited nor reacted to",
        "path": ["input", "messageId"],
    });
    assert_eq!(refused, json!({ "message": null, "errors": [error] }));
    let reacted = betty.calls("addReaction", json!({ "messageId": message["id"], "emoji": "👀" }), "").await;
    assert_eq!(reacted["errors"], json!([error]));

    let inbox =
        betty.inbox("latestSeq unreadCount lastMessage { seq text deletedAt reactions { emoji } }").await;
    let last = json!({ "seq": 2, "text": "", "deletedAt": ONE, "reactions": [] });
    assert_eq!(inbox, json!([{ "latestSeq": 2, "unreadCount": 2, "lastMessage": last }]));
    assert_eq!(aaron.sends(&betty, "third").await["seq"], 3);
}

#[tokio::test]
async fn only_its_sender_changes_a_message_and_who_may_not_see_it_is_told_that_there_is_none() {
    let server = Server::start().await;
    let (aaron, betty, eve) =
        (server.user("aaron").await, server.user("betty").await, server.user("eve").await);
    let message = aaron.sends(&betty, "mine").await;
    let gone = aaron.sends(&betty, "gone").await;
    let made_up = json!({ "id": "msg_01h455vb4pex5vsknk084sn02q" });
    let unknown = |message: &Value| {
        let id = message["id"].as_str().expect("an id");
        json!({ "message": null, "errors": [{
            "__typename": "NotFound",
            "code": "NOT_FOUND",
            "message": format!("there is no message {id}, or the acting user may not see it"),
            "path": ["input", "messageId"],
        }] })
    };
    for (user, message) in [(&eve, &message), (&aaron, &made_up)] {
        assert_eq!(edits(user, message, "yours").await, unknown(message));
        assert_eq!(deletes(user, message).await, unknown(message));
    }
    let not_yours = json!({ "message": null, "errors": [{
        "__typename": "Refused",
        "code": "NOT_SENDER",
        "message": "only the user who sent a message may edit or delete it",
        "path": ["input", "messageId"],
    }] });
    assert_eq!(edits(&betty, &message, "yours").await, not_yours);
    assert_eq!(deletes(&betty, &message).await, not_yours);
    for (text, code) in
        [(" ", "TEXT_BLANK"), ("\0", "TEXT_NOT_STORABLE"), (&"x".repeat(5_001), "TEXT_TOO_LONG")]
    {
        assert_eq!(edits(&aaron, &message, text).await["errors"][0]["code"], code);
    }
    deletes(&aaron, &gone).await;
    assert_eq!(edits(&betty, &gone, "yours").await, not_yours, "also after it was deleted");
    let wrong = edits(&aaron, &json!({ "id": betty.id }), "x").await;
    assert_eq!(wrong["errors"][0]["code"], "ID_WRONG_KIND");
    assert_eq!(betty.reads_texts(json!({})).await, ["", "mine"]);
}

#[tokio::test]
async fn a_retry_is_known_after_the_message_has_changed() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let input = json!({ "recipientId": betty.id, "text": "Lunhc?", "clientMessageId": "key" });
    let message = aaron.tries_to_send(input.clone()).await["message"].clone();
    let other = json!({ "recipientId": betty.id, "text": "Lunch?", "clientMessageId": "key" });

    for change in ["Lunch?", "Dinner?"] {
        edits(&aaron, &message, change).await;
        let retried = aaron.tries_to_send(input.clone()).await;
        assert_eq!(retried["deduplicated"], true, "{retried}");
        assert_eq!(
            (&retried["message"]["id"], &retried["message"]["text"]),
            (&message["id"], &json!(change))
        );
        let refused = aaron.tries_to_send(other.clone()).await;
        assert_eq!(refused["errors"][0]["code"], "IDEMPOTENCY_CONFLICT", "it never was sent with that text");
    }
    deletes(&aaron, &message).await;
    let retried = aaron.tries_to_send(input).await;
    assert_eq!((&retried["deduplicated"], &retried["message"]["text"]), (&json!(true), &json!("")));
    assert_eq!(aaron.tries_to_send(other).await["errors"][0]["code"], "IDEMPOTENCY_CONFLICT");
    assert_eq!(betty.reads_texts(json!({})).await, [""], "one message");
}

/// Sends an answer; gives the payload.
async fn answers(sender: &Actor<'_>, to: &str, text: &str, reply_to: &Value) -> Value {
    sender.tries_to_send(json!({ "recipientId": to, "text": text, "replyToId": reply_to["id"] })).await
}

#[tokio::test]
async fn an_answer_shows_what_it_answers_also_after_that_was_deleted() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let question = aaron.says(&room, "Who is hungry?").await;
    let answer = answers(&betty, &room, "I am", &question).await["message"].clone();
    answers(&aaron, &room, "Then come", &answer).await;
    let selection = "messages { nodes { text replyTo { text deletedAt replyTo { text } } } }";
    let nodes = |question: &str, deleted_at: Option<&str>| {
        json!({ "messages": { "nodes": [
            { "text": "Then come", "replyTo": { "text": "I am", "deletedAt": null, "replyTo": { "text": question } } },
            { "text": "I am", "replyTo": { "text": question, "deletedAt": deleted_at, "replyTo": null } },
            { "text": question, "replyTo": null },
        ] } })
    };
    assert_eq!(betty.sees(&room, selection).await, nodes("Who is hungry?", None));
    deletes(&aaron, &question).await;
    assert_eq!(betty.sees(&room, selection).await, nodes("", Some("2026-01-31T12:00:00.000Z")));
}

#[tokio::test]
async fn only_messages_of_the_same_conversation_are_answered() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let in_room = aaron.says(&room, "to all").await;
    let direct = aaron.sends(&betty, "to you").await;
    let table = [
        (&room, &direct),
        (&betty.id, &in_room),
        (&carol.id, &direct),
        (&room, &json!({ "id": "msg_01h455vb4pex5vsknk084sn02q" })),
    ];
    for (to, reply_to) in table {
        let refused = answers(&aaron, to, "?", reply_to).await;
        let id = reply_to["id"].as_str().expect("an id");
        let error = json!({
            "__typename": "NotFound",
            "code": "NOT_FOUND",
            "message": format!("there is no message {id} in this conversation"),
            "path": ["input", "replyToId"],
        });
        assert_eq!(refused, json!({ "message": null, "deduplicated": false, "errors": [error] }));
    }
    assert_eq!(carol.inbox("id").await, json!([]), "no conversation was begun");
    assert_eq!(aaron.says(&room, "next").await["seq"], 2, "no place was taken");
    let keyed = |reply_to: Option<&Value>| json!({ "recipientId": betty.id, "text": "yes", "clientMessageId": "key", "replyToId": reply_to });
    assert_eq!(betty.sends(&aaron, "and?").await["seq"], 2);
    let sent = aaron.tries_to_send(keyed(Some(&direct["id"]))).await;
    assert_eq!(sent["errors"], json!([]));
    assert_eq!(aaron.tries_to_send(keyed(Some(&direct["id"]))).await["deduplicated"], true);
    assert_eq!(aaron.tries_to_send(keyed(None)).await["errors"][0]["code"], "IDEMPOTENCY_CONFLICT");
}
