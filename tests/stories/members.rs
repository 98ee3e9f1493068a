//! Members: who comes, who goes, and whose the chatroom is then.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Actor, Server};

const WHO: &str = "memberCount members { edges { role node { username } } }";

/// The members that somebody sees, with the owner's name in capitals.
async fn members(viewer: &Actor<'_>, room: &str) -> Vec<String> {
    let seen = viewer.sees(room, WHO).await;
    let edges = seen["members"]["edges"].as_array().expect("members");
    assert_eq!(seen["memberCount"], edges.len(), "{seen}");
    let name = |edge: &Value| {
        let name = edge["node"]["username"].as_str().expect("a name");
        if edge["role"] == "OWNER" { name.to_uppercase() } else { name.to_owned() }
    };
    edges.iter().map(name).collect()
}

async fn leaves(member: &Actor<'_>, room: &str) {
    let left = member.does("leaveChatroom", json!({ "chatroomId": room }), "chatroomId").await;
    assert_eq!(left["chatroomId"], room);
}

#[tokio::test]
async fn an_owner_who_leaves_hands_the_chatroom_to_the_longest_standing_member() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let room = betty.makes_room("lunch", &[&carol, &aaron]).await;
    let message = betty.says(&room, "Bye").await;

    leaves(&carol, &room).await;
    let back = json!({ "chatroomId": room, "memberIds": [carol.id] });
    carol.sends(&aaron, "May I come back?").await;
    aaron.does("inviteToChatroom", back, "").await;
    assert_eq!(members(&aaron, &room).await, ["BETTY", "aaron", "carol"], "who comes back comes last");
    leaves(&betty, &room).await;
    assert_eq!(members(&carol, &room).await, ["AARON", "carol"]);
    let renamed = json!({ "chatroomId": room, "name": "Aaron's" });
    aaron.does("renameChatroom", renamed, "").await;
    assert_eq!(betty.sees(&room, "name").await, Value::Null);
    leaves(&aaron, &room).await;
    assert_eq!(members(&carol, &room).await, ["CAROL"]);
    let seen = carol.sees(&room, "name createdBy { username } lastMessage { text } unreadCount").await;
    let last = json!({ "text": "Bye" });
    let created_by = json!({ "username": "betty" });
    assert_eq!(
        seen,
        json!({ "name": "Aaron's", "createdBy": created_by, "lastMessage": last, "unreadCount": 0 })
    );

    leaves(&carol, &room).await;
    for viewer in [Some("betty"), Some("carol"), None] {
        let query = "query ($room: ID!, $message: ID!) {
            chatroom(id: $room) { name } room: node(id: $room) { id } message: node(id: $message) { id }
        }";
        let variables = json!({ "room": room, "message": message["id"] });
        let answer = match viewer {
            Some(viewer) => server.ask_as(viewer, query, variables).await,
            None => server.ask(query, variables).await,
        };
        assert_eq!(
            answer,
            json!({ "data": { "chatroom": null, "room": null, "message": null } }),
            "{viewer:?}: nobody reads what nobody is in"
        );
    }
    let recent = "query ($room: ID!) { recentMessages(recipientId: $room) { nodes { text } } }";
    let answer = server.ask(recent, json!({ "room": room })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn who_has_left_is_a_stranger_and_what_they_said_stays() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let input = json!({ "recipientId": room, "text": "I was here", "clientMessageId": "key" });
    let sent = betty.tries_to_send(input.clone()).await;

    leaves(&betty, &room).await;

    let gone = json!([{
        "__typename": "NotFound",
        "code": "NOT_FOUND",
        "message": format!("there is no chatroom {room}, or the acting user is not in it"),
        "path": ["input", "recipientId"],
    }]);
    let repeated = betty.tries_to_send(input).await;
    assert_eq!(repeated, json!({ "message": null, "deduplicated": false, "errors": gone }));
    let message_id = &sent["message"]["id"];
    for (mutation, input) in [
        ("editMessage", json!({ "messageId": message_id, "text": "I was not" })),
        ("deleteMessage", json!({ "messageId": message_id })),
        ("addReaction", json!({ "messageId": message_id, "emoji": "👋" })),
    ] {
        let payload = betty.calls(mutation, input, "message { id }").await;
        assert_eq!(payload["errors"][0]["code"], "NOT_FOUND", "{mutation}: {payload}");
    }
    assert_eq!(betty.inbox("id").await, json!([]));
    let seen = aaron.sees(&room, "messages { nodes { text sender { username } } }").await;
    let said = json!({ "text": "I was here", "sender": { "username": "betty" } });
    assert_eq!(seen["messages"]["nodes"], json!([said]));
}

