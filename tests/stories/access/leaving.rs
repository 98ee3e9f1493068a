//! Who leaves a chatroom is told nothing more of it, from that moment on.

use messenger::{
    domain::{
        ConversationScope, History, MembersOf, ReactionsOf, ReadScope, StateOf, list_members, read_histories,
        read_reactions, read_states,
    },
    graphql::Credentials,
    models::event,
    store::StoreError,
    types::{Bounds, ChatroomId, MessageId, UserId},
};
use serde_json::{Value, json};

use super::fixtures::{Fixtures, HUSH, Props, Role, Sender};
use crate::support::{Socket, Subscriber};

/// All that an event shows of a chatroom, and of what is in it by now.
const EVERYTHING: &str = "subscription ($after: String) { events(after: $after) { event {
    __typename
    ... on MessageSent { message { ...Said } }
    ... on ReactionAdded { message { ...Said } }
    ... on MemberJoined { chatroom { ...Room } }
    ... on MemberLeft { visibleChatroom { ...Room } member { username } removedBy { username } }
    ... on TypingChanged { conversation { id ... on Chatroom { ...Room } } }
} } }
fragment Said on Message {
    text replyTo { text } reactions { emoji firstUsers { username } } conversation { lastMessage { text } }
    recipient { ... on Chatroom { ...Room } }
}
fragment Room on Chatroom { name lastMessage { text } messages { nodes { text } } members { nodes { username } } }";

const REMOVE: &str = "mutation ($room: ID!, $member: ID!) {
    removeFromChatroom(input: {chatroomId: $room, memberId: $member}) { errors { code } } }";
const SEND: &str = "mutation ($to: ID!, $text: String!) {
    sendMessage(input: {recipientId: $to, text: $text}) { errors { code } } }";

async fn betty_is_removed(fixtures: &Fixtures, props: &Props) {
    let variables = json!({ "room": props.room, "member": fixtures.id(Role::Member) });
    let done = fixtures.does(Role::Owner, REMOVE, variables).await;
    assert_eq!(done, json!({ "removeFromChatroom": { "errors": [] } }));
}

async fn says(fixtures: &Fixtures, role: Role, to: &str, text: &str) {
    let done = fixtures.does(role, SEND, json!({ "to": to, "text": text })).await;
    assert_eq!(done, json!({ "sendMessage": { "errors": [] } }));
}

fn left() -> Value {
    let gone = json!({ "username": "betty" });
    json!({ "__typename": "MemberLeft", "visibleChatroom": null, "member": gone, "removedBy": { "username": "aaron" } })
}

#[tokio::test]
async fn betty_is_told_that_she_was_removed_and_nothing_after_it() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    let payload = json!({ "Authorization": format!("Bearer {}", fixtures.token(Role::Member)) });
    let mut socket = Socket::open_as(&fixtures.server.url, payload).await;
    socket.subscribes("1", EVERYTHING, json!({})).await;
    let mut hears = async || loop {
        let event = socket.hears().await["payload"]["data"]["events"]["event"].clone();
        if event["__typename"] != "PresenceChanged" {
            return event;
        }
    };
    assert_eq!(hears().await["__typename"], "CaughtUp");
    says(&fixtures, Role::Oneself, &props.room, "Hush before").await;
    assert_eq!(hears().await["message"]["text"], "Hush before");
    betty_is_removed(&fixtures, &props).await;
    assert_eq!(hears().await, left());
    says(&fixtures, Role::Oneself, &props.room, "Hush after").await;
    let typing = format!(
        "mutation {{ setTyping(input: {{conversationId: \"{}\", isTyping: true}}) {{ errors {{ code }} }} }}",
        props.room
    );
    fixtures.does(Role::Oneself, &typing, json!({})).await;
    says(&fixtures, Role::Owner, fixtures.id(Role::Member), "Sorry").await;
    assert_eq!(hears().await["message"]["text"], "Sorry");
}

