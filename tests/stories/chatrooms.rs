//! Chatrooms: who makes them, what is said in them, and who is let in on it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor, Server, texts};

/// What is sent to a chatroom, as `recentMessages` tells it.
async fn recent(server: &Server, chatroom_id: &str, arguments: Value) -> Vec<String> {
    let query = "query ($recipientId: ID!, $senderId: ID, $window: RecentWindow, $first: Int) {
        recentMessages(recipientId: $recipientId, senderId: $senderId, window: $window, first: $first) { nodes { text } }
    }";
    let mut variables = arguments;
    variables["recipientId"] = json!(chatroom_id);
    let answer = server.ask(query, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    texts(&answer["data"]["recentMessages"])
}

/// The error of something that there is not, or that one may not see.
fn unknown(field: &str, message: &str) -> Value {
    json!([{ "__typename": "NotFound", "code": "NOT_FOUND", "message": message, "path": ["input", field] }])
}

fn no_chatroom(field: &str, id: &str) -> Value {
    unknown(field, &format!("there is no chatroom {id}, or the acting user is not in it"))
}

fn not_owner() -> Value {
    json!([{
        "__typename": "Refused",
        "code": "NOT_OWNER",
        "message": "only the owner of the chatroom may do this",
        "path": ["input", "chatroomId"],
    }])
}

const MEMBERS: &str = "members { edges { role joinedAt node { username } } }";

/// Members as `MEMBERS` tells them, all of whom joined at the same time.
fn members(joined_at: &str, members: &[(&str, &str)]) -> Value {
    let edge = |(role, username): &(&str, &str)| json!({ "role": role, "joinedAt": joined_at, "node": { "username": username } });
    json!({ "edges": members.iter().map(edge).collect::<Vec<_>>() })
}

const NOON: &str = "2026-01-31T12:00:00.000Z";

#[tokio::test]
async fn aaron_makes_a_chatroom_for_three() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);

    let input = json!({ "name": "lunch 🥪", "memberIds": [carol.id, betty.id, carol.id, aaron.id] });
    let selection = format!(
        "chatroom {{ __typename id name createdAt createdBy {{ username }} memberCount latestSeq lastMessage {{ id }} unreadCount readUpTo {MEMBERS} }}"
    );
    let payload = aaron.does("createChatroom", input, &selection).await;

    let id = payload["chatroom"]["id"].as_str().expect("an id");
    assert!(id.starts_with("room_"), "{id}");
    assert_eq!(
        payload["chatroom"],
        json!({
            "__typename": "Chatroom",
            "id": id,
            "name": "lunch 🥪",
            "createdAt": NOON,
            "createdBy": { "username": "aaron" },
            "memberCount": 3,
            "latestSeq": 0,
            "lastMessage": null,
            "unreadCount": 0,
            "readUpTo": 0,
            "members": members(NOON, &[("OWNER", "aaron"), ("MEMBER", "carol"), ("MEMBER", "betty")]),
        })
    );
    let again = format!("id name memberCount {MEMBERS}");
    for member in [&aaron, &betty, &carol] {
        assert_eq!(member.sees(id, &again).await["members"], payload["chatroom"]["members"]);
    }
}

#[tokio::test]
async fn what_is_said_in_a_chatroom_is_read_like_what_is_sent_to_a_person() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;

    aaron.says(&room, "old").await;
    server.clock.forward(Duration::from_hours(31 * 24));
    let second = betty.says(&room, "Where?").await;
    aaron.says(&room, "Here").await;
    aaron.sends(&betty, "between us").await;

    assert_eq!(second["seq"], 2);
    assert_eq!(second["conversation"]["id"], json!(room), "the chatroom is the conversation");
    assert_eq!(recent(&server, &room, json!({})).await, ["Here", "Where?", "old"]);
    assert_eq!(recent(&server, &room, json!({ "window": { "last": 2 } })).await, ["Here", "Where?"]);
    assert_eq!(recent(&server, &room, json!({ "window": { "days": 30 } })).await, ["Here", "Where?"]);
    assert_eq!(recent(&server, &room, json!({ "senderId": aaron.id })).await, ["Here", "old"]);
    let month_of_aaron = json!({ "senderId": aaron.id, "window": { "days": 30 } });
    assert_eq!(recent(&server, &room, month_of_aaron).await, ["Here"]);
    assert_eq!(betty.reads_texts(json!({})).await, ["between us"]);
    let message = "recipient { __typename ... on Chatroom { id name } } conversation { __typename id }";
    let last = betty.sees(&room, &format!("lastMessage {{ text {message} }}")).await;
    assert_eq!(
        last["lastMessage"],
        json!({
            "text": "Here",
            "recipient": { "__typename": "Chatroom", "id": room, "name": "lunch" },
            "conversation": { "__typename": "Chatroom", "id": room },
        })
    );
}

