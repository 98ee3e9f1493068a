//! Who is there, and who sees it.

use std::{sync::Arc, time::Duration};

use messenger::{
    domain::{Following, follow_events},
    presence::{PresenceLease, PresenceStatus},
};
use serde_json::{Value, json};

use crate::support::{Actor, Server, Subscriber};

const PRESENCE: &str = "presence { status text since }";

impl Actor<'_> {
    /// Chooses a status; gives the presence that follows.
    async fn shows(&self, status: &str, text: Option<&str>) -> Value {
        let input = json!({ "status": status, "text": text });
        let payload = self.does("setPresence", input, &format!("user {{ {PRESENCE} }}")).await;
        payload["user"]["presence"].clone()
    }

    /// What they see of somebody.
    async fn looks_at(&self, other: &Actor<'_>) -> Value {
        let query = format!("query ($id: ID!) {{ user(id: $id) {{ {PRESENCE} }} }}");
        let answer = self.server.ask_as(&self.id, &query, json!({ "id": other.id })).await;
        answer["data"]["user"]["presence"].clone()
    }
}

impl Subscriber {
    /// The next event, which is somebody's presence: who, and what.
    async fn sees_somebody(&mut self) -> (String, Value) {
        let edge = self.next().await;
        let event = &edge["event"];
        assert_eq!(
            (&event["__typename"], &edge["cursor"]),
            (&json!("PresenceChanged"), &Value::Null),
            "{edge}"
        );
        let name = event["user"]["username"].as_str().expect("a name");
        (name.to_owned(), event["user"]["presence"].clone())
    }
}

fn presence(status: &str, text: Option<&str>, time: &str) -> Value {
    json!({ "status": status, "text": text, "since": format!("2026-01-31T{time}.000Z") })
}

fn of(username: &str, presence: Value) -> (String, Value) {
    (username.to_owned(), presence)
}

#[tokio::test]
async fn whoever_listens_is_online_until_the_last_of_their_devices_goes() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.talks_with(&betty).await;
    let mut ear = server.hears_what_happens(&betty).await;
    assert_eq!(betty.looks_at(&aaron).await, json!({ "status": "OFFLINE", "text": null, "since": null }));

    let phone = server.listens(&aaron, json!({})).await;
    assert_eq!(ear.sees_somebody().await, of("aaron", presence("ONLINE", None, "12:00:00")));
    server.clock.forward(Duration::from_secs(1));
    let laptop = server.listens(&aaron, json!({})).await;
    drop(phone);
    assert_eq!(betty.looks_at(&aaron).await, presence("ONLINE", None, "12:00:00"));
    drop(laptop);
    // Neither the second device nor the loss of the first was told.
    assert_eq!(ear.sees_somebody().await, of("aaron", presence("OFFLINE", None, "12:00:01")));
    assert_eq!(betty.looks_at(&aaron).await, presence("OFFLINE", None, "12:00:01"));
}

#[tokio::test]
async fn a_status_and_a_text_are_chosen_on_all_devices() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.talks_with(&betty).await;
    let mut ear = server.hears_what_happens(&betty).await;
    let mut phone = server.hears_what_happens(&aaron).await;
    assert_eq!(ear.sees_somebody().await.1["status"], "ONLINE");

    server.clock.forward(Duration::from_secs(10));
    let busy = presence("BUSY", Some("In a meeting"), "12:00:10");
    assert_eq!(aaron.shows("BUSY", Some("In a meeting")).await, busy);
    assert_eq!(ear.sees_somebody().await, of("aaron", busy.clone()));
    assert_eq!(phone.sees_somebody().await, of("aaron", busy), "what was chosen elsewhere");

    server.clock.forward(Duration::from_secs(10));
    aaron.shows("BUSY", Some("In another meeting")).await;
    let still_busy = presence("BUSY", Some("In another meeting"), "12:00:10");
    assert_eq!(ear.sees_somebody().await, of("aaron", still_busy), "the status is as old as before");
    aaron.shows("BUSY", Some("In another meeting")).await;
    aaron.shows("AWAY", Some(" ")).await;
    // What changes nothing is not told.
    assert_eq!(ear.sees_somebody().await, of("aaron", presence("AWAY", None, "12:00:20")));

    drop(phone);
    assert_eq!(ear.sees_somebody().await, of("aaron", presence("OFFLINE", None, "12:00:20")));
    let _phone = server.listens(&aaron, json!({})).await;
    assert_eq!(ear.sees_somebody().await.1["status"], "AWAY", "what was chosen is shown again");
}

