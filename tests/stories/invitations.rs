//! Who may add whom to a chatroom, and how many there may be.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use messenger::{
    app::App,
    config::{Limits, Rate, RateConfig},
    rates::Rates,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Host, Server, shared_secret};

impl Actor<'_> {
    /// Says by whom they may be added.
    async fn takes_invitations_from(&self, from: &str) {
        let input = json!({ "invitationsFrom": from });
        let payload = self.does("updateUser", input, "user { invitationsFrom }").await;
        assert_eq!(payload["user"]["invitationsFrom"], from);
    }

    /// Adds people to a chatroom; gives the errors.
    async fn adds(&self, room: &str, people: &[&Actor<'_>]) -> Value {
        let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
        let payload =
            self.calls("inviteToChatroom", json!({ "chatroomId": room, "memberIds": ids }), "").await;
        payload["errors"].clone()
    }

    async fn leaves(&self, room: &str) {
        self.does("leaveChatroom", json!({ "chatroomId": room }), "").await;
    }

    /// How many members they see in a chatroom.
    async fn counts(&self, room: &str) -> Value {
        self.sees(room, "memberCount").await["memberCount"].clone()
    }
}

fn refused(message: &str, place: usize) -> Value {
    let path = json!(["input", "memberIds", place.to_string()]);
    json!([{ "__typename": "InvitationRefused", "code": "INVITATION_REFUSED", "message": message, "path": path }])
}

fn by_setting(person: &Actor<'_>, place: usize) -> Value {
    let id = &person.id;
    refused(&format!("{id} does not let the acting user add them to chatrooms (invitationsFrom)"), place)
}

fn has_left(person: &Actor<'_>, place: usize) -> Value {
    let message = format!(
        "{} has left this chatroom; only somebody to whom they have written since then adds them again",
        person.id
    );
    refused(&message, place)
}

#[tokio::test]
async fn betty_says_by_whom_she_may_be_added() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let (carol, dave) = (server.user("carol").await, server.user("dave").await);
    let room = aaron.makes_room("lunch", &[&carol]).await;

    betty.takes_invitations_from("NOBODY").await;
    assert_eq!(aaron.adds(&room, &[&dave, &betty]).await, by_setting(&betty, 1));
    assert_eq!(aaron.counts(&room).await, 2, "nobody was added, not even Dave");
    let created = json!({ "name": "other", "memberIds": [betty.id] });
    let created = aaron.calls("createChatroom", created, "chatroom { id }").await;
    assert_eq!(created, json!({ "chatroom": null, "errors": by_setting(&betty, 0) }));
    let facts = "errors { ... on InvitationRefused { userId } }";
    let query = format!(
        "mutation ($input: InviteToChatroomInput!) {{ inviteToChatroom(input: $input) {{ {facts} }} }}"
    );
    let input = json!({ "userId": aaron.id, "chatroomId": room, "memberIds": [betty.id] });
    let answer = server.ask(&query, json!({ "input": input })).await;
    assert_eq!(answer["data"]["inviteToChatroom"]["errors"], json!([{ "userId": betty.id }]));

    betty.takes_invitations_from("CONTACTS").await;
    aaron.sends(&betty, "Do come!").await;
    assert_eq!(aaron.adds(&room, &[&betty]).await, by_setting(&betty, 0), "she has not answered");
    betty.sends(&aaron, "Gladly").await;
    assert_eq!(aaron.adds(&room, &[&betty]).await, json!([]));
    // With Carol she shares this chatroom now, with Dave nothing.
    let others = carol.makes_room("others", &[&dave]).await;
    assert_eq!(dave.adds(&others, &[&betty]).await, by_setting(&betty, 0));
    assert_eq!(carol.adds(&others, &[&betty]).await, json!([]));
    // Who is in already is not asked.
    betty.takes_invitations_from("NOBODY").await;
    assert_eq!(dave.adds(&others, &[&betty]).await, json!([]));
    betty.makes_room("her own", &[]).await;
}

