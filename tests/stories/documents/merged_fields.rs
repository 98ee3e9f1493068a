//! A field that stands in several places is one field: it runs once, and its selections count together
//! (<https://spec.graphql.org/September2025/#sec-Field-Selection-Merging>).

use serde_json::{Value, json};

use crate::support::{Actor, Server, Socket};

/// The names of the chatrooms that somebody is in.
async fn rooms(of: &Actor<'_>) -> Vec<String> {
    let query = "query ($id: ID!) { chatrooms(userId: $id) { nodes { name } } }";
    let answer = of.server.ask(query, json!({ "id": of.id })).await;
    let nodes = answer["data"]["chatrooms"]["nodes"].as_array().expect("nodes");
    nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

async fn asks(by: &Actor<'_>, document: &str, variables: Value) -> Value {
    by.server.ask_as(&by.username, document, variables).await
}

#[tokio::test]
async fn a_mutation_runs_once_wherever_it_stands() {
    const FIELD: &str = "createChatroom(input: { name: \"one\" }) ";
    let documents = [
        format!("mutation {{ {FIELD} {{ chatroom {{ name }} }} {FIELD} {{ errors {{ code }} }} }}"),
        format!(
            "mutation {{ ...F ...F }} fragment F on Mutation {{ {FIELD} {{ chatroom {{ name }} errors {{ code }} }} }}"
        ),
        format!(
            "mutation {{ {FIELD} {{ chatroom {{ name }} }} ...G }}
            fragment G on Mutation {{ ...F }} fragment F on Mutation {{ {FIELD} {{ errors {{ code }} }} }}"
        ),
        format!(
            "mutation {{ ... {{ {FIELD} {{ chatroom {{ name }} }} }} ... on Mutation {{ {FIELD} {{ errors {{ code }} }} }} }}"
        ),
        format!(
            "mutation {{ ... @include(if: true) {{ {FIELD} {{ chatroom {{ name }} }} }} {FIELD} {{ errors {{ code }} }} }}"
        ),
        format!(
            "mutation {{ {FIELD} @skip(if: false) {{ chatroom {{ name }} }} {FIELD} @include(if: true) {{ errors {{ code }} }} }}"
        ),
    ];
    for document in documents {
        let server = Server::start().await;
        let aaron = server.user("aaron").await;
        let answer = asks(&aaron, &document, json!({})).await;
        let payload = json!({ "chatroom": { "name": "one" }, "errors": [] });
        assert_eq!(answer, json!({ "data": { "createChatroom": payload } }), "{document}");
        assert_eq!(rooms(&aaron).await, ["one"], "{document}");
    }
}

#[tokio::test]
async fn a_mutation_on_several_conditions_runs_once_or_not_at_all() {
    let document = "mutation ($name: Boolean!, $errors: Boolean = false) {
        createChatroom(input: { name: \"one\" }) @include(if: $name) { chatroom { name } }
        ... @include(if: $errors) { createChatroom(input: { name: \"one\" }) { errors { code } } }
        __typename
    }";
    let (name, errors) = (("chatroom", json!({ "name": "one" })), ("errors", json!([])));
    let table = [
        (json!({ "name": true, "errors": true }), vec![name.clone(), errors.clone()]),
        (json!({ "name": true }), vec![name]),
        (json!({ "name": false, "errors": true }), vec![errors]),
        (json!({ "name": false }), vec![]),
    ];
    for (variables, fields) in table {
        let server = Server::start().await;
        let aaron = server.user("aaron").await;
        let answer = asks(&aaron, document, variables.clone()).await;
        let mut data = json!({ "__typename": "Mutation" });
        if !fields.is_empty() {
            data["createChatroom"] =
                fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        }
        assert_eq!(answer, json!({ "data": data }), "{variables}");
        assert_eq!(rooms(&aaron).await.len(), usize::from(!fields.is_empty()), "{variables}");
    }
}

#[tokio::test]
async fn a_field_that_fails_is_told_once() {
    let server = Server::start().await;
    let document =
        "{ user(id: \"x\") { id } ...F ...F } fragment F on Query { user(id: \"x\") { username } }";
    let answer = server.ask(document, json!({})).await;
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{answer}");
    assert_eq!(errors[0]["extensions"]["code"], "ID_MALFORMED");
    assert_eq!((&errors[0]["path"], &answer["data"]), (&json!(["user"]), &json!({ "user": null })));
}

/// What differs by type is merged for each type; the order is that of the first places.
#[tokio::test]
async fn what_is_asked_of_an_interface_and_of_its_types_is_asked_once() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "hello").await;
    let room = aaron.makes_room("lunch", &[&betty]).await;
    aaron.says(&room, "hungry?").await;
    let split = "query ($id: ID!) { conversations(userId: $id) { nodes {
        ... on Chatroom { name lastMessage { text } }
        lastMessage { seq ...Sender }
        ...D
        id
    } } }
    fragment D on DirectConversation { lastMessage { text sender { username } } participants { username } }
    fragment Sender on Message { sender { displayName } }";
    let whole = "query ($id: ID!) { conversations(userId: $id) { nodes {
        ... on Chatroom { name lastMessage { text seq sender { displayName } } id }
        ... on DirectConversation {
            lastMessage { seq sender { displayName username } text } participants { username } id
        }
    } } }";
    let variables = json!({ "id": betty.id });
    let statements = async |document: &str| {
        server.ask(document, variables.clone()).await;
        server.statements();
        let answer = server.ask(document, variables.clone()).await;
        (answer.to_string(), server.statements().len())
    };
    assert_eq!(statements(split).await, statements(whole).await);
}

#[tokio::test]
async fn a_subscription_has_its_conditions_at_each_event() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let document = "subscription ($id: ID!, $seq: Boolean!, $text: Boolean!) { events(userId: $id) {
        event { ... on MessageSent {
            message @include(if: $seq) { seq }
            ... @include(if: $text) { message { text } }
        } }
    } }";
    let variables = json!({ "id": betty.id, "seq": false, "text": true });
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", document, variables).await;
    let mut event = async || socket.hears().await["payload"]["data"]["events"]["event"].clone();
    assert_eq!(event().await, json!({}), "what was told up to now");
    for text in ["one", "two"] {
        aaron.sends(&betty, text).await;
        assert_eq!(event().await, json!({ "message": { "text": text } }));
    }
}
