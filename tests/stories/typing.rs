//! Who is typing.

use std::time::Duration;

use messenger::types::{ConversationId, Typist};
use serde_json::{Value, json};

use crate::support::{Actor, Server, Subscriber};

impl Actor<'_> {
    /// Says whether they type.
    async fn types(&self, conversation: &Value, is_typing: bool) {
        let input = json!({ "conversationId": conversation, "isTyping": is_typing });
        let payload = self.does("setTyping", input, "conversation { id }").await;
        assert_eq!(payload["conversation"]["id"], *conversation);
    }

    /// Changes something that whoever shares a conversation with them is told of after what was told before.
    async fn waves(&self, text: &str) {
        self.does("setPresence", json!({ "status": "BUSY", "text": text }), "user { id }").await;
    }
}

impl Subscriber {
    /// The next event, which is somebody's typing: who, where, and whether they began.
    async fn sees_typing(&mut self) -> (String, Value, bool) {
        let edge = self.next().await;
        let event = &edge["event"];
        assert_eq!(
            (&event["__typename"], &edge["cursor"]),
            (&json!("TypingChanged"), &Value::Null),
            "{edge}"
        );
        let name = event["user"]["username"].as_str().expect("a name").to_owned();
        (name, event["conversation"]["id"].clone(), event["isTyping"].as_bool().expect("yes or no"))
    }

    /// The next event, which is a wave.
    async fn sees_wave(&mut self, text: &str) {
        let edge = self.next().await;
        assert_eq!(edge["event"]["user"]["presence"]["text"], text, "{edge}");
    }
}

async fn direct(one: &Actor<'_>, other: &Actor<'_>) -> Value {
    other.sends(one, "Hello yourself!").await;
    one.sends(other, "Hello!").await["conversation"]["id"].clone()
}

fn by(username: &str, conversation: &Value, is_typing: bool) -> (String, Value, bool) {
    (username.to_owned(), conversation.clone(), is_typing)
}

#[tokio::test]
async fn the_other_sees_that_somebody_begins_and_stops() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let conversation = direct(&aaron, &betty).await;
    let mut phone = server.hears_what_happens(&aaron).await;
    let mut ear = server.hears_what_happens(&betty).await;
    phone.next().await;

    aaron.types(&conversation, true).await;
    aaron.types(&conversation, true).await;
    aaron.types(&conversation, false).await;
    aaron.types(&conversation, false).await;
    aaron.waves("done").await;
    assert_eq!(ear.sees_typing().await, by("aaron", &conversation, true));
    assert_eq!(ear.sees_typing().await, by("aaron", &conversation, false));
    ear.sees_wave("done").await;
    // One's own devices are not told.
    phone.sees_wave("done").await;
}

#[tokio::test]
async fn a_chatroom_sees_it_and_nobody_else_does() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let (carol, dave) = (server.user("carol").await, server.user("dave").await);
    let room = json!(aaron.makes_room("lunch", &[&betty, &carol]).await);
    for other in [&betty, &carol, &dave] {
        direct(&aaron, other).await;
    }
    let mut leaver = server.hears_what_happens(&carol).await;
    let mut stranger = server.hears_what_happens(&dave).await;
    let mut here = server.listens(&betty, json!({ "conversationId": room })).await;
    here.next().await;
    leaver.next().await;
    let elsewhere = direct(&aaron, &betty).await;
    let mut there = server.listens(&betty, json!({ "conversationId": elsewhere })).await;
    there.next().await;

    carol.does("leaveChatroom", json!({ "chatroomId": room }), "chatroomId").await;
    assert_eq!(leaver.next().await["event"]["__typename"], "MemberLeft");
    assert_eq!(here.next().await["event"]["__typename"], "MemberLeft");
    aaron.types(&room, true).await;
    aaron.waves("done").await;
    assert_eq!(here.sees_typing().await, by("aaron", &room, true));
    for ear in [&mut here, &mut there, &mut leaver, &mut stranger] {
        ear.sees_wave("done").await;
    }
}