#[tokio::test]
async fn who_has_left_comes_back_only_by_somebody_to_whom_they_write() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mallory = server.user("mallory").await;
    let room = aaron.makes_room("lunch", &[&betty, &mallory]).await;
    betty.talks_with(&mallory).await;
    betty.talks_with(&aaron).await;

    for _ in 0..2 {
        betty.leaves(&room).await;
        server.clock.back(Duration::from_hours(5));
        mallory.sends(&betty, "Come back!").await;
        for actor in [&mallory, &aaron] {
            assert_eq!(actor.adds(&room, &[&betty]).await, has_left(&betty, 0), "{}", actor.username);
        }
        betty.sends(&aaron, "May I come back?").await;
        assert_eq!(mallory.adds(&room, &[&betty]).await, has_left(&betty, 0), "she has not written to her");
        assert_eq!(aaron.adds(&room, &[&betty]).await, json!([]));
        assert_eq!(mallory.counts(&room).await, 3);
    }
    // Who was removed has not left of their own accord.
    aaron.does("removeFromChatroom", json!({ "chatroomId": room, "memberId": betty.id }), "").await;
    assert_eq!(mallory.adds(&room, &[&betty]).await, json!([]));
    // An owner who removes themselves leaves.
    aaron.does("removeFromChatroom", json!({ "chatroomId": room, "memberId": aaron.id }), "").await;
    assert_eq!(betty.adds(&room, &[&aaron]).await, has_left(&aaron, 0));
}

#[tokio::test]
async fn a_service_adds_everybody() {
    let server = Server::start_with_keys(shared_secret()).await;
    let host = Host::with_secret();
    let (aaron, betty) = (server.user_of(&host, "aaron").await, server.user_of(&host, "betty").await);
    let ask = async |token: &str, query: &str, variables: Value| {
        let request = server.request(Method::POST, "/graphql").bearer_auth(token);
        let answer = server.send(request.json(&json!({ "query": query, "variables": variables }))).await.body;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].clone()
    };
    let token = |sub: &str| host.signs(json!({ "sub": sub }));
    let shy = "mutation { updateUser(input: {invitationsFrom: NOBODY}) { errors { code } } }";
    ask(&token(&betty), shy, json!({})).await;
    let create = "mutation ($user: ID, $ids: [ID!]) { createChatroom(input: {userId: $user, name: \"all hands\", memberIds: $ids}) {
        chatroom { id memberCount } errors { code }
    } }";
    let variables = json!({ "user": aaron, "ids": [betty] });
    let refused = ask(&token(&aaron), create, variables.clone()).await;
    assert_eq!(refused["createChatroom"]["errors"], json!([{ "code": "INVITATION_REFUSED" }]));
    let service = host.signs_for_service();
    let created = ask(&service, create, variables).await;
    assert_eq!(created["createChatroom"]["chatroom"]["memberCount"], 2, "{created}");

    let room = &created["createChatroom"]["chatroom"]["id"];
    let leave = "mutation ($room: ID!) { leaveChatroom(input: {chatroomId: $room}) { errors { code } } }";
    ask(&token(&betty), leave, json!({ "room": room })).await;
    let invite = "mutation ($user: ID, $room: ID!, $ids: [ID!]!) {
        inviteToChatroom(input: {userId: $user, chatroomId: $room, memberIds: $ids}) { errors { code } }
    }";
    let variables = json!({ "user": aaron, "room": room, "ids": [betty] });
    let refused = ask(&token(&aaron), invite, variables.clone()).await;
    assert_eq!(refused["inviteToChatroom"]["errors"], json!([{ "code": "INVITATION_REFUSED" }]));
    let invited = ask(&service, invite, variables).await;
    assert_eq!(invited["inviteToChatroom"]["errors"], json!([]));
}

fn small(app: App) -> App {
    let limits = Limits { user_chatrooms: 3, chatroom_members: 4, ..Limits::default() };
    App { limits: Arc::new(limits), ..app }
}

