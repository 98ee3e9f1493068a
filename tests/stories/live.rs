//! What happens is told: without a gap, nothing twice, in one order.

use std::time::Duration;

use futures_util::future::join_all;
use messenger::domain::{Invitation, Pruned, invite_to_chatroom, prune_events};
use serde_json::{Value, json};

use crate::support::{Actor, Follower, Frame, Server, Socket};

fn sent(seq: u32, text: &str, message: &Value) -> Value {
    json!({ "__typename": "MessageSent", "message": { "id": message["id"], "seq": seq, "text": text } })
}

fn named(username: &str) -> Value {
    json!({ "username": username })
}

/// The texts of the next so many messages.
async fn texts(ear: &mut Follower, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    for _ in 0..count {
        let event = ear.hears().await;
        heard.push(event["message"]["text"].as_str().unwrap_or_else(|| panic!("{event}")).to_owned());
    }
    heard
}

#[tokio::test]
async fn betty_hears_what_aaron_sends_as_it_happens() {
    let server = Server::start().await;
    let (aaron, betty, eve) =
        (server.user("aaron").await, server.user("betty").await, server.user("eve").await);
    let (mut at_aaron, mut at_betty, mut at_eve) =
        (aaron.listens().await, betty.listens().await, eve.listens().await);

    let first = aaron.sends(&betty, "Hello").await;
    let second = betty.sends(&aaron, "Hi").await;

    for ear in [&mut at_aaron, &mut at_betty] {
        assert_eq!(ear.hears().await, sent(1, "Hello", &first));
        assert_eq!(ear.hears().await, sent(2, "Hi", &second));
    }
    let note = eve.sends(&eve, "nothing").await;
    assert_eq!(at_eve.hears().await, sent(1, "nothing", &note), "the first thing that she hears");
}

#[tokio::test]
async fn everything_that_lasts_is_told() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[]).await;
    let mut ear = betty.listens().await;

    let in_room = |more: Value| {
        let mut input = json!({ "chatroomId": room });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        input
    };
    aaron.does("inviteToChatroom", in_room(json!({ "memberIds": [betty.id] })), "").await;
    let joined = ear.hears().await;
    let message = aaron.says(&room, "Hungri?").await;
    let said = ear.hears().await;
    assert_eq!(
        joined,
        json!({ "__typename": "MemberJoined", "chatroom": { "name": "lunch" }, "member": named("betty"), "invitedBy": named("aaron") })
    );
    assert_eq!(said, sent(1, "Hungri?", &message));
    let of_message = |more: Value| {
        let mut input = json!({ "messageId": message["id"] });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        input
    };
    // What is told of a thing is how it is by then, so each change is heard before the next one.
    let table = [
        (
            &aaron,
            "editMessage",
            of_message(json!({ "text": "Hungry?" })),
            json!({ "__typename": "MessageEdited", "message": { "seq": 1, "text": "Hungry?" } }),
        ),
        (
            &betty,
            "addReaction",
            of_message(json!({ "emoji": "🍕" })),
            json!({ "__typename": "ReactionAdded", "emoji": "🍕", "message": { "seq": 1 }, "user": named("betty") }),
        ),
        (
            &betty,
            "removeReaction",
            of_message(json!({ "emoji": "🍕" })),
            json!({ "__typename": "ReactionRemoved", "emoji": "🍕", "message": { "seq": 1 }, "user": named("betty") }),
        ),
        (
            &betty,
            "markRead",
            json!({ "conversationId": room, "readUpTo": 1 }),
            json!({ "__typename": "ConversationRead", "readUpTo": 1, "user": named("betty") }),
        ),
        (
            &aaron,
            "renameChatroom",
            in_room(json!({ "name": "dinner" })),
            json!({ "__typename": "ChatroomRenamed", "chatroom": { "id": room }, "name": "dinner", "user": named("aaron") }),
        ),
        (
            &aaron,
            "deleteMessage",
            of_message(json!({})),
            json!({ "__typename": "MessageDeleted", "message": { "seq": 1, "deletedAt": "2026-01-31T12:00:00.000Z" } }),
        ),
        (
            &aaron,
            "leaveChatroom",
            in_room(json!({})),
            json!({ "__typename": "MemberLeft", "visibleChatroom": { "name": "dinner" }, "chatroomId": room, "member": named("aaron"), "removedBy": named("aaron") }),
        ),
    ];
    for (person, mutation, input, expected) in table {
        person.does(mutation, input, "").await;
        assert_eq!(ear.hears().await, expected);
    }
    let owner =
        json!({ "__typename": "OwnerChanged", "chatroom": { "name": "dinner" }, "owner": named("betty") });
    assert_eq!(ear.hears().await, owner);
    betty.does("leaveChatroom", in_room(json!({})), "").await;
    let gone = json!({ "__typename": "MemberLeft", "visibleChatroom": null, "chatroomId": room, "member": named("betty"), "removedBy": named("betty") });
    assert_eq!(ear.hears().await, gone);
}

