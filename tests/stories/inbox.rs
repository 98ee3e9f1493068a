//! The inbox: one list of all conversations, and what is new in each.

use serde_json::{Value, json};

use crate::support::{Actor, Server};

const ENTRY: &str = "__typename latestSeq readUpTo unreadCount lastMessage { text }
    ... on Chatroom { name memberCount } ... on DirectConversation { participants { username } }";

fn direct(people: [&str; 2], numbers: (u32, u32, u32), last: &str) -> Value {
    let participants = people.map(|username| json!({ "username": username }));
    let (latest_seq, read_up_to, unread) = numbers;
    json!({
        "__typename": "DirectConversation", "latestSeq": latest_seq, "readUpTo": read_up_to, "unreadCount": unread,
        "lastMessage": { "text": last }, "participants": participants,
    })
}

fn chatroom(name: &str, members: u32, numbers: (u32, u32, u32), last: Option<&str>) -> Value {
    let (latest_seq, read_up_to, unread) = numbers;
    json!({
        "__typename": "Chatroom", "latestSeq": latest_seq, "readUpTo": read_up_to, "unreadCount": unread,
        "lastMessage": last.map(|text| json!({ "text": text })), "name": name, "memberCount": members,
    })
}

#[tokio::test]
async fn all_conversations_are_in_one_list_latest_activity_first() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let lunch = aaron.makes_room("lunch", &[&betty]).await;
    carol.makes_room("not for Betty", &[&aaron]).await;
    carol.sends(&betty, "Hello").await;
    betty.sends(&aaron, "one").await;
    aaron.sends(&betty, "two").await;
    let dinner = betty.makes_room("dinner", &[]).await;
    aaron.says(&lunch, "Hungry?").await;
    aaron.sends(&betty, "three").await;
    carol.sends(&aaron, "not for Betty").await;

    let from_aaron = direct(["aaron", "betty"], (3, 0, 2), "three");
    let in_lunch = chatroom("lunch", 2, (1, 0, 1), Some("Hungry?"));
    let in_dinner = chatroom("dinner", 1, (0, 0, 0), None);
    let from_carol = direct(["betty", "carol"], (1, 0, 1), "Hello");
    assert_eq!(betty.inbox(ENTRY).await, json!([from_aaron, in_lunch, in_dinner, from_carol]));

    betty.says(&dinner, "Alone").await;
    let in_dinner = chatroom("dinner", 1, (1, 0, 0), Some("Alone"));
    assert_eq!(betty.inbox(ENTRY).await, json!([in_dinner, from_aaron, in_lunch, from_carol]));
}

async fn unread(reader: &Actor<'_>) -> Value {
    reader.inbox("unreadCount readUpTo").await[0].clone()
}

async fn marks(reader: &Actor<'_>, conversation: &Value, read_up_to: u32) -> Value {
    let input = json!({ "conversationId": conversation, "readUpTo": read_up_to });
    let payload = reader.does("markRead", input, "conversation { unreadCount readUpTo }").await;
    payload["conversation"].clone()
}

#[tokio::test]
async fn what_i_sent_is_never_unread_to_me() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "1").await;
    let conversation = aaron.sends(&betty, "2").await["conversation"]["id"].clone();
    let state = |unread: u32, read: u32| json!({ "unreadCount": unread, "readUpTo": read });
    assert_eq!(unread(&aaron).await, state(0, 0));
    assert_eq!(unread(&betty).await, state(2, 0));

    betty.sends(&aaron, "3").await;
    assert_eq!(unread(&betty).await, state(2, 0), "an answer does not say that all was read");
    assert_eq!(unread(&aaron).await, state(1, 0));
    aaron.sends(&betty, "4").await;
    betty.sends(&aaron, "5").await;
    assert_eq!(unread(&betty).await, state(3, 0));

    assert_eq!(marks(&betty, &conversation, 1).await, state(2, 1));
    assert_eq!(marks(&betty, &conversation, 3).await, state(1, 3), "the third was her own");
    assert_eq!(marks(&betty, &conversation, 2).await, state(1, 3), "never back");
    assert_eq!(marks(&betty, &conversation, 3).await, state(1, 3));
    assert_eq!(marks(&betty, &conversation, 0).await, state(1, 3));
    assert_eq!(marks(&betty, &conversation, 5).await, state(0, 5));
    betty.sends(&aaron, "6").await;
    assert_eq!(unread(&betty).await, state(0, 5));
    aaron.sends(&betty, "7").await;
    assert_eq!(unread(&betty).await, state(1, 5));
    assert_eq!(unread(&aaron).await, state(3, 0), "the positions of others are their own");
}