#[tokio::test]
async fn who_chooses_to_be_offline_is_not_seen_to_come_and_go() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.talks_with(&betty).await;
    let mut ear = server.hears_what_happens(&betty).await;
    let phone = server.listens(&aaron, json!({})).await;
    assert_eq!(ear.sees_somebody().await.1["status"], "ONLINE");

    let hidden = presence("OFFLINE", Some("On holiday"), "12:00:00");
    assert_eq!(aaron.shows("OFFLINE", Some("On holiday")).await, hidden);
    assert_eq!(ear.sees_somebody().await, of("aaron", hidden.clone()));
    server.clock.forward(Duration::from_secs(1));
    drop(phone);
    let _phone = server.listens(&aaron, json!({})).await;
    assert_eq!(betty.looks_at(&aaron).await, hidden);
    aaron.shows("ONLINE", None).await;
    assert_eq!(ear.sees_somebody().await, of("aaron", presence("ONLINE", None, "12:00:01")));
}

#[tokio::test]
async fn who_changes_too_often_is_told_of_once_a_second() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let conversation = aaron.sends(&betty, "Hello!").await["conversation"]["id"].clone();
    betty.sends(&aaron, "Hello, Aaron!").await;
    let _phone = server.listens(&aaron, json!({})).await;
    let mut ear = server.hears_what_happens(&betty).await;
    for number in 0..30 {
        let status = if number % 2 == 0 { "AWAY" } else { "BUSY" };
        aaron.shows(status, None).await;
    }
    // Nine of a burst of ten are left after the phone.
    for _ in 0..9 {
        assert_eq!(ear.sees_somebody().await.0, "aaron");
    }
    server.clock.forward(Duration::from_secs(1));
    assert_eq!(
        ear.sees_somebody().await,
        of("aaron", presence("BUSY", None, "12:00:00")),
        "the last of them"
    );

    let typing = json!({ "conversationId": conversation, "isTyping": true });
    aaron.does("setTyping", typing, "conversation { id }").await;
    assert_eq!(ear.next().await["event"]["__typename"], "TypingChanged", "nothing else has waited");
}

#[tokio::test]
async fn a_text_has_a_hundred_characters_on_one_line() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let longest = "ö".repeat(100);
    assert_eq!(aaron.shows("AWAY", Some(&longest)).await["text"], json!(longest));
    for text in [&"ö".repeat(101), "one\ntwo", "\u{202e}eno", "one\u{2028}two", "\u{3164}"] {
        let payload =
            aaron.calls("setPresence", json!({ "status": "AWAY", "text": text }), "user { id }").await;
        let error = json!({
            "__typename": "InvalidInput",
            "code": "PRESENCE_TEXT_INVALID",
            "message": "a status text has up to 100 characters; no control characters, line separators or bidi controls, and no invisible characters outside of emoji",
            "path": ["input", "text"],
        });
        assert_eq!(payload, json!({ "user": null, "errors": [error] }));
    }
    assert_eq!(aaron.looks_at(&aaron).await["text"], json!(longest));
}

#[tokio::test]
async fn only_somebody_chooses() {
    let server = Server::start().await;
    let choose = "mutation ($userId: ID) { setPresence(input: {userId: $userId, status: AWAY}) {
        user { id } errors { code path }
    } }";
    for (user_id, code) in [
        (Value::Null, "ACTING_USER_REQUIRED"),
        (json!("user_01kdvq5a00ebbbbbbbbbbbbbbb"), "NOT_FOUND"),
        (json!("aaron"), "ID_MALFORMED"),
    ] {
        let answer = server.ask(choose, json!({ "userId": user_id })).await;
        let errors = json!([{ "code": code, "path": ["input", "userId"] }]);
        assert_eq!(answer["data"]["setPresence"], json!({ "user": null, "errors": errors }));
    }
}

