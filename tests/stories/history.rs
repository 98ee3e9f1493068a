//! The whole history of a conversation, read in both directions.

use serde_json::{Value, json};

use crate::support::{Actor, Server, texts};

const HISTORY: &str = "query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $id) {
        ... on DirectConversation {
            messages(first: $first, after: $after, last: $last, before: $before) {
                nodes { seq text }
                edges { cursor node { seq } }
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            }
        }
    }
}";

/// Aaron and Betty, and the conversation in which they took turns, so many messages long.
async fn conversation(server: &Server, length: u32) -> (Actor<'_>, Actor<'_>, String) {
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut id = Value::Null;
    for number in 1..=length {
        let (from, to) = if number % 2 == 1 { (&aaron, &betty) } else { (&betty, &aaron) };
        id = from.sends(to, &number.to_string()).await["conversation"]["id"].clone();
    }
    (aaron, betty, id.as_str().expect("an id").to_owned())
}

async fn page(server: &Server, id: &str, mut arguments: Value) -> Value {
    arguments["id"] = json!(id);
    let answer = server.ask(HISTORY, arguments).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"]["node"]["messages"].clone()
}

#[tokio::test]
async fn both_sides_read_one_history_newest_first() {
    let server = Server::start().await;
    let (_, _, id) = conversation(&server, 5).await;

    let all = page(&server, &id, json!({})).await;

    assert_eq!(texts(&all), ["5", "4", "3", "2", "1"]);
    let edges = all["edges"].as_array().expect("edges");
    assert_eq!(all["pageInfo"]["startCursor"], edges[0]["cursor"]);
    assert_eq!(all["pageInfo"]["endCursor"], edges[4]["cursor"]);
    assert_eq!(all["pageInfo"]["hasNextPage"], false);
    assert_eq!(all["pageInfo"]["hasPreviousPage"], false);
}

#[tokio::test]
async fn betty_pages_down_and_up_again_while_aaron_writes() {
    let server = Server::start().await;
    let (aaron, betty, id) = conversation(&server, 10).await;

    let newest = page(&server, &id, json!({ "first": 4 })).await;
    assert_eq!(texts(&newest), ["10", "9", "8", "7"]);
    aaron.sends(&betty, "11").await;
    let older = page(&server, &id, json!({ "first": 4, "after": newest["pageInfo"]["endCursor"] })).await;
    assert_eq!(texts(&older), ["6", "5", "4", "3"], "what arrives does not shift the pages");
    assert_eq!(older["pageInfo"]["hasNextPage"], true);
    assert_eq!(older["pageInfo"]["hasPreviousPage"], true);
    let oldest = page(&server, &id, json!({ "first": 4, "after": older["pageInfo"]["endCursor"] })).await;
    assert_eq!(texts(&oldest), ["2", "1"]);
    assert_eq!(oldest["pageInfo"]["hasNextPage"], false);

    aaron.sends(&betty, "12").await;
    let up = page(&server, &id, json!({ "last": 4, "before": older["pageInfo"]["startCursor"] })).await;
    assert_eq!(texts(&up), ["10", "9", "8", "7"]);
    assert_eq!(up["pageInfo"]["hasPreviousPage"], true);
    let new = page(&server, &id, json!({ "last": 4, "before": newest["pageInfo"]["startCursor"] })).await;
    assert_eq!(texts(&new), ["12", "11"], "exactly what arrived since");
    assert_eq!(new["pageInfo"]["hasPreviousPage"], false);
    assert_eq!(new["pageInfo"]["hasNextPage"], true);
}

#[tokio::test]
async fn a_history_can_be_read_from_its_beginning() {
    let server = Server::start().await;
    let (_, _, id) = conversation(&server, 5).await;

    let first_ever = page(&server, &id, json!({ "last": 2 })).await;

    assert_eq!(texts(&first_ever), ["2", "1"]);
    assert_eq!(first_ever["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(first_ever["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn nothing_lies_beyond_either_end() {
    let server = Server::start().await;
    let (_, _, id) = conversation(&server, 3).await;
    let all = page(&server, &id, json!({})).await;
    let empty = json!({
        "nodes": [],
        "edges": [],
        "pageInfo": { "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null },
    });
    assert_eq!(page(&server, &id, json!({ "after": all["pageInfo"]["endCursor"] })).await, empty);
    let above = page(&server, &id, json!({ "last": 5, "before": all["pageInfo"]["startCursor"] })).await;
    assert_eq!(texts(&above), [""; 0]);
    assert_eq!(above["pageInfo"]["hasPreviousPage"], false);
    assert_eq!(above["pageInfo"]["hasNextPage"], true);
}

#[tokio::test]
async fn a_conversation_knows_its_newest_message() {
    let server = Server::start().await;
    let (_, betty, id) = conversation(&server, 3).await;
    let answer = server
        .ask(
            "query ($id: ID!) {
                node(id: $id) {
                    __typename
                    id
                    ... on Conversation { latestSeq lastMessage { seq text sender { username } recipient { ... on User { id } } } }
                    ... on DirectConversation { participants { username } }
                }
            }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "node": {
            "__typename": "DirectConversation",
            "id": id,
            "latestSeq": 3,
            "lastMessage": { "seq": 3, "text": "3", "sender": { "username": "aaron" }, "recipient": { "id": betty.id } },
            "participants": [{ "username": "aaron" }, { "username": "betty" }],
        } } })
    );
}

#[tokio::test]
async fn what_cannot_be_paged_is_refused() {
    let server = Server::start().await;
    let (_, _, id) = conversation(&server, 1).await;
    let table = [
        (json!({ "first": 0 }), "PAGE_SIZE_INVALID"),
        (json!({ "first": 1001 }), "PAGE_SIZE_INVALID"),
        (json!({ "last": -1 }), "PAGE_SIZE_INVALID"),
        (json!({ "first": 1, "last": 1 }), "ARGUMENTS_INVALID"),
        (json!({ "after": "x" }), "CURSOR_INVALID"),
        (json!({ "before": "" }), "CURSOR_INVALID"),
    ];
    for (mut arguments, code) in table {
        arguments["id"] = json!(id);
        let answer = server.ask(HISTORY, arguments.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{arguments}: {answer}");
        assert_eq!(answer["data"], json!({ "node": null }), "the nearest nullable parent is null");
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let with_betty = aaron.sends(&betty, "one").await["conversation"]["id"].clone();
    let with_carol = aaron.sends(&carol, "one").await["conversation"]["id"].clone();
    let mine = page(&server, with_betty.as_str().expect("an id"), json!({})).await;
    let after = mine["pageInfo"]["endCursor"].clone();

    let answer = server.ask(HISTORY, json!({ "id": with_carol, "after": after })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "{answer}");

    let recent = betty.reads(json!({})).await["pageInfo"]["endCursor"].clone();
    let query = "query ($to: ID!, $from: ID, $after: String) {
        recentMessages(recipientId: $to, senderId: $from, after: $after) { nodes { id } }
    }";
    for (to, from) in [(&carol, None), (&betty, Some(&aaron.id))] {
        let answer = server.ask(query, json!({ "to": to.id, "from": from, "after": recent })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "{answer}");
    }
}