#[tokio::test]
async fn a_note_to_self_is_never_unread() {
    let server = Server::start().await;
    let carol = server.user("carol").await;
    let note = carol.sends(&carol, "Buy milk").await;
    carol.sends(&carol, "Buy bread").await;
    assert_eq!(unread(&carol).await, json!({ "unreadCount": 0, "readUpTo": 0 }));
    let conversation = &note["conversation"]["id"];
    assert_eq!(marks(&carol, conversation, 1).await, json!({ "unreadCount": 0, "readUpTo": 1 }));
    assert_eq!(
        carol.inbox("latestSeq").await,
        json!([{ "latestSeq": 2 }]),
        "one entry, not one for each side"
    );
}

#[tokio::test]
async fn only_what_is_there_can_be_read() {
    let server = Server::start().await;
    let (aaron, betty, eve) =
        (server.user("aaron").await, server.user("betty").await, server.user("eve").await);
    let conversation = aaron.sends(&betty, "Hello").await["conversation"]["id"].clone();
    let mark = |conversation: Value, read_up_to: i64| json!({ "conversationId": conversation, "readUpTo": read_up_to });
    for read_up_to in [-1, 2, i64::from(i32::MAX)] {
        let payload =
            betty.calls("markRead", mark(conversation.clone(), read_up_to), "conversation { id }").await;
        let error = json!({
            "__typename": "SeqOutOfRange",
            "code": "SEQ_OUT_OF_RANGE",
            "message": format!("readUpTo is {read_up_to}; it must be from 0 to 1, the latestSeq of the conversation"),
            "path": ["input", "readUpTo"],
        });
        assert_eq!(payload, json!({ "conversation": null, "errors": [error] }));
    }
    let foreign = eve.calls("markRead", mark(conversation.clone(), 1), "").await;
    let unknown = |id: &Value| {
        let id = id.as_str().expect("an id");
        json!([{
            "__typename": "NotFound",
            "code": "NOT_FOUND",
            "message": format!("there is no conversation {id}, or the acting user does not take part in it"),
            "path": ["input", "conversationId"],
        }])
    };
    assert_eq!(foreign["errors"], unknown(&conversation));
    let made_up = json!("dm_01h455vb4pex5vsknk084sn02q");
    let nothing = betty.calls("markRead", mark(made_up.clone(), 1), "").await;
    assert_eq!(
        nothing["errors"],
        unknown(&made_up),
        "what there is not, and what is not hers, look the same"
    );
    let wrong = betty.calls("markRead", mark(json!(aaron.id), 1), "").await;
    assert_eq!(wrong["errors"][0]["code"], "ID_WRONG_KIND");
    let as_room = conversation.as_str().expect("an id").replace("dm_", "room_");
    let disguised = betty.calls("markRead", mark(json!(as_room), 1), "").await;
    assert_eq!(
        disguised["errors"][0]["code"], "NOT_FOUND",
        "an id with the prefix of another kind names nothing"
    );
    assert_eq!(unread(&betty).await, json!({ "unreadCount": 1, "readUpTo": 0 }));
}

#[tokio::test]
async fn an_inbox_is_paged_while_others_write() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let names: Vec<String> = (0..7).map(|number| format!("friend-{number}")).collect();
    let friends = futures_util::future::join_all(names.iter().map(|name| server.user(name))).await;
    for friend in &friends {
        friend.sends(&betty, &friend.username).await;
    }
    let query =
        "query ($userId: ID!, $after: String) { conversations(userId: $userId, first: 3, after: $after) {
        nodes { lastMessage { text } } pageInfo { hasNextPage hasPreviousPage endCursor }
    } }";
    let mut after = Value::Null;
    let mut pages = Vec::new();
    for _ in 0..2 {
        let answer = server.ask(query, json!({ "userId": betty.id, "after": after })).await;
        let page = &answer["data"]["conversations"];
        let nodes = page["nodes"].as_array().expect("nodes").iter();
        let texts: Vec<&str> =
            nodes.map(|node| node["lastMessage"]["text"].as_str().expect("a text")).collect();
        pages.push((texts.join(" "), page["pageInfo"]["hasNextPage"].clone()));
        after = page["pageInfo"]["endCursor"].clone();
        friends[0].sends(&betty, "again").await;
    }
    assert_eq!(
        pages,
        [
            ("friend-6 friend-5 friend-4".to_owned(), json!(true)),
            ("friend-3 friend-2 friend-1".to_owned(), json!(false)),
        ],
        "whoever writes meanwhile has moved up to the first page"
    );
    let first = betty.inbox("lastMessage { text }").await;
    assert_eq!(first[0], json!({ "lastMessage": { "text": "again" } }));
    for (user, after) in [(&friends[0], after), (&betty, json!("aW52ZW50ZWQ"))] {
        let answer = server.ask(query, json!({ "userId": user.id, "after": after })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "{answer}");
    }
}