#[tokio::test]
async fn only_the_owner_removes_members() {
    let server = Server::start().await;
    let (aaron, betty, carol, eve) = (
        server.user("aaron").await,
        server.user("betty").await,
        server.user("carol").await,
        server.user("eve").await,
    );
    let room = aaron.makes_room("lunch", &[&betty, &carol]).await;
    let removal = |member: &str| json!({ "chatroomId": room, "memberId": member });
    let error = |kind: &str, code: &str, message: String, field: &str| json!([{ "__typename": kind, "code": code, "message": message, "path": ["input", field] }]);

    let owner_only = "only the owner of the chatroom may do this".to_owned();
    let refused = betty.calls("removeFromChatroom", removal(&carol.id), "chatroom { id }").await;
    let expected = error("Refused", "NOT_OWNER", owner_only, "chatroomId");
    assert_eq!(refused, json!({ "chatroom": null, "errors": expected }));
    let not_in = aaron.calls("removeFromChatroom", removal(&eve.id), "").await;
    let message = format!("{} is not a member of the chatroom", eve.id);
    assert_eq!(not_in["errors"], error("Refused", "NOT_MEMBER", message, "memberId"));
    let nobody = "user_01h455vb4pex5vsknk084sn02q";
    let unknown = aaron.calls("removeFromChatroom", removal(nobody), "").await;
    let message = format!("there is no user {nobody}");
    assert_eq!(unknown["errors"], error("NotFound", "NOT_FOUND", message, "memberId"));
    assert_eq!(members(&betty, &room).await, ["AARON", "betty", "carol"], "nothing has changed");

    let removed = aaron.does("removeFromChatroom", removal(&carol.id), "chatroom { memberCount }").await;
    assert_eq!(removed["chatroom"]["memberCount"], 2);
    assert_eq!(carol.sees(&room, "name").await, Value::Null);
    let gone = aaron.does("removeFromChatroom", removal(&aaron.id), "chatroom { name }").await;
    assert_eq!(gone["chatroom"], Value::Null, "what one has left one sees no more");
    assert_eq!(members(&betty, &room).await, ["BETTY"], "an owner who removes themselves leaves");
}

#[tokio::test]
async fn one_to_a_hundred_people_are_invited_at_once() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let room = aaron.makes_room("all", &[]).await;
    let names: Vec<String> = (0..101).map(|number| format!("guest-{number:03}")).collect();
    let guests = join_all(names.iter().map(|name| server.user(name))).await;
    let ids: Vec<&str> = guests.iter().map(|guest| guest.id.as_str()).collect();
    let wrong = |least: u32, actual: usize| {
        json!([{
            "__typename": "InvalidInput",
            "code": "BATCH_SIZE_INVALID",
            "message": format!("there are {actual} people; give {least} to 100 at once"),
            "path": ["input", "memberIds"],
        }])
    };
    for members in [&ids[..0], &ids[..]] {
        let input = json!({ "chatroomId": room, "memberIds": members });
        let payload = aaron.calls("inviteToChatroom", input, "chatroom { id }").await;
        assert_eq!(payload, json!({ "chatroom": null, "errors": wrong(1, members.len()) }));
    }
    let created = aaron.calls("createChatroom", json!({ "name": "x", "memberIds": ids }), "").await;
    assert_eq!(created["errors"], wrong(0, 101));
    assert_eq!(members(&aaron, &room).await, ["AARON"]);

    let input = json!({ "chatroomId": room, "memberIds": ids[..100] });
    let invited = aaron.does("inviteToChatroom", input, "chatroom { memberCount }").await;
    assert_eq!(invited["chatroom"]["memberCount"], 101);
}