#[tokio::test]
async fn what_was_missed_is_told_first_and_once() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut ear = betty.listens().await;
    aaron.sends(&betty, "one").await;
    aaron.sends(&betty, "two").await;
    assert_eq!(texts(&mut ear, 1).await, ["one"]);
    let cursor = ear.cursor.clone();
    drop(ear);
    aaron.sends(&betty, "three").await;

    let server_again = betty.follows(json!({ "after": cursor })).await;
    let mut ear = server_again;
    let missed = ear.catches_up().await;
    let missed: Vec<&Value> = missed.iter().map(|event| &event["message"]["text"]).collect();
    assert_eq!(missed, ["two", "three"]);
    aaron.sends(&betty, "four").await;
    assert_eq!(texts(&mut ear, 1).await, ["four"]);
}

#[tokio::test]
async fn a_page_and_what_happens_after_it_are_everything() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "on the page").await;
    let query = "query ($id: ID!) {
        conversations(userId: $id) { eventCursor nodes { messages { eventCursor nodes { text } } } }
        recentMessages(recipientId: $id) { eventCursor }
        chatrooms(userId: $id) { eventCursor }
        users { eventCursor }
    }";
    let page = server.ask(query, json!({ "id": betty.id })).await["data"].clone();
    aaron.sends(&betty, "after it").await;

    let cursors = [
        &page["conversations"]["eventCursor"],
        &page["conversations"]["nodes"][0]["messages"]["eventCursor"],
        &page["recentMessages"]["eventCursor"],
        &page["chatrooms"]["eventCursor"],
        &page["users"]["eventCursor"],
    ];
    for cursor in cursors {
        let mut ear = betty.follows(json!({ "after": cursor })).await;
        let missed = ear.catches_up().await;
        let missed: Vec<&Value> = missed.iter().map(|event| &event["message"]["text"]).collect();
        assert_eq!(missed, ["after it"]);
    }
}

#[tokio::test]
async fn one_conversation_can_be_followed_alone() {
    let server = Server::start().await;
    let (aaron, betty, eve) =
        (server.user("aaron").await, server.user("betty").await, server.user("eve").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let direct = aaron.sends(&betty, "before").await["conversation"]["id"].clone();
    let mut in_room = betty.follows(json!({ "conversationId": room })).await;
    let mut between = betty.follows(json!({ "conversationId": direct })).await;
    assert_eq!(in_room.catches_up().await, [Value::Null; 0]);
    assert_eq!(between.catches_up().await, [Value::Null; 0]);
    aaron.says(&room, "to all").await;
    aaron.sends(&betty, "to you").await;
    aaron.says(&room, "again to all").await;
    assert_eq!(texts(&mut in_room, 2).await, ["to all", "again to all"]);
    assert_eq!(texts(&mut between, 1).await, ["to you"]);
    for conversation in [json!(room), direct] {
        let mut refused = eve.follows(json!({ "conversationId": conversation })).await;
        let told = refused.is_told().await;
        assert_eq!(told[0]["extensions"]["code"], "NOT_FOUND", "{told}");
    }
}

#[tokio::test]
async fn a_chatroom_is_told_from_the_joining_to_the_leaving() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[]).await;
    let mut live = betty.listens().await;
    let from_the_start = live.cursor.clone();
    // A service, which may add again who has left.
    let invite = async || {
        let [actor_id, member_id] = [&aaron, &betty].map(|actor| actor.id.parse().expect("an id"));
        let (chatroom_id, member_ids) = (room.parse().expect("an id"), vec![member_id]);
        let invitation = Invitation { actor_id, chatroom_id, member_ids, by_service: true };
        invite_to_chatroom(&server.app, invitation).await.expect("it works");
    };
    for round in ["first", "second"] {
        aaron.says(&room, &format!("before the {round} joining")).await;
        invite().await;
        aaron.says(&room, round).await;
        assert_eq!(live.hears().await["__typename"], "MemberJoined");
        assert_eq!(texts(&mut live, 1).await, [round]);
        betty.does("leaveChatroom", json!({ "chatroomId": room }), "").await;
        aaron.says(&room, &format!("after the {round} leaving")).await;
        assert_eq!(live.hears().await["__typename"], "MemberLeft");
    }
    let mut outside = betty.follows(json!({ "after": from_the_start })).await;
    let outside = outside.catches_up().await;
    invite().await;
    aaron.sends(&betty, "the end").await;

    let mut inside_again = betty.follows(json!({ "after": from_the_start })).await;
    for text in ["first", "second"] {
        assert_eq!(inside_again.hears().await["__typename"], "MemberJoined");
        assert_eq!(texts(&mut inside_again, 1).await, [text]);
        assert_eq!(inside_again.hears().await["__typename"], "MemberLeft");
    }
    for ear in [&mut live, &mut inside_again] {
        assert_eq!(ear.hears().await["__typename"], "MemberJoined");
        assert_eq!(texts(ear, 1).await, ["the end"]);
    }
    let gone = json!({ "__typename": "MemberLeft", "visibleChatroom": null, "chatroomId": room, "member": named("betty"), "removedBy": named("betty") });
    assert_eq!(outside, [gone.clone(), gone], "who comes later, and is out, hears no more than that");
}