#[tokio::test]
async fn betty_is_in_very_many_chatrooms() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut rooms = Vec::new();
    for number in 0..230 {
        let name = format!("room {number}");
        // Some that she is not in stand between those that she is in.
        let others: &[&Actor<'_>] = if number % 10 == 9 { &[] } else { &[&betty] };
        rooms.push((name.clone(), aaron.makes_room(&name, others).await));
    }
    for (_, room) in rooms.iter().step_by(7) {
        aaron.says(room, "Hello").await;
    }
    aaron.sends(&betty, "and here").await;
    let spoken: Vec<usize> = (0..230).step_by(7).collect();
    let silent = (0..230).rev().filter(|number| !spoken.contains(number));
    let of_betty = |number: &usize| number % 10 != 9;
    let order: Vec<String> = spoken
        .iter()
        .rev()
        .copied()
        .chain(silent)
        .filter(of_betty)
        .map(|number| rooms[number].0.clone())
        .collect();

    let query =
        "query ($userId: ID!, $after: String) { conversations(userId: $userId, first: 50, after: $after) {
        nodes { ... on Chatroom { name unreadCount } } pageInfo { hasNextPage endCursor }
    } }";
    let (mut after, mut found, mut unread) = (Value::Null, Vec::new(), 0);
    loop {
        let answer = server.ask(query, json!({ "userId": betty.id, "after": after })).await;
        let page = &answer["data"]["conversations"];
        for node in page["nodes"].as_array().expect("nodes") {
            found.extend(node["name"].as_str().map(str::to_owned));
            unread += node["unreadCount"].as_i64().unwrap_or_default();
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(found, order);
    assert_eq!(unread, i64::try_from(spoken.into_iter().filter(of_betty).count()).expect("a small number"));
}

#[tokio::test]
async fn a_chat_is_opened_by_its_id_or_by_the_other_person() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    server.user("eve").await;
    let query = "query ($id: ID, $other: ID) { conversation(id: $id, withUserId: $other) {
        id unreadCount messages { nodes { text } }
    } }";
    let with_betty = json!({ "other": betty.id });
    let nothing = json!({ "data": { "conversation": null } });
    assert_eq!(server.ask_as("aaron", query, with_betty.clone()).await, nothing, "nobody has said anything");
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let id = aaron.sends(&betty, "Hello").await["conversation"]["id"].clone();
    betty.sends(&aaron, "Hi").await;

    let texts = json!({ "nodes": [{ "text": "Hi" }, { "text": "Hello" }] });
    let chat = json!({ "data": { "conversation": { "id": id, "unreadCount": 1, "messages": texts } } });
    for (viewer, variables) in
        [("aaron", with_betty), ("betty", json!({ "other": aaron.id })), ("betty", json!({ "id": id }))]
    {
        assert_eq!(server.ask_as(viewer, query, variables).await, chat, "{viewer}");
    }
    let empty = json!({ "id": room, "unreadCount": 0, "messages": { "nodes": [] } });
    let of_room = server.ask_as("betty", query, json!({ "id": room })).await;
    assert_eq!(of_room, json!({ "data": { "conversation": empty } }));
    for id in [&id, &json!(room)] {
        assert_eq!(server.ask_as("eve", query, json!({ "id": id })).await, nothing);
    }
    for (variables, code) in [
        (json!({}), "ARGUMENTS_INVALID"),
        (json!({ "id": room, "other": betty.id }), "ARGUMENTS_INVALID"),
        (json!({ "id": betty.id }), "ID_WRONG_KIND"),
        (json!({ "other": room }), "ID_WRONG_KIND"),
    ] {
        let answer = server.ask_as("aaron", query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
    }
    let answer = server.ask(query, json!({ "other": betty.id })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "ACTING_USER_REQUIRED");
}