#[tokio::test]
async fn who_shows_no_sign_of_life_for_thirty_seconds_is_offline() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.talks_with(&betty).await;
    let mut ear = server.hears_what_happens(&betty).await;
    let following = Following { user_id: aaron.id.parse().expect("an id"), only: None, after: None };
    // Nobody takes what it has to tell, as when a client is cut off and its socket is full.
    let mut stuck = follow_events(&server.app, following).await.expect("a follower");
    assert_eq!(ear.sees_somebody().await.1["status"], "ONLINE");

    server.clock.forward(Duration::from_secs(29));
    assert_eq!(betty.looks_at(&aaron).await["status"], "ONLINE");
    // Who sets the machine's clock back makes nobody live longer.
    server.clock.back(Duration::from_secs(29));
    server.clock.forward(Duration::from_secs(1));
    assert_eq!(ear.sees_somebody().await, of("aaron", presence("OFFLINE", None, "12:00:01")));

    stuck.next().await.expect("an event");
    assert_eq!(ear.sees_somebody().await.1["status"], "ONLINE", "it was taken after all");
}

#[tokio::test]
async fn a_lease_that_is_renewed_holds() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let (store, clock) = (Arc::clone(&server.app.presence), Arc::clone(&server.app.clock));
    let user_id = aaron.id.parse().expect("an id");
    let mut presence_lease = PresenceLease::begin(Arc::clone(&store), clock, user_id).await;
    let status = async || store.read(vec![user_id]).await[&user_id].status;
    for _ in 0..6 {
        server.clock.forward(Duration::from_secs(10));
        presence_lease.due().await;
        presence_lease.keep_up().await;
    }
    server.clock.forward(Duration::from_secs(29));
    assert_eq!(status().await, PresenceStatus::Online);
    server.clock.forward(Duration::from_secs(1));
    assert_eq!(status().await, PresenceStatus::Offline);
}

#[tokio::test]
async fn those_who_share_a_conversation_see_each_other() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let (betty, carol) = (server.user("betty").await, server.user("carol").await);
    let (dave, erin, frank) =
        (server.user("dave").await, server.user("erin").await, server.user("frank").await);
    betty.talks_with(&aaron).await;
    let room = aaron.makes_room("lunch", &[&betty, &carol, &erin]).await;
    erin.does("leaveChatroom", json!({ "chatroomId": room }), "chatroomId").await;
    let others = frank.makes_room("others", &[&betty, &carol, &dave, &erin]).await;

    let mut told = [server.hears_what_happens(&betty).await, server.hears_what_happens(&carol).await];
    told[0].sees_somebody().await;
    let mut in_other_room = server.listens(&betty, json!({ "conversationId": others })).await;
    in_other_room.next().await;
    let mut untold = [server.hears_what_happens(&dave).await, server.hears_what_happens(&erin).await];
    untold[0].sees_somebody().await;
    for name in ["dave", "erin"] {
        assert_eq!(told[0].sees_somebody().await.0, name);
        assert_eq!(told[1].sees_somebody().await.0, name);
        assert_eq!(in_other_room.sees_somebody().await.0, name);
    }

    aaron.shows("ONLINE", Some("Who is hungry?")).await;
    frank.shows("ONLINE", Some("Me!")).await;
    for ear in &mut told {
        assert_eq!(ear.sees_somebody().await.0, "aaron", "once, whatever they share");
        assert_eq!(ear.sees_somebody().await.0, "frank");
    }
    for ear in untold.iter_mut().chain([&mut in_other_room]) {
        assert_eq!(ear.sees_somebody().await.0, "frank");
    }
    let offline = json!({ "status": "OFFLINE", "text": "Who is hungry?", "since": null });
    for (viewer, seen) in [
        (&aaron, &offline),
        (&betty, &offline),
        (&carol, &offline),
        (&dave, &Value::Null),
        (&erin, &Value::Null),
    ] {
        assert_eq!(viewer.looks_at(&aaron).await, *seen, "{}", viewer.username);
    }
    let answer = server.ask("{ user(username: \"aaron\") { presence { text } } }", json!({})).await;
    assert_eq!(answer["data"]["user"]["presence"]["text"], "Who is hungry?", "nobody is named");
}