#[tokio::test]
async fn a_batch_can_go_to_chatrooms_and_people_at_once() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let (lunch, dinner) = (aaron.makes_room("lunch", &[&betty]).await, aaron.makes_room("dinner", &[]).await);
    let send = "mutation ($messages: [SendMessageInput!]!) {
        sendMessages(input: {messages: $messages}) { results { message { seq } } errors { code path } }
    }";
    let message =
        |from: &Actor<'_>, to: &str| json!({ "senderId": from.id, "recipientId": to, "text": "Hungry?" });
    let to_all = json!([message(&aaron, &lunch), message(&aaron, &betty.id), message(&aaron, &lunch)]);
    let answer = server.ask(send, json!({ "messages": to_all })).await;
    assert_eq!(
        answer["data"]["sendMessages"],
        json!({ "results": [{ "message": { "seq": 1 } }, { "message": { "seq": 1 } }, { "message": { "seq": 2 } }], "errors": [] })
    );

    let foreign = json!([message(&betty, &lunch), message(&betty, &dinner)]);
    let refused = server.ask(send, json!({ "messages": foreign })).await;
    let error = json!({ "code": "NOT_FOUND", "path": ["input", "messages", "1", "recipientId"] });
    assert_eq!(refused["data"]["sendMessages"], json!({ "results": null, "errors": [error] }));
    assert_eq!(recent(&server, &lunch, json!({})).await, ["Hungry?", "Hungry?"], "none of them was sent");
}

#[tokio::test]
async fn every_member_may_invite_and_who_is_in_stays_as_they_are() {
    let server = Server::start().await;
    let (aaron, betty, carol, dave) = (
        server.user("aaron").await,
        server.user("betty").await,
        server.user("carol").await,
        server.user("dave").await,
    );
    let room = aaron.makes_room("lunch", &[&betty]).await;
    aaron.says(&room, "before they came").await;
    server.clock.forward(Duration::from_hours(1));

    let input = json!({ "chatroomId": room, "memberIds": [dave.id, betty.id, carol.id, dave.id] });
    let invited = betty.does("inviteToChatroom", input.clone(), "chatroom { memberCount }").await;
    server.clock.forward(Duration::from_hours(1));
    let again = betty.does("inviteToChatroom", input, &format!("chatroom {{ memberCount {MEMBERS} }}")).await;

    assert_eq!(invited["chatroom"]["memberCount"], 4);
    let one = "2026-01-31T13:00:00.000Z";
    let joined = |role: &str, at: &str, username: &str| json!({ "role": role, "joinedAt": at, "node": { "username": username } });
    assert_eq!(
        again["chatroom"],
        json!({ "memberCount": 4, "members": { "edges": [
            joined("OWNER", NOON, "aaron"),
            joined("MEMBER", NOON, "betty"),
            joined("MEMBER", one, "dave"),
            joined("MEMBER", one, "carol"),
        ] } })
    );
    let seen = dave.sees(&room, "unreadCount readUpTo messages { nodes { text } }").await;
    let history = json!({ "nodes": [{ "text": "before they came" }] });
    assert_eq!(seen, json!({ "unreadCount": 0, "readUpTo": 1, "messages": history }));
    carol.says(&room, "Hello").await;
    assert_eq!(dave.sees(&room, "unreadCount").await, json!({ "unreadCount": 1 }));
}

