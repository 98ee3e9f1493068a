//! An event is rendered once for many followers, with the same answer as if it were rendered for each of
//! them.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::StreamExt;
use messenger::graphql::{Allowed, Answer, Answers, Api, Credentials, Request, RequestId};
use serde_json::{Value, json};

use crate::support::{Actor, Server, Socket};

/// All that an event may tell many in the same words; `CURSOR` is asked for in two ways.
const EVERYTHING: &str = "subscription ($me: ID!) {
    told: events(userId: $me) {
        CURSOR
        happenedAt
        event {
            __typename
            ... on ChatroomRenamed { chatroom { ...Room } name user { ...Person } }
            ... on ConversationRead { conversation { ...Place } readUpTo user { ...Person } }
            ... on MemberJoined { chatroom { ...Room } invitedBy { ...Person } member { ...Person } }
            ... on MemberLeft { visibleChatroom { ...Room } chatroomId member { ...Person } removedBy { ...Person } }
            ... on MessageDeleted { message { ...Said } }
            ... on MessageEdited { message { ...Said } }
            ... on MessageSent { message { ...Said } }
            ... on OwnerChanged { chatroom { ...Room } owner { ...Person } }
            ... on PresenceChanged { user { id createdAt displayName username presence { status since text } } }
            ... on ReactionAdded { emoji message { ...Said } user { ...Person } }
            ... on ReactionRemoved { emoji message { ...Said } user { ...Person } }
            ... on TypingChanged { conversation { ...Place } isTyping user { ...Person } }
        }
    }
}
fragment Person on User { id createdAt displayName username }
fragment Room on Chatroom { createdAt id memberCount name }
fragment Place on Conversation {
    __typename
    ... on Node { id }
    ... on Chatroom { ...Room }
    ... on DirectConversation { participants { ...Person } }
}
fragment Said on Message {
    clientMessageId
    conversation { ...Place }
    deletedAt
    editedAt
    id
    recipient { __typename ... on User { ...Person } ... on Chatroom { ...Room } }
    replyTo { deletedAt editedAt id sender { ...Person } sentAt seq text }
    sender { ...Person }
    sentAt
    seq
    text
}";

/// Somebody who listens twice: in words that are shared, and in words of their own, because they depend on a directive.
struct Twice {
    in_common: Socket,
    alone: Socket,
}

impl Twice {
    async fn listens(actor: &Actor<'_>) -> Self {
        let (mut in_common, mut alone) =
            (Socket::open(&actor.server.url).await, Socket::open(&actor.server.url).await);
        for (socket, cursor) in [(&mut in_common, "cursor"), (&mut alone, "cursor @include(if: true)")] {
            let query = EVERYTHING.replace("CURSOR", cursor);
            socket.subscribes("1", &query, json!({ "me": actor.id })).await;
            assert_eq!(socket.hears().await["payload"]["data"]["told"]["event"]["__typename"], "CaughtUp");
        }
        Self { in_common, alone }
    }

    /// The next event, which is the same in both.
    async fn hears(&mut self) -> Value {
        let heard = self.in_common.hears().await;
        assert_eq!(heard, self.alone.hears().await);
        assert_eq!(heard["payload"].get("errors"), None, "{heard}");
        heard["payload"]["data"]["told"]["event"].clone()
    }
}

#[tokio::test]
async fn many_are_told_in_the_words_of_each() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let dave = server.user("dave").await;
    let room = aaron.makes_room("lunch", &[&betty, &carol]).await;
    let hide = |status: &str| json!({ "status": status });
    for person in [&aaron, &betty, &carol] {
        // Else each who comes is told to who is there.
        person.does("setPresence", hide("OFFLINE"), "").await;
    }
    let first = betty.says(&room, "Hungry?").await["id"].clone();
    let mut ears = [Twice::listens(&aaron).await, Twice::listens(&betty).await, Twice::listens(&carol).await];

    let reply = json!({ "recipientId": room, "text": "Yes", "clientMessageId": "a-1", "replyToId": first });
    let reply = aaron.tries_to_send(reply).await["message"]["id"].clone();
    let mut told = Vec::new();
    for ear in &mut ears {
        told.push(ear.hears().await);
    }
    assert_eq!(told[0]["message"]["clientMessageId"], "a-1", "his own key");
    assert_eq!(told[1]["message"]["clientMessageId"], Value::Null, "not hers");
    assert_eq!(told[1], told[2]);
    assert_eq!(told[1]["message"]["replyTo"]["text"], "Hungry?");

    let message = |more: Value| merged(json!({ "messageId": reply }), &more);
    let in_room = |more: Value| merged(json!({ "chatroomId": room }), &more);
    let changes: [(&Actor<'_>, &str, Value, &[&str]); 9] = [
        (&aaron, "editMessage", message(json!({ "text": "Very" })), &["MessageEdited"]),
        (&betty, "addReaction", message(json!({ "emoji": "🍕" })), &["ReactionAdded"]),
        (&betty, "removeReaction", message(json!({ "emoji": "🍕" })), &["ReactionRemoved"]),
        (&carol, "markRead", json!({ "conversationId": room, "readUpTo": 2 }), &["ConversationRead"]),
        (&aaron, "renameChatroom", in_room(json!({ "name": "dinner" })), &["ChatroomRenamed"]),
        (&aaron, "inviteToChatroom", in_room(json!({ "memberIds": [dave.id] })), &["MemberJoined"]),
        (&aaron, "deleteMessage", message(json!({})), &["MessageDeleted"]),
        (&dave, "setPresence", json!({ "status": "BUSY", "text": "cooking" }), &["PresenceChanged"]),
        (&dave, "setTyping", json!({ "conversationId": room, "isTyping": true }), &["TypingChanged"]),
    ];
    let mut types = BTreeSet::from(["MessageSent".to_owned()]);
    for (person, mutation, input, expected) in changes {
        person.does(mutation, input, "").await;
        for ear in &mut ears {
            for name in expected {
                let heard = ear.hears().await;
                assert_eq!(heard["__typename"], *name);
                types.insert((*name).to_owned());
            }
        }
    }
    aaron.does("leaveChatroom", in_room(json!({})), "").await;
    for (number, ear) in ears.iter_mut().enumerate() {
        let left = ear.hears().await;
        assert_eq!(
            left["visibleChatroom"].is_null(),
            number == 0,
            "who left is not told how it is now: {left}"
        );
        types.insert("MemberLeft".to_owned());
        if number > 0 {
            assert_eq!(ear.hears().await["__typename"], "OwnerChanged");
            types.insert("OwnerChanged".to_owned());
        }
    }
    assert_eq!(types.len(), 12, "everything that is told to many: {types:?}");
}