#[tokio::test]
async fn who_was_removed_and_comes_back_with_a_cursor_learns_nothing() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let ear = betty.listens().await;
    let after = json!({ "after": ear.cursor });
    drop(ear);
    let message = aaron.says(&room, "Hungry?").await;
    let of_message = |field: &str, value: &str| json!({ "messageId": message["id"], field: value });
    aaron.does("addReaction", of_message("emoji", "🍕"), "").await;
    let member = json!({ "chatroomId": room, "memberId": betty.id });
    aaron.does("removeFromChatroom", member, "").await;
    aaron.does("editMessage", of_message("text", "Not for Betty"), "").await;
    aaron.does("renameChatroom", json!({ "chatroomId": room, "name": "without Betty" }), "").await;
    aaron.says(&room, "We are among ourselves").await;

    let missed = betty.follows(after.clone()).await.catches_up().await;
    let gone = json!({ "__typename": "MemberLeft", "visibleChatroom": null, "chatroomId": room, "member": named("betty"), "removedBy": named("aaron") });
    assert_eq!(missed, [gone]);
    let mut refused = betty.follows(json!({ "after": after["after"], "conversationId": room })).await;
    assert_eq!(refused.is_told().await[0]["extensions"]["code"], "NOT_FOUND");

    aaron.does("inviteToChatroom", json!({ "chatroomId": room, "memberIds": [betty.id] }), "").await;
    let missed = betty.follows(after).await.catches_up().await;
    let kinds: Vec<&Value> = missed.iter().map(|event| &event["__typename"]).collect();
    assert_eq!(
        kinds,
        ["MessageSent", "ReactionAdded", "MemberLeft", "MemberJoined"],
        "she may read it again"
    );
    assert_eq!(missed[0]["message"]["text"], "Not for Betty");
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let server = Server::start().await;
    let cursor = {
        let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
        let ear = betty.listens().await;
        aaron.sends(&betty, "before").await;
        ear.cursor.clone()
    };
    let server = server.restart().await;
    let id = |name: &str| {
        let query = format!("{{ user(username: \"{name}\") {{ id }} }}");
        let server = &server;
        async move {
            let answer = server.ask(&query, json!({})).await;
            answer["data"]["user"]["id"].as_str().expect("an id").to_owned()
        }
    };
    let betty = Actor { server: &server, username: "betty".into(), id: id("betty").await };
    let aaron = Actor { server: &server, username: "aaron".into(), id: id("aaron").await };
    let mut ear = betty.follows(json!({ "after": cursor })).await;
    assert_eq!(texts(&mut ear, 1).await, ["before"]);
    assert_eq!(ear.hears().await["__typename"], "CaughtUp");
    aaron.sends(&betty, "after").await;
    assert_eq!(texts(&mut ear, 1).await, ["after"]);
}

#[tokio::test]
async fn whoever_is_slow_still_hears_everything_once() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut ear = betty.listens().await;
    aaron.floods(&betty, 40).await;
    for seq in 1..=2_000 {
        assert_eq!(ear.hears().await["message"]["seq"], seq);
    }
}