#[tokio::test]
async fn one_unknown_guest_keeps_all_of_them_out() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[]).await;
    let nobody = "user_01h455vb4pex5vsknk084sn02q";
    let error = |kind: &str, code: &str, message: &str, path: Value| json!([{ "__typename": kind, "code": code, "message": message, "path": path }]);
    let place = json!(["input", "memberIds", "1"]);
    let table = [
        (
            json!([betty.id, nobody]),
            error("NotFound", "NOT_FOUND", &format!("there is no user {nobody}"), place.clone()),
        ),
        (
            json!([betty.id, room]),
            error(
                "InvalidId",
                "ID_WRONG_KIND",
                "this is the id of another kind of thing (room_…); here it must start with user_",
                place.clone(),
            ),
        ),
        (
            json!([betty.id, "betty"]),
            error(
                "InvalidId",
                "ID_WRONG_KIND",
                "this is the id of another kind of thing (_…); here it must start with user_",
                place,
            ),
        ),
    ];
    for (member_ids, errors) in table {
        let input = json!({ "chatroomId": room, "memberIds": member_ids });
        let invited = aaron.calls("inviteToChatroom", input, "chatroom { id }").await;
        let created = aaron
            .calls("createChatroom", json!({ "name": "x", "memberIds": member_ids }), "chatroom { id }")
            .await;
        if member_ids[1] != "betty" {
            assert_eq!(invited, json!({ "chatroom": null, "errors": errors }));
        }
        assert_eq!(created, invited);
    }
    assert_eq!(members(&aaron, &room).await, ["AARON"]);
    assert_eq!(aaron.inbox("id").await, json!([{ "id": room }]), "no second chatroom");
}

#[tokio::test]
async fn everybody_invites_everybody_at_once_and_each_is_in_once() {
    let server = Server::start().await;
    let names = ["betty", "carol", "dave", "eve"];
    let aaron = server.user("aaron").await;
    let guests = join_all(names.iter().map(|name| server.user(name))).await;
    let room = aaron.makes_room("lunch", &[&guests[0]]).await;
    let ids: Vec<&str> = guests.iter().map(|guest| guest.id.as_str()).collect();
    let input = json!({ "chatroomId": room, "memberIds": ids });

    let inviting = (0..20).map(|number| if number % 2 == 0 { &aaron } else { &guests[0] });
    join_all(inviting.map(|host| host.does("inviteToChatroom", input.clone(), ""))).await;

    assert_eq!(members(&aaron, &room).await, ["AARON", "betty", "carol", "dave", "eve"]);
}

#[tokio::test]
async fn members_and_chatrooms_are_paged() {
    let server = Server::start().await;
    let names = ["betty", "carol", "dave", "eve"];
    let aaron = server.user("aaron").await;
    let guests = join_all(names.iter().map(|name| server.user(name))).await;
    let others: Vec<&Actor<'_>> = guests.iter().collect();
    let rooms = [
        aaron.makes_room("first", &others).await,
        aaron.makes_room("second", &[]).await,
        aaron.makes_room("third", &[]).await,
    ];
    let query = "query ($room: ID!, $user: ID!, $members: String, $rooms: String) {
        chatroom(id: $room) { members(first: 2, after: $members) {
            nodes { username } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } }
        chatrooms(userId: $user, first: 2, after: $rooms) {
            nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    }";
    let (mut found, mut chatrooms) = (Vec::new(), Vec::new());
    let mut variables = json!({ "room": rooms[0], "user": aaron.id });
    for (page, goes_on) in [(0, true), (1, true), (2, false)] {
        let answer = server.ask(query, variables.clone()).await;
        let members = &answer["data"]["chatroom"]["members"];
        let (first, last) = (&members["edges"][0]["cursor"], &members["pageInfo"]["endCursor"]);
        let info = json!({ "hasNextPage": goes_on, "hasPreviousPage": page > 0, "startCursor": first, "endCursor": last });
        assert_eq!(members["pageInfo"], info);
        let names = members["nodes"].as_array().expect("members").iter();
        found.extend(names.map(|node| node["username"].as_str().expect("a name").to_owned()));
        variables["members"] = last.clone();
        if page < 2 {
            let nodes = answer["data"]["chatrooms"]["nodes"].as_array().expect("chatrooms").iter();
            chatrooms.extend(nodes.map(|node| node["name"].as_str().expect("a name").to_owned()));
            variables["rooms"] = answer["data"]["chatrooms"]["pageInfo"]["endCursor"].clone();
        }
    }
    assert_eq!(found, ["aaron", "betty", "carol", "dave", "eve"]);
    assert_eq!(chatrooms, ["first", "second", "third"]);

    let foreign = json!({ "room": rooms[1], "user": guests[0].id, "members": variables["members"] });
    let answer = server.ask(query, foreign).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "{answer}");
    let foreign = json!({ "room": rooms[0], "user": guests[0].id, "rooms": variables["rooms"] });
    let answer = server.ask(query, foreign).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "{answer}");
}