#[tokio::test]
async fn it_ends_by_itself_five_seconds_after_it_was_said_last() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let conversation = direct(&aaron, &betty).await;
    let mut ear = server.hears_what_happens(&betty).await;
    aaron.types(&conversation, true).await;
    assert!(ear.sees_typing().await.2);

    server.clock.forward(Duration::from_secs(4));
    aaron.types(&conversation, true).await;
    server.clock.forward(Duration::from_secs(4));
    aaron.waves("still typing").await;
    ear.sees_wave("still typing").await;
    server.clock.forward(Duration::from_secs(1));
    assert_eq!(ear.sees_typing().await, by("aaron", &conversation, false));

    // What ended is over: the next time begins anew.
    aaron.types(&conversation, true).await;
    assert!(ear.sees_typing().await.2);
    aaron.types(&conversation, false).await;
    assert!(!ear.sees_typing().await.2);
    server.clock.forward(Duration::from_secs(4));
    aaron.types(&conversation, true).await;
    assert!(ear.sees_typing().await.2);
    server.clock.forward(Duration::from_secs(4));
    aaron.waves("typing again").await;
    ear.sees_wave("typing again").await;
}

#[tokio::test]
async fn it_ends_when_the_message_is_sent() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let conversation = direct(&aaron, &betty).await;
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let mut ear = server.hears_what_happens(&betty).await;
    for (place, to) in [(&conversation, &betty.id), (&json!(room), &room)] {
        aaron.types(place, true).await;
        assert!(ear.sees_typing().await.2);
        aaron.tries_to_send(json!({ "recipientId": to, "text": "Here it is." })).await;
        let both = [ear.next().await, ear.next().await];
        let kind = |edge: &Value| edge["event"]["__typename"].clone();
        let mut kinds = both.iter().map(|edge| kind(edge).to_string()).collect::<Vec<_>>();
        kinds.sort();
        assert_eq!(kinds, ["\"MessageSent\"", "\"TypingChanged\""], "in either order");
        let ended = both.iter().find(|edge| kind(edge) == "TypingChanged").expect("one of them");
        assert_eq!(ended["event"]["isTyping"], false);
    }
}

#[tokio::test]
async fn strangers_do_not_type() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let carol = server.user("carol").await;
    let conversation = direct(&aaron, &betty).await;
    let room = aaron.makes_room("lunch", &[&carol]).await;
    carol.does("leaveChatroom", json!({ "chatroomId": room }), "chatroomId").await;
    for (place, code) in [
        (&conversation, "NOT_FOUND"),
        (&json!(room), "NOT_FOUND"),
        (&json!("dm_01kdvq5a00ebbbbbbbbbbbbbbb"), "NOT_FOUND"),
        (&json!(aaron.id), "ID_WRONG_KIND"),
        (&json!("lunch"), "ID_MALFORMED"),
    ] {
        let input = json!({ "conversationId": place, "isTyping": true });
        let payload = carol.calls("setTyping", input, "conversation { id }").await;
        assert_eq!(payload["conversation"], Value::Null);
        assert_eq!(payload["errors"][0]["code"], code, "{payload}");
        assert_eq!(payload["errors"][0]["path"], json!(["input", "conversationId"]));
    }
}

#[tokio::test]
async fn it_is_written_nowhere_and_not_told_again() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let conversation = direct(&aaron, &betty).await;
    let mut ear = server.listens(&betty, json!({})).await;
    let cursor = ear.next().await["cursor"].clone();
    server.statements();
    aaron.types(&conversation, true).await;
    aaron.waves("done").await;
    let statements = server.statements();
    let is_read =
        |statement: &String| ["SELECT", "BEGIN", "COMMIT"].iter().any(|verb| statement.starts_with(verb));
    assert!(statements.iter().all(is_read), "{statements:?}");
    assert!(ear.sees_typing().await.2);
    drop(ear);

    aaron.sends(&betty, "Here it is.").await;
    let mut ear = server.listens(&betty, json!({ "after": cursor })).await;
    assert_eq!(ear.next().await["event"]["message"]["text"], "Here it is.");
    assert_eq!(ear.next().await["event"]["__typename"], "CaughtUp");
}

#[tokio::test]
async fn who_does_not_keep_up_misses_typing_and_no_message() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let conversation = direct(&aaron, &betty).await;
    let mut ear = server.hears_what_happens(&betty).await;
    let id: ConversationId = conversation.as_str().expect("an id").parse().expect("an id");
    let typist = Typist { user_id: aaron.id.parse().expect("an id"), conversation: id.key() };
    for number in 0..1_000 {
        server.app.presence.set_typing(typist, number % 2 == 0).await;
    }
    for text in ["one", "two", "three"] {
        aaron.sends(&betty, text).await;
    }
    let (mut missed, mut texts) = (1_000, Vec::new());
    while texts.len() < 3 {
        let event = ear.next().await["event"].clone();
        match event["__typename"].as_str() {
            Some("TypingChanged") => missed -= 1,
            _ => texts.push(event["message"]["text"].clone()),
        }
    }
    assert_eq!(texts, ["one", "two", "three"]);
    assert!(missed > 500, "{missed}");
}
