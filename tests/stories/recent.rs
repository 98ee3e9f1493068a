//! The two readings of "recent".

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor, Server, texts};

const DAY: Duration = Duration::from_hours(24);

/// Aaron sends so many numbered messages to Betty.
async fn sends_many(aaron: &Actor<'_>, betty: &Actor<'_>, count: u32) {
    for first in (0..count).step_by(100) {
        let batch: Vec<Value> = (first..count.min(first + 100))
            .map(|number| json!({ "senderId": aaron.id, "recipientId": betty.id, "text": (number + 1).to_string() }))
            .collect();
        let answer = aaron
            .server
            .ask(
                "mutation ($messages: [SendMessageInput!]!) {
                    sendMessages(input: {messages: $messages}) { errors { code } }
                }",
                json!({ "messages": batch }),
            )
            .await;
        assert_eq!(answer, json!({ "data": { "sendMessages": { "errors": [] } } }));
    }
}

fn numbers(newest: u32, oldest: u32) -> Vec<String> {
    (oldest..=newest).rev().map(|number| number.to_string()).collect()
}

#[tokio::test]
async fn the_last_hundred_of_a_hundred_and_fifty() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    sends_many(&aaron, &betty, 150).await;

    let read = betty.reads(json!({ "window": { "last": 100 } })).await;

    assert_eq!(texts(&read), numbers(150, 51));
    assert_eq!(read["pageInfo"]["hasNextPage"], false, "the window ends at its hundredth message");
    assert_eq!(read["pageInfo"]["hasPreviousPage"], false);
    assert_eq!(betty.reads_texts(json!({ "window": { "last": 3 } })).await, numbers(150, 148));
}

#[tokio::test]
async fn the_last_thirty_days_end_at_the_millisecond() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "31 days old").await;
    server.clock.forward(DAY);
    aaron.sends(&betty, "30 days old").await;
    server.clock.forward(DAY);
    aaron.sends(&betty, "29 days old").await;
    server.clock.forward(29 * DAY);

    let thirty_days = json!({ "window": { "days": 30 } });
    assert_eq!(betty.reads_texts(thirty_days.clone()).await, ["29 days old", "30 days old"]);
    server.clock.forward(Duration::from_millis(1));
    assert_eq!(betty.reads_texts(thirty_days).await, ["29 days old"], "the cutoff moves with the clock");
    assert_eq!(betty.reads_texts(json!({ "window": { "days": 29 } })).await, [""; 0]);
    assert_eq!(betty.reads_texts(json!({ "window": { "last": 100 } })).await.len(), 3);
}

#[tokio::test]
async fn thirty_days_are_paged_to_their_end() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    sends_many(&aaron, &betty, 150).await;

    let first = betty.reads(json!({ "window": { "days": 30 } })).await;
    assert_eq!(texts(&first), numbers(150, 51), "a hundred by default");
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = &first["pageInfo"]["endCursor"];
    let second = betty.reads(json!({ "window": { "days": 30 }, "after": after })).await;
    assert_eq!(texts(&second), numbers(50, 1));
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    assert_eq!(second["pageInfo"]["hasPreviousPage"], true);

    let all = betty.reads(json!({ "window": { "days": 30 }, "first": 1000 })).await;
    assert_eq!(texts(&all), numbers(150, 1));
}

#[tokio::test]
async fn the_last_hundred_stay_the_same_hundred_while_others_write() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    sends_many(&aaron, &betty, 150).await;

    let mut pages = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = betty.reads(json!({ "first": 30, "after": after })).await;
        pages.extend(texts(&page));
        carol.sends(&betty, "in between").await;
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }

    assert_eq!(pages, numbers(150, 51));
}

#[tokio::test]
async fn betty_reads_one_sender_or_all() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    aaron.sends(&betty, "from Aaron").await;
    carol.sends(&betty, "from Carol").await;
    betty.sends(&aaron, "to Aaron").await;
    aaron.sends(&carol, "to Carol").await;

    assert_eq!(betty.reads_texts(json!({})).await, ["from Carol", "from Aaron"]);
    assert_eq!(betty.reads_texts(json!({ "senderId": aaron.id })).await, ["from Aaron"]);
    assert_eq!(
        betty.reads_texts(json!({ "senderId": carol.id, "window": { "days": 1 } })).await,
        ["from Carol"]
    );
    assert_eq!(betty.reads_texts(json!({ "senderId": betty.id })).await, [""; 0]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_changes_no_order_and_hides_nothing() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    aaron.sends(&betty, "at noon").await;
    server.clock.back(Duration::from_hours(1));
    let earlier = carol.sends(&betty, "an hour earlier, but later").await;
    aaron.sends(&betty, "later still").await;
    let (betty_id, username) = (betty.id.clone(), betty.username.clone());

    assert_eq!(earlier["sentAt"], "2026-01-31T11:00:00.000Z", "the clock is shown as it was");
    let order = ["later still", "an hour earlier, but later", "at noon"];
    assert_eq!(betty.reads_texts(json!({})).await, order);
    assert_eq!(betty.reads_texts(json!({ "window": { "days": 1 } })).await, order);

    let server = server.restart().await;
    let betty = Actor { server: &server, username, id: betty_id };
    betty.sends(&betty, "after a restart").await;
    let newest = betty.reads_texts(json!({ "window": { "last": 1 } })).await;
    assert_eq!(newest, ["after a restart"], "ids go on above the newest one");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let nobody = "user_01h455vb4pex5vsknk084sn02q";
    let table = [
        (json!({ "window": { "last": 0 } }), "WINDOW_INVALID"),
        (json!({ "window": { "last": 101 } }), "WINDOW_INVALID"),
        (json!({ "window": { "days": 31 } }), "WINDOW_INVALID"),
        (json!({ "window": { "days": -1 } }), "WINDOW_INVALID"),
        (json!({ "first": 0 }), "PAGE_SIZE_INVALID"),
        (json!({ "first": 1001 }), "PAGE_SIZE_INVALID"),
        (json!({ "after": "nonsense" }), "CURSOR_INVALID"),
        (json!({ "after": "aAAAAAAAAAAB" }), "CURSOR_INVALID"),
        (json!({ "recipientId": "betty" }), "ID_MALFORMED"),
        (json!({ "recipientId": "msg_01h455vb4pex5vsknk084sn02q" }), "ID_WRONG_KIND"),
        (json!({ "recipientId": nobody }), "NOT_FOUND"),
        (json!({ "senderId": nobody }), "NOT_FOUND"),
    ];
    for (wrong, code) in table {
        let mut variables = json!({ "recipientId": betty.id, "window": { "last": 1 } });
        variables.as_object_mut().expect("an object").extend(wrong.as_object().expect("an object").clone());
        let answer = server
            .ask(
                "query ($recipientId: ID!, $senderId: ID, $window: RecentWindow!, $first: Int, $after: String) {
                    recentMessages(recipientId: $recipientId, senderId: $senderId, window: $window, first: $first, after: $after) {
                        nodes { id }
                    }
                }",
                variables,
            )
            .await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{wrong}: {answer}");
        assert_eq!(answer["errors"][0]["path"], json!(["recentMessages"]), "{answer}");
        assert_eq!(answer["data"], Value::Null, "{answer}");
    }
}