#[tokio::test]
async fn nobody_is_in_more_chatrooms_than_may_be() {
    let server = Server::start_with(small).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut rooms = Vec::new();
    for name in ["one", "two", "three"] {
        rooms.push(aaron.makes_room(name, &[]).await);
    }
    let full = |person: &Actor<'_>, path: Value| {
        let message = format!(
            "{} is in 3 chatrooms already, the most that a user may be in; they must leave one first",
            person.id
        );
        json!([{ "__typename": "TooManyChatrooms", "code": "TOO_MANY_CHATROOMS", "message": message, "path": path }])
    };
    let fourth = aaron.calls("createChatroom", json!({ "name": "four" }), "chatroom { id }").await;
    assert_eq!(fourth, json!({ "chatroom": null, "errors": full(&aaron, json!(["input", "userId"])) }));
    let of_betty = betty.makes_room("hers", &[]).await;
    assert_eq!(
        betty.adds(&of_betty, &[&betty, &aaron]).await,
        full(&aaron, json!(["input", "memberIds", "1"])),
        "whose limit it is, is said"
    );
    assert_eq!(betty.counts(&of_betty).await, 1);
    assert_eq!(aaron.adds(&rooms[0], &[&aaron]).await, json!([]), "who is in already stays");
    aaron.leaves(&rooms[0]).await;
    assert_eq!(betty.adds(&of_betty, &[&aaron]).await, json!([]));
}

#[tokio::test]
async fn a_chatroom_has_no_more_members_than_may_be() {
    let server = Server::start_with(small).await;
    let aaron = server.user("aaron").await;
    let mut guests = Vec::new();
    for number in 0..5 {
        guests.push(server.user(&format!("guest{number}")).await);
    }
    let room = aaron.makes_room("lunch", &[&guests[0], &guests[1]]).await;
    let full = json!([{
        "__typename": "ChatroomFull",
        "code": "CHATROOM_FULL",
        "message": "a chatroom has at most 4 members",
        "path": ["input", "memberIds"],
    }]);
    assert_eq!(aaron.adds(&room, &[&guests[2], &guests[3]]).await, full);
    assert_eq!(aaron.counts(&room).await, 3);
    assert_eq!(aaron.adds(&room, &[&guests[2], &guests[2], &guests[0]]).await, json!([]), "one is new");
    assert_eq!(guests[0].adds(&room, &[&guests[3]]).await, full);
    assert_eq!(guests[0].adds(&room, &[&guests[2]]).await, json!([]), "nobody is new");
    let ids: Vec<&str> = guests[1..].iter().map(|guest| guest.id.as_str()).collect();
    let created = aaron.calls("createChatroom", json!({ "name": "big", "memberIds": ids }), "").await;
    assert_eq!(created["errors"], full);

    let query = "{ serverInfo { limits { userChatrooms chatroomMembers } } }";
    let limits = server.ask(query, json!({})).await["data"]["serverInfo"]["limits"].clone();
    assert_eq!(limits, json!({ "userChatrooms": 3, "chatroomMembers": 4 }));
}

#[tokio::test]
async fn people_who_are_added_are_counted_by_their_number() {
    let server = Server::start_with(|app| {
        let number = |number| NonZeroU32::new(number).expect("a number");
        let invites = Some(Rate { per_second: number(1), burst: number(5) });
        let rates = Rates::new(RateConfig { invites, ..RateConfig::default() }, &app.clock);
        App { rates: Arc::new(rates), ..app }
    })
    .await;
    let aaron = server.user("aaron").await;
    let mut guests = Vec::new();
    for number in 0..4 {
        guests.push(server.user(&format!("guest{number}")).await);
    }
    let room = aaron.makes_room("lunch", &[&guests[0], &guests[1]]).await;
    assert_eq!(aaron.adds(&room, &[&guests[2]]).await, json!([]));
    let too_often = json!([{
        "__typename": "RateLimited",
        "code": "RATE_LIMITED",
        "message": "too often: try again in 1000 ms",
        "path": ["input"],
    }]);
    assert_eq!(aaron.adds(&room, &[&guests[0], &guests[1], &guests[3]]).await, too_often);
    let created = json!({ "name": "other", "memberIds": [guests[0].id, guests[1].id, guests[2].id] });
    assert_eq!(aaron.calls("createChatroom", created, "").await["errors"], too_often);
    // Others have buckets of their own, and what adds nobody is not counted.
    assert_eq!(guests[0].adds(&room, &[&guests[3]]).await, json!([]));
    aaron.does("renameChatroom", json!({ "chatroomId": room, "name": "dinner" }), "").await;
    aaron.makes_room("alone", &[]).await;
    server.clock.forward(Duration::from_secs(1));
    aaron.makes_room("together", &[&guests[0], &guests[1], &guests[2]]).await;
}
