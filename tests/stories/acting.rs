//! Who a request acts as: an argument says it for one field, the header `Messenger-User` for all of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

const VIEWER: &str = "{ viewer { username } }";

#[tokio::test]
async fn the_header_names_the_acting_user_by_id_or_by_name() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let viewer = |username: Option<&str>| json!({ "data": { "viewer": username.map(|username| json!({ "username": username })) } });
    for named in [betty.id.as_str(), "betty", "BETTY"] {
        assert_eq!(server.ask_as(named, VIEWER, json!({})).await, viewer(Some("betty")));
    }
    assert_eq!(server.ask(VIEWER, json!({})).await, viewer(None));
    let get =
        server.request(Method::GET, "/graphql").header("Messenger-User", "betty").query(&[("query", VIEWER)]);
    assert_eq!(server.send(get).await.body, viewer(Some("betty")));
}

#[tokio::test]
async fn a_header_that_names_nobody_stops_the_request() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let create = "mutation { createUser(input: {username: \"carol\"}) { user { id } } }";
    let room = betty.id.replace("user_", "room_");
    for named in ["carol", "", "user_01h455vb4pex5vsknk084sn02q", room.as_str(), "b e t t y", "bétty"] {
        let answer = server.ask_as(named, create, json!({})).await;
        let error = json!({
            "message": "the header Messenger-User holds neither the id nor the username of a user",
            "extensions": { "code": "ACTING_USER_UNKNOWN" },
        });
        assert_eq!(answer, json!({ "errors": [error] }), "{named:?}");
    }
    let users = server.ask("{ users { nodes { username } } }", json!({})).await;
    assert_eq!(users["data"]["users"]["nodes"], json!([{ "username": "betty" }]));
}

#[tokio::test]
async fn with_the_header_nothing_else_needs_to_name_the_acting_user() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let send = "mutation ($to: ID!) { sendMessage(input: {recipientId: $to, text: \"Hello\"}) {
        message { sender { username } conversation { id unreadCount } } errors { code }
    } }";
    let said = server.ask_as("aaron", send, json!({ "to": betty.id })).await;
    let message = &said["data"]["sendMessage"]["message"];
    assert_eq!(message["sender"], json!({ "username": "aaron" }));
    assert_eq!(message["conversation"]["unreadCount"], 0);
    let inbox = "{ conversations { nodes { id unreadCount } } chatrooms { nodes { id } } }";
    let entry = json!({ "id": message["conversation"]["id"], "unreadCount": 1 });
    let expected = json!({ "data": { "conversations": { "nodes": [entry] }, "chatrooms": { "nodes": [] } } });
    assert_eq!(server.ask_as("betty", inbox, json!({})).await, expected);

    let of_aaron = "query ($id: ID!) { conversations(userId: $id) { nodes { unreadCount } } }";
    let answer = server.ask_as("betty", of_aaron, json!({ "id": aaron.id })).await;
    let expected = json!({ "data": { "conversations": { "nodes": [{ "unreadCount": 0 }] } } });
    assert_eq!(answer, expected, "an argument goes before the header");
}

#[tokio::test]
async fn without_an_acting_user_what_needs_one_says_so() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let conversation = aaron.sends(&betty, "Hello").await["conversation"]["id"].clone();
    let say = "say who acts: the argument userId (senderId when sending), or the header Messenger-User with an id; on an open server also with a username";
    let queries = [
        ("{ conversations { nodes { id } } }", json!(["conversations"])),
        ("{ chatrooms { nodes { id } } }", json!(["chatrooms"])),
        (
            "query ($room: ID!) { chatroom(id: $room) { name unreadCount } }",
            json!(["chatroom", "unreadCount"]),
        ),
        (
            "query ($dm: ID!) { node(id: $dm) { ... on Conversation { readUpTo } } }",
            json!(["node", "readUpTo"]),
        ),
    ];
    for (query, path) in queries {
        let mut variables = json!({});
        if query.contains("$room") {
            variables["room"] = json!(room);
        }
        if query.contains("$dm") {
            variables["dm"] = conversation.clone();
        }
        let answer = server.ask(query, variables).await;
        let error = &answer["errors"][0];
        assert_eq!((&error["message"], &error["path"]), (&json!(say), &path), "{query}");
        assert_eq!(error["extensions"], json!({ "code": "ACTING_USER_REQUIRED" }));
    }
    let mutations = [
        ("createChatroom", "{name: \"x\"}", "userId"),
        ("renameChatroom", "{name: \"x\", chatroomId: \"ROOM\"}", "userId"),
        ("leaveChatroom", "{chatroomId: \"ROOM\"}", "userId"),
        ("updateUser", "{displayName: \"x\"}", "userId"),
        ("sendMessage", "{recipientId: \"ROOM\", text: \"x\"}", "senderId"),
    ];
    for (mutation, input, field) in mutations {
        let input = input.replace("ROOM", &room);
        let document = format!(
            "mutation {{ {mutation}(input: {input}) {{ errors {{ __typename code message path }} }} }}"
        );
        let answer = server.ask(&document, json!({})).await;
        let error = json!({ "__typename": "InvalidInput", "code": "ACTING_USER_REQUIRED", "message": say, "path": ["input", field] });
        assert_eq!(answer["data"][mutation]["errors"], json!([error]), "{answer}");
    }
}