#[tokio::test]
async fn betty_who_comes_back_is_told_nothing_of_what_she_missed_there() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    betty_is_removed(&fixtures, &props).await;
    says(&fixtures, Role::Oneself, &props.room, "Hush after").await;
    let told = fixtures.ask(Sender::User(Role::Member), EVERYTHING, json!({ "after": props.before })).await;
    let caught_up = json!({ "__typename": "CaughtUp" });
    assert_eq!(told, json!({ "data": { "events": [left(), caught_up] } }));
}

#[tokio::test]
async fn what_has_waited_for_betty_is_not_told_after_she_was_removed() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    let listens = async |role| {
        let credentials = Credentials { token: Some(fixtures.token(role)), acting_user: None };
        let mut ear = Subscriber::open(&fixtures.server, EVERYTHING, json!({}), &credentials).await;
        assert_eq!(ear.next().await["event"]["__typename"], "CaughtUp");
        ear
    };
    let (mut betty, mut aaron) = (listens(Role::Member).await, listens(Role::Owner).await);
    says(&fixtures, Role::Oneself, &props.room, "Hush before").await;
    betty_is_removed(&fixtures, &props).await;
    says(&fixtures, Role::Oneself, &props.room, "Hush after").await;
    // When Aaron has heard all of it, it has reached Betty, who takes it only now.
    while aaron.next().await["event"]["message"]["text"] != "Hush after" {}
    let mut told = json!({ "__typename": "PresenceChanged" });
    while told["__typename"] == "PresenceChanged" {
        told = betty.next().await["event"].clone();
    }
    assert!(!told.to_string().contains(HUSH), "{told}");
    assert_eq!(told, left());
}

#[tokio::test]
async fn what_is_inside_of_a_thing_is_asked_for_with_leave_of_its_own() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    let room: ChatroomId = props.room.parse().expect("an id");
    let message_id: MessageId = props.message.parse().expect("an id");
    let app = &fixtures.server.app;
    let bounds = || Bounds::first(10, None);
    let counts = async |read_scope: ReadScope| {
        let states = read_states(app, vec![StateOf { conversation: room.cast(), read_scope }]).await;
        let history = History { conversation_id: room.cast(), bounds: bounds(), read_scope };
        let histories = read_histories(app, vec![history]).await;
        let members =
            list_members(app, vec![MembersOf { chatroom_id: room, bounds: bounds(), read_scope }]).await;
        let reactions = vec![ReactionsOf { message_id, scope: ConversationScope::In(room), read_scope }];
        let reactions = read_reactions(app, reactions).await;
        [
            states.expect("states").len(),
            histories.expect("histories").values().filter(|page| !page.value.items.is_empty()).count(),
            members.expect("members").values().filter(|page| !page.value.items.is_empty()).count(),
            reactions.expect("reactions").len(),
        ]
    };
    let of = |role| ReadScope::Of(fixtures.id(role).parse::<UserId>().expect("an id"));
    assert_eq!(counts(of(Role::Member)).await, [1; 4]);
    for read_scope in [of(Role::Stranger), ReadScope::Profiles] {
        assert_eq!(counts(read_scope).await, [0; 4], "{read_scope:?}");
    }
    betty_is_removed(&fixtures, &props).await;
    assert_eq!(counts(of(Role::Member)).await, [0; 4]);

    // What is empty is of this moment as well: who follows from there is not told everything anew.
    let newest = app.store.read(|connection| Ok::<_, StoreError>(event::latest_position(connection)?)).await;
    let newest = newest.expect("a position");
    let (conversation_id, read_scope) = (room.cast(), of(Role::Member));
    let history = History { conversation_id, bounds: bounds(), read_scope };
    let histories = read_histories(app, vec![history]).await.expect("histories");
    assert_eq!(histories[&history].position, newest);
    let asked = MembersOf { chatroom_id: room, bounds: bounds(), read_scope };
    let members = list_members(app, vec![asked]).await.expect("members");
    assert_eq!(members[&asked].position, newest);
}