#[tokio::test]
async fn a_chatroom_is_nothing_to_those_who_are_not_in_it() {
    let server = Server::start().await;
    let (aaron, eve) = (server.user("aaron").await, server.user("eve").await);
    let room = aaron.makes_room("secrets", &[]).await;
    let message = aaron.says(&room, "a secret").await;

    let sent = eve.tries_to_send(json!({ "recipientId": room, "text": "Hello?" })).await;
    assert_eq!(sent["errors"], no_chatroom("recipientId", &room));
    let mutations = [
        ("inviteToChatroom", json!({ "chatroomId": room, "memberIds": [eve.id] }), "chatroomId"),
        ("leaveChatroom", json!({ "chatroomId": room }), "chatroomId"),
        ("removeFromChatroom", json!({ "chatroomId": room, "memberId": aaron.id }), "chatroomId"),
        ("renameChatroom", json!({ "chatroomId": room, "name": "no secrets" }), "chatroomId"),
    ];
    for (mutation, input, field) in mutations {
        let payload = eve.calls(mutation, input, "").await;
        assert_eq!(payload["errors"], no_chatroom(field, &room), "{mutation}");
    }
    let read = eve.calls("markRead", json!({ "conversationId": room, "readUpTo": 1 }), "").await;
    assert_eq!(read["errors"], no_chatroom("conversationId", &room));

    assert_eq!(eve.sees(&room, "name").await, Value::Null);
    for id in [json!(room), message["id"].clone()] {
        let node =
            server.ask_as("eve", "query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(node, json!({ "data": { "node": null } }));
    }
    let query = "query ($id: ID!) { recentMessages(recipientId: $id) { nodes { text } } }";
    let answer = server.ask_as("eve", query, json!({ "id": room })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
    assert_eq!(eve.inbox("id").await, json!([]));
    let seen = aaron.sees(&room, "name memberCount latestSeq").await;
    assert_eq!(seen, json!({ "name": "secrets", "memberCount": 1, "latestSeq": 1 }), "nothing has changed");
}

#[tokio::test]
async fn the_owner_renames_a_chatroom() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;

    let input = json!({ "chatroomId": room, "name": "dinner" });
    let refused = betty.calls("renameChatroom", input.clone(), "chatroom { name }").await;
    assert_eq!(refused, json!({ "chatroom": null, "errors": not_owner() }));
    assert_eq!(betty.sees(&room, "name").await, json!({ "name": "lunch" }));
    for _ in 0..2 {
        let renamed = aaron.does("renameChatroom", input.clone(), "chatroom { name }").await;
        assert_eq!(renamed["chatroom"], json!({ "name": "dinner" }));
    }
    assert_eq!(betty.sees(&room, "name").await, json!({ "name": "dinner" }));
}

#[tokio::test]
async fn a_name_has_1_to_64_characters() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let room = aaron.makes_room("lunch", &[]).await;
    let longest = "ü".repeat(64);
    let refusal = json!([{
        "__typename": "InvalidInput",
        "code": "CHATROOM_NAME_INVALID",
        "message": "a chatroom's name has 1 to 64 characters, at least one of them visible; no control characters, line separators or bidi controls, and no invisible characters outside of emoji",
        "path": ["input", "name"],
    }]);
    for name in [
        "",
        " \u{3000}",
        "two\nlines",
        "bell\u{7}",
        "nul\0",
        "\u{3164}",
        "\u{202e}hcnul",
        "a\u{2028}b",
        &"ü".repeat(65),
    ] {
        let created = aaron.calls("createChatroom", json!({ "name": name }), "chatroom { id }").await;
        assert_eq!(created, json!({ "chatroom": null, "errors": refusal }), "{name:?}");
        let input = json!({ "chatroomId": room, "name": name });
        let renamed = aaron.calls("renameChatroom", input, "chatroom { id }").await;
        assert_eq!(renamed, json!({ "chatroom": null, "errors": refusal }), "{name:?}");
    }
    for name in ["x", " spaced ", &longest] {
        let input = json!({ "chatroomId": room, "name": name });
        let renamed = aaron.does("renameChatroom", input, "chatroom { name }").await;
        assert_eq!(renamed["chatroom"]["name"], name);
    }
    let query = "query ($userId: ID!) { chatrooms(userId: $userId) { nodes { name } } }";
    let answer = server.ask(query, json!({ "userId": aaron.id })).await;
    assert_eq!(answer, json!({ "data": { "chatrooms": { "nodes": [{ "name": longest }] } } }));
}
