//! Who is there, what they have said, and what can be asked of it.

use serde_json::{Value, json};

use super::{
    document::{in_brackets, operation, variables},
    fixture::{Fixture, Way},
    kinds::Kinds,
};
use crate::{
    domain::{NewUser, create_user},
    types::{DisplayName, ExternalId, Username},
};

/// What people say, each followed by [`ESCAPED`].
const TEXTS: [&str; 6] = [
    "Lunch?",
    "'so on' and \\back\\slashed/",
    "👩‍👩‍👧 é e\u{301} ß 日本語 \u{10ffff}",
    "between\u{2028}the\u{2029}lines\u{feff}",
    "</script><!-- & -->",
    "lunch $serde_json::private::RawValue {\"a\": [1, null]}",
];
/// Whatever JSON has to escape, and what it need not.
const ESCAPED: &str = " \"\\ \n\r\t \u{1}\u{8}\u{b}\u{c}\u{1f} \u{7f}\u{9f}";

/// A field of the root with arguments.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) field: &'static str,
    pub(super) arguments: String,
    /// Whether it fails when nobody acts, and when Aaron does.
    pub(super) fails: [bool; 2],
}

/// Ids of what is there, as `dm`, `room` and so on.
pub(super) struct Ids(Value);

impl Ids {
    /// A text with ids and cursors for their names in angle brackets.
    pub(super) fn fill(&self, text: &str) -> String {
        let all = self.0.as_object().expect("names");
        all.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("<{name}>"), &value.to_string())
        })
    }
}

/// What is asked, with the names of [`Ids`].
const CALLS: [(&str, &[&str]); 12] = [
    ("chatroom", &["id: <room>", "id: <quiet>", "id: <left>", "id: <room>, userId: <betty>"]),
    ("chatrooms", &["", "first: 1", "userId: <carol>", "first: 0"]),
    (
        "conversation",
        &["id: <dm>", "id: <room>", "id: <note>", "withUserId: <betty>, userId: <aaron>", "id: <left>"],
    ),
    (
        "conversations",
        &[
            "userId: <aaron>",
            "",
            "userId: <betty>, first: 2",
            "userId: <aaron>, after: <inboxPlace>",
            "first: 101",
        ],
    ),
    (
        "node",
        &[
            "id: <dm>",
            "id: <room>",
            "id: <aaron>",
            "id: <message>",
            "id: <reply>",
            "id: <quiet>",
            "id: \"no\"",
        ],
    ),
    (
        "recentMessages",
        &[
            "recipientId: <aaron>",
            "recipientId: <room>, first: $few",
            "recipientId: <aaron>, window: {days: 30}",
            "recipientId: <betty>, senderId: <aaron>, window: {last: 3}",
            "recipientId: <aaron>, first: 2, after: <recentPlace>",
            "recipientId: <quiet>",
            "recipientId: <room>, first: 0",
        ],
    ),
    (
        "searchMessages",
        &[
            "text: \"lunch\"",
            "text: \"lunch\", conversationId: <room>, first: 1",
            "text: \"nothing at all\"",
            "text: \"\"",
        ],
    ),
    ("serverInfo", &[""]),
    ("user", &["username: \"aaron\"", "id: <dave>", "username: \"nobody\""]),
    ("users", &["", "first: 2", "first: $few, after: <usersPlace>", "first: $unset", "after: \"made up\""]),
    ("viewer", &[""]),
    ("__typename", &[""]),
];

/// What can be asked of the root.
pub(super) fn calls(fixture: &Fixture, kinds: &Kinds, ids: &Ids) -> Vec<Call> {
    for field in &kinds.get("Query").expect("a root").fields {
        assert!(CALLS.iter().any(|(name, _)| *name == field.name), "nobody asks for {}", field.name);
    }
    let calls =
        CALLS.iter().flat_map(|(field, all)| all.iter().map(|arguments| (*field, ids.fill(arguments))));
    calls.map(|(field, arguments)| tried(fixture, kinds, field, arguments)).collect()
}

fn tried(fixture: &Fixture, kinds: &Kinds, field: &'static str, arguments: String) -> Call {
    let fields = &kinds.get("Query").expect("a root").fields;
    let gives = fields.iter().find(|known| known.name == field).map(|known| known.gives.as_str());
    let selection = if gives.is_some_and(|gives| kinds.get(gives).is_some()) { "{ __typename }" } else { "" };
    let document = operation(&format!("{{ {field}{} {selection} }}", in_brackets(&arguments)));
    let fails = [None, Some("aaron")]
        .map(|acting| fixture.ask(Way::Library, acting, &document, variables()).has_failed());
    Call { field, arguments, fails }
}