#[tokio::test]
async fn an_acting_user_who_does_not_exist_is_told() {
    let server = Server::start().await;
    server.user("aaron").await;
    let nobody = "user_01h455vb4pex5vsknk084sn02q";
    for query in ["conversations", "chatrooms"] {
        let document = format!("query ($id: ID!) {{ {query}(userId: $id) {{ nodes {{ id }} }} }}");
        let answer = server.ask(&document, json!({ "id": nobody })).await;
        let error = &answer["errors"][0];
        assert_eq!(error["message"], format!("there is no user {nobody}"));
        assert_eq!(error["extensions"]["code"], "NOT_FOUND");
    }
    let room = server.user("betty").await.makes_room("lunch", &[]).await;
    let looked_up = "query ($id: ID!, $room: ID!) {
        chatroom(id: $room, userId: $id) { name } conversation(id: $room, userId: $id) { id }
    }";
    let answer = server.ask(looked_up, json!({ "id": nobody, "room": room })).await;
    for error in answer["errors"].as_array().expect("errors") {
        assert_eq!(error["extensions"]["code"], "NOT_FOUND", "{answer}");
    }
    assert_eq!(answer["data"], json!({ "chatroom": null, "conversation": null }));
    let create =
        "mutation ($id: ID!) { createChatroom(input: {userId: $id, name: \"x\"}) { errors { code path } } }";
    let answer = server.ask(create, json!({ "id": nobody })).await;
    let error = json!({ "code": "NOT_FOUND", "path": ["input", "userId"] });
    assert_eq!(answer["data"]["createChatroom"]["errors"], json!([error]));
}

#[tokio::test]
async fn what_is_between_others_is_not_there() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    server.user("eve").await;
    let input = json!({ "recipientId": betty.id, "text": "Hello", "clientMessageId": "key" });
    let message = aaron.tries_to_send(input).await["message"].clone();
    let query = "query ($message: ID!, $dm: ID!) { message: node(id: $message) { ... on Message { clientMessageId } } dm: node(id: $dm) { id } }";
    let variables = json!({ "message": message["id"], "dm": message["conversation"]["id"] });
    let seen = |key: Value| json!({ "data": { "message": { "clientMessageId": key }, "dm": message["conversation"] } });
    assert_eq!(server.ask_as("aaron", query, variables.clone()).await, seen(json!("key")));
    assert_eq!(
        server.ask_as("betty", query, variables.clone()).await,
        seen(Value::Null),
        "a key is its sender's"
    );
    let nothing = json!({ "data": { "message": null, "dm": null } });
    assert_eq!(server.ask_as("eve", query, variables).await, nothing);

    let recent = "query ($to: ID!, $from: ID) { recentMessages(recipientId: $to, senderId: $from) { nodes { text } } }";
    let texts = json!({ "data": { "recentMessages": { "nodes": [{ "text": "Hello" }] } } });
    let both = json!({ "to": betty.id, "from": aaron.id });
    let all = json!({ "to": betty.id });
    assert_eq!(server.ask_as("betty", recent, all.clone()).await, texts);
    assert_eq!(server.ask_as("aaron", recent, both.clone()).await, texts, "he may see what he sent");
    for (viewer, variables) in [("aaron", &all), ("eve", &both), ("eve", &all)] {
        let answer = server.ask_as(viewer, recent, variables.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{viewer}: {answer}");
        assert_eq!(answer["data"], Value::Null);
    }
}