#[tokio::test]
async fn one_unasked_message_shows_nobodys_presence() {
    let server = Server::start().await;
    let (aaron, eve) = (server.user("aaron").await, server.user("eve").await);
    let betty = server.user("betty").await;
    betty.talks_with(&eve).await;
    aaron.shows("BUSY", Some("In a meeting")).await;
    for _ in 0..3 {
        eve.sends(&aaron, "Are you there?").await;
    }
    assert_eq!(eve.looks_at(&aaron).await, Value::Null, "he has not answered");
    assert_eq!(aaron.looks_at(&eve).await, Value::Null, "nor has she his leave to be looked at");
    let mut ear = server.hears_what_happens(&eve).await;
    let _phone = server.listens(&aaron, json!({})).await;
    let _laptop = server.listens(&betty, json!({})).await;
    assert_eq!(ear.sees_somebody().await.0, "betty", "of him she is told nothing");

    aaron.sends(&eve, "Yes").await;
    assert_eq!(eve.looks_at(&aaron).await["text"], "In a meeting");
    aaron.shows("AWAY", None).await;
    assert_eq!(ear.next().await["event"]["__typename"], "MessageSent");
    assert_eq!(ear.sees_somebody().await.0, "aaron");
}

#[tokio::test]
async fn the_acting_user_is_known_wherever_users_are_shown() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let carol = server.user("carol").await;
    let room = aaron.makes_room("lunch", &[&betty, &carol]).await;
    let id = carol.says(&room, "Hello!").await["id"].clone();
    carol.does("addReaction", json!({ "messageId": id, "emoji": "👋" }), "message { id }").await;
    carol.does("leaveChatroom", json!({ "chatroomId": room }), "chatroomId").await;
    aaron.shows("ONLINE", Some("Hungry")).await;
    carol.shows("ONLINE", Some("Full")).await;

    let query = "query ($room: ID!, $userId: ID!) { chatroom(id: $room, userId: $userId) {
        createdBy { presence { text } }
        members { nodes { presence { text } } }
        messages { nodes {
            sender { presence { text } }
            reactions { firstUsers { presence { text } } }
        } }
    } }";
    // The argument counts, also against the header.
    let answer = server.ask_as("carol", query, json!({ "room": room, "userId": betty.id })).await;
    let hungry = json!({ "presence": { "text": "Hungry" } });
    assert_eq!(
        answer["data"]["chatroom"],
        json!({
            "createdBy": hungry,
            "members": { "nodes": [hungry, { "presence": { "text": null } }] },
            "messages": { "nodes": [{
                "sender": { "presence": null },
                "reactions": [{ "firstUsers": [{ "presence": null }] }],
            }] },
        })
    );
}

#[tokio::test]
async fn a_page_of_users_costs_as_many_statements_as_one_user() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let mut guests = Vec::new();
    for number in 0..10 {
        guests.push(server.user(&format!("guest{number}")).await);
    }
    aaron.makes_room("party", &guests.iter().collect::<Vec<_>>()).await;
    let query = "query ($first: Int) { users(first: $first) { nodes { presence { status } } } }";
    let mut counts = Vec::new();
    for first in [2, 11] {
        server.statements();
        let answer = server.ask_as("aaron", query, json!({ "first": first })).await;
        let users = answer["data"]["users"]["nodes"].as_array().expect("users");
        assert!(users.iter().all(|user| user["presence"]["status"] == "OFFLINE"), "{answer}");
        // What follows the log reads events of its own accord.
        let ran = server.statements();
        let reads = ran.iter().filter(|sql| sql.starts_with("SELECT") && !sql.contains("`events`"));
        counts.push(reads.count());
    }
    assert_eq!(counts, [5, 5]);
}