#[tokio::test]
async fn everybody_hears_the_same_order() {
    let server = Server::start().await;
    let names = ["aaron", "betty", "carol", "dave"];
    let people = join_all(names.iter().map(|name| server.user(name))).await;
    let others: Vec<&Actor<'_>> = people[1..].iter().collect();
    let room = people[0].makes_room("lunch", &others).await;
    let mut ears = Vec::new();
    for person in &people {
        ears.push(person.listens().await);
    }
    let sending = (0..60).map(|number| {
        let (person, room) = (&people[number % 4], &room);
        async move { person.says(room, &number.to_string()).await }
    });
    join_all(sending).await;
    let query = "query ($id: ID!) { chatroom(id: $id) { messages(first: 100) { nodes { text } } } }";
    let stored = server.ask(query, json!({ "id": room })).await;
    let mut stored = crate::support::texts(&stored["data"]["chatroom"]["messages"]);
    stored.reverse();
    for ear in &mut ears {
        assert_eq!(texts(ear, 60).await, stored);
    }
}

#[tokio::test]
async fn a_cursor_that_the_log_does_not_reach_is_never_met_with_silence() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let start = betty.listens().await.cursor;
    aaron.sends(&betty, "old").await;
    server.clock.forward(Duration::from_hours(31 * 24));
    aaron.sends(&betty, "new").await;
    let end = {
        let mut ear = betty.follows(json!({ "after": start })).await;
        ear.catches_up().await;
        ear.cursor.clone()
    };
    server.clock.forward(Duration::from_hours(24));
    assert_eq!(prune_events(&server.app, 30).await.expect("it works"), Pruned::Forgot(1));

    let mut ear = betty.follows(json!({ "after": start })).await;
    assert_eq!(ear.hears().await["__typename"], "ResetRequired");
    assert_eq!(ear.cursor, end, "it goes on from here");
    assert_eq!(ear.hears().await["__typename"], "CaughtUp");
    aaron.sends(&betty, "live").await;
    assert_eq!(texts(&mut ear, 1).await, ["live"]);

    let mut other = betty.follows(json!({ "after": ear.cursor })).await;
    assert_eq!(other.catches_up().await, [Value::Null; 0]);
    let mut ear = betty.follows(json!({ "after": "bm9uc2Vuc2U" })).await;
    assert_eq!(ear.is_told().await[0]["extensions"]["code"], "CURSOR_INVALID");
}

#[tokio::test]
async fn what_breaks_off_says_so_and_can_be_taken_up_again() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut ear = betty.listens().await;
    aaron.floods(&betty, 40).await;
    server.app.store.close();

    let mut heard = 0;
    let last = loop {
        match ear.receives().await {
            Frame::Text(told) if told["payload"].get("errors").is_some() => break told,
            Frame::Text(_) => heard += 1,
            other => panic!("{other:?}"),
        }
    };
    assert!(heard < 2_000, "the rest would be in the log");
    assert_eq!(last["payload"]["data"], Value::Null);
    assert_eq!(last["payload"]["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{last}");
    let reason = "an operation broke off: connect again, and subscribe with your last cursor";
    assert_eq!(ear.receives().await, Frame::Close(1013, reason.to_owned()));
}

#[tokio::test]
async fn a_subscription_has_one_root_field() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let asked = [
        "subscription ($me: ID) { a: events(userId: $me) { cursor } b: events(userId: $me) { cursor } }",
        "subscription ($me: ID) { events(userId: $me) { cursor } ...More } fragment More on Subscription { more: events(userId: $me) { cursor } }",
    ];
    for query in asked {
        let mut socket = Socket::open(&server.url).await;
        socket.subscribes("1", query, json!({ "me": betty.id })).await;
        let refused = socket.hears().await;
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("1")));
        let error = &refused["payload"][0];
        assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(
            error["message"],
            "a subscription has one root field; start another subscription for each of the others"
        );
    }
    let merged = "subscription ($me: ID) { events(userId: $me) { cursor } ...More } fragment More on Subscription { events(userId: $me) { event { __typename } } }";
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", merged, json!({ "me": betty.id })).await;
    assert_eq!(socket.hears().await["payload"]["data"]["events"]["event"]["__typename"], "CaughtUp");
}

#[tokio::test]
async fn who_does_not_ask_for_presence_is_not_told_of_it() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "before").await;
    let query = "subscription ($me: ID) { events(userId: $me) { event { __typename ... on MessageSent { message { text } } } } }";
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", query, json!({ "me": betty.id })).await;
    assert_eq!(
        socket.hears().await["payload"]["data"]["events"]["event"],
        json!({ "__typename": "CaughtUp" })
    );
    for status in ["BUSY", "AWAY", "ONLINE"] {
        aaron.does("setPresence", json!({ "status": status }), "").await;
    }
    aaron.sends(&betty, "after").await;
    let sent = json!({ "__typename": "MessageSent", "message": { "text": "after" } });
    assert_eq!(socket.hears().await["payload"]["data"]["events"]["event"], sent);
}
