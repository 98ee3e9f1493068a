//! Who is there, what they have said, and what can be asked of it.

use serde_json::{Value, json};

use super::{
    document::{in_brackets, operation, variables},
    kinds::Kinds,
    stage::{Stage, Way},
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
pub(super) fn calls(stage: &Stage, kinds: &Kinds, ids: &Ids) -> Vec<Call> {
    for field in &kinds.get("Query").expect("a root").fields {
        assert!(CALLS.iter().any(|(name, _)| *name == field.name), "nobody asks for {}", field.name);
    }
    let calls =
        CALLS.iter().flat_map(|(field, all)| all.iter().map(|arguments| (*field, ids.fill(arguments))));
    calls.map(|(field, arguments)| tried(stage, kinds, field, arguments)).collect()
}

fn tried(stage: &Stage, kinds: &Kinds, field: &'static str, arguments: String) -> Call {
    let fields = &kinds.get("Query").expect("a root").fields;
    let gives = fields.iter().find(|known| known.name == field).map(|known| known.gives.as_str());
    let selection = if gives.is_some_and(|gives| kinds.get(gives).is_some()) { "{ __typename }" } else { "" };
    let document = operation(&format!("{{ {field}{} {selection} }}", in_brackets(&arguments)));
    let fails = [None, Some("aaron")]
        .map(|acting| stage.ask(Way::Library, acting, &document, variables()).has_failed());
    Call { field, arguments, fails }
}

/// Lets people come and talk.
pub(super) fn gather(stage: &Stage) -> Ids {
    let [aaron, betty, carol, dave] = [
        ("aaron", Some("Aaron \"Ace\" \\o/ 👋"), None),
        ("betty", None, Some("idp|\"betty\"\\1")),
        ("carol", Some("Carol\u{2003}é"), None),
        ("dave", Some("<b>Dave</b>"), Some("dave")),
    ]
    .map(|(username, display_name, external_id)| comes(stage, username, display_name, external_id));
    let room = makes_room(stage, &aaron, "my \"room\" \\ 🏠", &[&betty, &carol]);
    let quiet = makes_room(stage, &betty, "quiet", &[&aaron]);
    let left = makes_room(stage, &aaron, "left", &[&carol]);
    says(stage, &json!({ "senderId": aaron, "recipientId": left, "text": "Farewell, lunch" }));
    stage.calls("leaveChatroom", "chatroomId", &json!({ "chatroomId": left, "userId": aaron }));

    let mut message = Value::Null;
    for (number, text) in TEXTS.into_iter().enumerate() {
        let text = format!("{text}{ESCAPED}");
        let key = format!("key \"{number}\" \\ 🔑");
        let from_aaron =
            json!({ "senderId": aaron, "recipientId": betty, "text": text, "clientMessageId": key });
        let (_, dm) = says(stage, &from_aaron);
        let (id, _) = says(stage, &json!({ "senderId": betty, "recipientId": aaron, "text": text }));
        message = json!([id, dm]);
        says(stage, &json!({ "senderId": carol, "recipientId": room, "text": text, "clientMessageId": key }));
    }
    let (message, dm) = (message[0].clone(), message[1].clone());
    let (_, note) = says(stage, &json!({ "senderId": aaron, "recipientId": aaron, "text": "to \"me\"" }));
    says(stage, &json!({ "senderId": dave, "recipientId": carol, "text": "lunch alone" }));
    let answer = json!({ "senderId": aaron, "recipientId": betty, "text": "Yes\n", "replyToId": message });
    let (reply, _) = says(stage, &answer);
    change(stage, [&aaron, &betty, &carol], &room, &message);
    places(
        stage,
        json!({
            "aaron": aaron, "betty": betty, "carol": carol, "dave": dave, "room": room, "quiet": quiet, "left": left,
            "dm": dm, "note": note, "message": message, "reply": reply,
        }),
    )
}

/// Reads, reacts, edits and deletes.
fn change(stage: &Stage, [aaron, betty, carol]: [&Value; 3], room: &Value, message: &Value) {
    let (said, _) = says(stage, &json!({ "senderId": betty, "recipientId": room, "text": "edite" }));
    stage.calls(
        "editMessage",
        "message { id }",
        &json!({ "messageId": said, "text": "edited \"it\"", "userId": betty }),
    );
    let (gone, _) = says(stage, &json!({ "senderId": betty, "recipientId": room, "text": "regretted" }));
    says(stage, &json!({ "senderId": carol, "recipientId": room, "text": "Why?", "replyToId": gone }));
    stage.calls("deleteMessage", "message { id }", &json!({ "messageId": gone, "userId": betty }));
    for (user, emoji) in [(aaron, "👍"), (betty, "👍"), (betty, "❤️")] {
        stage.calls(
            "addReaction",
            "message { id }",
            &json!({ "messageId": message, "emoji": emoji, "userId": user }),
        );
    }
    for user in [aaron, betty] {
        let read = json!({ "conversationId": room, "readUpTo": 3, "userId": user });
        stage.calls("markRead", "conversation { id }", &read);
    }
}

/// Adds places in lists.
fn places(stage: &Stage, mut ids: Value) -> Ids {
    let selection = "query ($aaron: ID!, $room: ID!) {
        users(first: 1) { pageInfo { endCursor } }
        conversations(userId: $aaron, first: 1) { pageInfo { endCursor } }
        recentMessages(recipientId: $aaron, first: 3) { pageInfo { endCursor } }
        conversation(id: $room) { messages(first: 2) { pageInfo { endCursor } } }
    }";
    let data = stage.does(selection, json!({ "aaron": ids["aaron"], "room": ids["room"] }));
    let place = |page: &Value| page["pageInfo"]["endCursor"].clone();
    ids["usersPlace"] = place(&data["users"]);
    ids["inboxPlace"] = place(&data["conversations"]);
    ids["recentPlace"] = place(&data["recentMessages"]);
    ids["roomPlace"] = place(&data["conversation"]["messages"]);
    Ids(ids)
}

/// A new user; gives their id.
fn comes(stage: &Stage, username: &str, display_name: Option<&str>, external_id: Option<&str>) -> Value {
    let new = NewUser {
        username: Username::parse(username).expect("a username"),
        display_name: display_name.map(|name| DisplayName::parse(name.to_owned()).expect("a display name")),
        external_id: external_id.map(|id| ExternalId::parse(id.to_owned()).expect("an id")),
    };
    stage.wait(create_user(&stage.app, new)).expect("a new user");
    let found = "query ($username: String!) { user(username: $username) { id } }";
    stage.does(found, json!({ "username": username }))["user"]["id"].take()
}

/// A new chatroom; gives its id.
fn makes_room(stage: &Stage, owner: &Value, name: &str, members: &[&Value]) -> Value {
    let input = json!({ "name": name, "memberIds": members, "userId": owner });
    stage.calls("createChatroom", "chatroom { id }", &input)["chatroom"]["id"].take()
}

/// Sends a message; gives its id, and that of its conversation.
fn says(stage: &Stage, input: &Value) -> (Value, Value) {
    let mut sent = stage.calls("sendMessage", "message { id conversation { id } }", input);
    (sent["message"]["id"].take(), sent["message"]["conversation"]["id"].take())
}