/// Lets people come and talk.
pub(super) fn gather(fixture: &Fixture) -> Ids {
    let [aaron, betty, carol, dave] = [
        ("aaron", Some("Aaron \"Ace\" \\o/ 👋"), None),
        ("betty", None, Some("idp|\"betty\"\\1")),
        ("carol", Some("Carol\u{2003}é"), None),
        ("dave", Some("<b>Dave</b>"), Some("dave")),
    ]
    .map(|(username, display_name, external_id)| comes(fixture, username, display_name, external_id));
    let room = makes_room(fixture, &aaron, "my \"room\" \\ 🏠", &[&betty, &carol]);
    let quiet = makes_room(fixture, &betty, "quiet", &[&aaron]);
    let left = makes_room(fixture, &aaron, "left", &[&carol]);
    says(fixture, &json!({ "senderId": aaron, "recipientId": left, "text": "Farewell, lunch" }));
    fixture.calls("leaveChatroom", "chatroomId", &json!({ "chatroomId": left, "userId": aaron }));

    let mut message = Value::Null;
    for (number, text) in TEXTS.into_iter().enumerate() {
        let text = format!("{text}{ESCAPED}");
        let key = format!("key \"{number}\" \\ 🔑");
        let from_aaron =
            json!({ "senderId": aaron, "recipientId": betty, "text": text, "clientMessageId": key });
        let (_, dm) = says(fixture, &from_aaron);
        let (id, _) = says(fixture, &json!({ "senderId": betty, "recipientId": aaron, "text": text }));
        message = json!([id, dm]);
        says(
            fixture,
            &json!({ "senderId": carol, "recipientId": room, "text": text, "clientMessageId": key }),
        );
    }
    let (message, dm) = (message[0].clone(), message[1].clone());
    let (_, note) = says(fixture, &json!({ "senderId": aaron, "recipientId": aaron, "text": "to \"me\"" }));
    says(fixture, &json!({ "senderId": dave, "recipientId": carol, "text": "lunch alone" }));
    let answer = json!({ "senderId": aaron, "recipientId": betty, "text": "Yes\n", "replyToId": message });
    let (reply, _) = says(fixture, &answer);
    change(fixture, [&aaron, &betty, &carol], &room, &message);
    places(
        fixture,
        json!({
            "aaron": aaron, "betty": betty, "carol": carol, "dave": dave, "room": room, "quiet": quiet, "left": left,
            "dm": dm, "note": note, "message": message, "reply": reply,
        }),
    )
}

/// Reads, reacts, edits and deletes.
fn change(fixture: &Fixture, [aaron, betty, carol]: [&Value; 3], room: &Value, message: &Value) {
    let (said, _) = says(fixture, &json!({ "senderId": betty, "recipientId": room, "text": "edite" }));
    fixture.calls(
        "editMessage",
        "message { id }",
        &json!({ "messageId": said, "text": "edited \"it\"", "userId": betty }),
    );
    let (gone, _) = says(fixture, &json!({ "senderId": betty, "recipientId": room, "text": "regretted" }));
    says(fixture, &json!({ "senderId": carol, "recipientId": room, "text": "Why?", "replyToId": gone }));
    fixture.calls("deleteMessage", "message { id }", &json!({ "messageId": gone, "userId": betty }));
    for (user, emoji) in [(aaron, "👍"), (betty, "👍"), (betty, "❤️")] {
        fixture.calls(
            "addReaction",
            "message { id }",
            &json!({ "messageId": message, "emoji": emoji, "userId": user }),
        );
    }
    for user in [aaron, betty] {
        let read = json!({ "conversationId": room, "readUpTo": 3, "userId": user });
        fixture.calls("markRead", "conversation { id }", &read);
    }
}

/// Adds places in lists.
fn places(fixture: &Fixture, mut ids: Value) -> Ids {
    let selection = "query ($aaron: ID!, $room: ID!) {
        users(first: 1) { pageInfo { endCursor } }
        conversations(userId: $aaron, first: 1) { pageInfo { endCursor } }
        recentMessages(recipientId: $aaron, first: 3) { pageInfo { endCursor } }
        conversation(id: $room) { messages(first: 2) { pageInfo { endCursor } } }
    }";
    let data = fixture.does(selection, json!({ "aaron": ids["aaron"], "room": ids["room"] }));
    let place = |page: &Value| page["pageInfo"]["endCursor"].clone();
    ids["usersPlace"] = place(&data["users"]);
    ids["inboxPlace"] = place(&data["conversations"]);
    ids["recentPlace"] = place(&data["recentMessages"]);
    ids["roomPlace"] = place(&data["conversation"]["messages"]);
    Ids(ids)
}

/// A new user; gives their id.
fn comes(fixture: &Fixture, username: &str, display_name: Option<&str>, external_id: Option<&str>) -> Value {
    let new = NewUser {
        username: Username::parse(username).expect("a username"),
        display_name: display_name.map(|name| DisplayName::parse(name.to_owned()).expect("a display name")),
        external_id: external_id.map(|id| ExternalId::parse(id.to_owned()).expect("an id")),
    };
    fixture.wait(create_user(&fixture.app, new)).expect("a new user");
    let found = "query ($username: String!) { user(username: $username) { id } }";
    fixture.does(found, json!({ "username": username }))["user"]["id"].take()
}

/// A new chatroom; gives its id.
fn makes_room(fixture: &Fixture, owner: &Value, name: &str, members: &[&Value]) -> Value {
    let input = json!({ "name": name, "memberIds": members, "userId": owner });
    fixture.calls("createChatroom", "chatroom { id }", &input)["chatroom"]["id"].take()
}

/// Sends a message; gives its id, and that of its conversation.
fn says(fixture: &Fixture, input: &Value) -> (Value, Value) {
    let mut sent = fixture.calls("sendMessage", "message { id conversation { id } }", input);
    (sent["message"]["id"].take(), sent["message"]["conversation"]["id"].take())
}