fn merged(mut input: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    input
}

/// A subscription without a socket, so that it can be seen whose words it is told.
async fn follow(api: &Api, actor: &Actor<'_>, query: &str) -> Answers {
    let variables = serde_json::from_value(json!({ "me": actor.id })).expect("variables");
    let request = Request { query: Some(query.to_owned()), variables, ..Request::default() };
    let id = RequestId("story".to_owned());
    let session = api.admit(&Credentials::default(), &id).await.expect("an open server");
    let mut answers = api.follow(session, request, Allowed::EVERYTHING, id);
    assert!(answers.next().await.is_some(), "it has caught up");
    answers
}

/// The next answer that is the same for many, and what it says.
async fn written(answers: &mut Answers) -> (Arc<serde_json::value::RawValue>, Value) {
    let answer = answers.next().await.expect("an answer");
    let Answer::Written(text, _) = answer else { panic!("it is written for them alone: {answer:?}") };
    let value = serde_json::from_str(text.get()).expect("JSON");
    (text, value)
}

#[tokio::test]
async fn who_asks_for_the_same_is_told_by_the_same_text() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let room = aaron.makes_room("lunch", &[&betty, &carol]).await;
    let api = Api::new(server.app.clone());
    let plain = "subscription ($me: ID!) { events(userId: $me) { event { ... on MessageSent { message { text } } } } }";
    let fragment = "subscription Mine($me: ID!) { events(userId: $me) { event { ... on PresenceChanged { user { id } } ...Sent } } }
         fragment Sent on MessageSent { message { text } }";
    let other = "subscription ($me: ID!) { events(userId: $me) { event { ... on MessageSent { message { seq } } } } }";
    let mut at_betty = follow(&api, &betty, plain).await;
    let mut at_carol = follow(&api, &carol, fragment).await;
    let mut elsewhere = follow(&api, &carol, other).await;
    let mut at_aaron = follow(&api, &aaron, plain).await;
    // Carol's coming is told to Betty, and Aaron's to both of them; nothing of it was asked for.
    aaron.says(&room, "Hello").await;

    let said = json!({ "data": { "events": { "event": { "message": { "text": "Hello" } } } } });
    let (at_betty, heard) = sent(&mut at_betty).await;
    assert_eq!(heard, said);
    let (at_carol, heard) = sent(&mut at_carol).await;
    assert_eq!(heard, said);
    assert!(Arc::ptr_eq(&at_betty, &at_carol));
    let (_, heard) = sent(&mut elsewhere).await;
    assert_eq!(heard, json!({ "data": { "events": { "event": { "message": { "seq": 1 } } } } }));
    let mut own = at_aaron.next().await.expect("an answer");
    // Who came just before him may be told to him as well.
    while serde_json::to_value(&own).expect("JSON")["data"]["events"]["event"].get("message").is_none() {
        own = at_aaron.next().await.expect("an answer");
    }
    assert!(
        matches!(own, Answer::Rendered(_)),
        "what one did oneself may hold what others do not see: {own:?}"
    );
    assert_eq!(serde_json::to_value(own).expect("JSON"), said);
}

/// The next message; presence, of which nothing or little was asked, comes before.
async fn sent(answers: &mut Answers) -> (Arc<serde_json::value::RawValue>, Value) {
    loop {
        let (text, value) = written(answers).await;
        if value["data"]["events"]["event"].get("message").is_some() {
            return (text, value);
        }
    }
}
