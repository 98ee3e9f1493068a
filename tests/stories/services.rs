//! Who may act for whom: somebody for themselves, a service for everybody.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Host, Server, Socket, shared_secret};

const NOT_YOURS: &str = "the token is that of another user: act as its own user, or with a token whose scope has messenger:service";

const IDS_ONLY: &str = "the header Messenger-User takes ids only where tokens are used, no usernames: give your own id, or leave it out";

/// Aaron and Betty on a server that asks for tokens.
struct Two {
    server: Server,
    host: Host,
    aaron: String,
    betty: String,
}

impl Two {
    async fn meet() -> Self {
        let server = Server::start_with_keys(shared_secret()).await;
        let host = Host::with_secret();
        let (aaron, betty) = (server.user_of(&host, "aaron").await, server.user_of(&host, "betty").await);
        Self { server, host, aaron, betty }
    }

    fn token_of(&self, sub: &str) -> String {
        self.host.signs(json!({ "sub": sub }))
    }

    /// The body of the answer to somebody's token, with a header that names whom they act as.
    async fn ask_as(&self, token: &str, named: &str, query: &str) -> Value {
        let request = self.server.request(Method::POST, "/graphql").header("Messenger-User", named);
        let request = request.header("Authorization", format!("Bearer {token}"));
        self.server.send(request.json(&json!({ "query": query }))).await.body
    }
}

#[tokio::test]
async fn aaron_acts_as_himself_and_may_say_so() {
    let two = Two::meet().await;
    let token = two.token_of(&two.aaron);
    let send = "mutation ($from: ID, $to: ID!) { sendMessage(input: {senderId: $from, recipientId: $to, text: \"Hello\"}) {
        message { sender { username } } errors { code } } }";
    let done = json!({ "message": { "sender": { "username": "aaron" } }, "errors": [] });
    for from in [Value::Null, json!(two.aaron)] {
        let answer = two.server.ask_with(&token, send, json!({ "from": from, "to": two.betty })).await.body;
        assert_eq!(answer, json!({ "data": { "sendMessage": done } }));
    }
    let inbox = "query ($id: ID) { conversations(userId: $id) { nodes { unreadCount } } }";
    for id in [Value::Null, json!(two.aaron)] {
        let answer = two.server.ask_with(&token, inbox, json!({ "id": id })).await.body;
        assert_eq!(answer, json!({ "data": { "conversations": { "nodes": [{ "unreadCount": 0 }] } } }));
    }
    let viewer = json!({ "data": { "viewer": { "username": "aaron" } } });
    for named in [two.aaron.as_str()] {
        assert_eq!(two.ask_as(&token, named, "{ viewer { username } }").await, viewer);
    }
}

#[tokio::test]
async fn aaron_acts_for_nobody_else() {
    let two = Two::meet().await;
    let token = two.token_of(&two.aaron);
    let nobody = "user_01h455vb4pex5vsknk084sn02q";
    // Whether somebody is there makes no difference.
    for other in [two.betty.as_str(), nobody] {
        for field in [
            "conversations(userId: $id) { nodes { id } }",
            "chatrooms(userId: $id) { nodes { id } }",
            "chatroom(id: \"room_01h455vb4pex5vsknk084sn02q\", userId: $id) { id }",
            "conversation(withUserId: $id, userId: $id) { id }",
            "recentMessages(recipientId: $id, userId: $id) { nodes { id } }",
            "searchMessages(text: \"x\", userId: $id) { nodes { id } }",
        ] {
            let document = format!("query ($id: ID!) {{ {field} }}");
            let answer = two.server.ask_with(&token, &document, json!({ "id": other })).await.body;
            let error = &answer["errors"][0];
            assert_eq!(
                (&error["message"], &error["extensions"]),
                (&json!(NOT_YOURS), &json!({ "code": "FORBIDDEN" })),
                "{field}"
            );
        }
        for (mutation, input, place) in [
            ("sendMessage", json!({ "senderId": other, "recipientId": two.aaron, "text": "x" }), "senderId"),
            ("updateUser", json!({ "userId": other, "displayName": "x" }), "userId"),
            ("createChatroom", json!({ "userId": other, "name": "x" }), "userId"),
            ("setPresence", json!({ "userId": other, "status": "BUSY" }), "userId"),
        ] {
            let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
            let document = format!(
                "mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ errors {{ __typename code message path }} }} }}"
            );
            let answer = two.server.ask_with(&token, &document, json!({ "input": input })).await.body;
            let error = json!({ "__typename": "Refused", "code": "FORBIDDEN", "message": NOT_YOURS, "path": ["input", place] });
            assert_eq!(answer, json!({ "data": { mutation: { "errors": [error] } } }));
        }
    }
    // A username may be somebody else's tomorrow, so even one's own names nobody.
    for (named, told) in [
        ("betty", IDS_ONLY),
        ("aaron", IDS_ONLY),
        ("nobody", IDS_ONLY),
        ("", IDS_ONLY),
        (two.betty.as_str(), NOT_YOURS),
        (nobody, NOT_YOURS),
    ] {
        let refused = json!({ "errors": [{ "message": told, "extensions": { "code": "FORBIDDEN" } }] });
        assert_eq!(two.ask_as(&token, named, "{ __typename }").await, refused, "{named:?}");
        let payload = json!({ "Authorization": format!("Bearer {token}"), "Messenger-User": named });
        let mut socket = Socket::silent(&two.server.url).await;
        socket.sends(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.is_closed().await, (4403, told.to_owned()));
    }
}

#[tokio::test]
async fn a_subscription_follows_nobody_else() {
    let two = Two::meet().await;
    let token = two.token_of(&two.aaron);
    let mut socket =
        Socket::open_as(&two.server.url, json!({ "AUTHORIZATION": format!("Bearer {token}") })).await;
    let follow = "subscription ($id: ID) { events(userId: $id) { event { __typename } } }";
    socket.subscribes("1", follow, json!({ "id": two.betty })).await;
    let answer = socket.hears().await;
    assert_eq!(answer["type"], "error", "{answer}");
    assert_eq!(answer["payload"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    for (id, sub) in [("2", Value::Null), ("3", json!(two.aaron))] {
        socket.subscribes(id, follow, json!({ "id": sub })).await;
        let caught_up = json!({ "data": { "events": { "event": { "__typename": "CaughtUp" } } } });
        assert_eq!(socket.hears().await, json!({ "type": "next", "id": id, "payload": caught_up }));
    }
}

#[tokio::test]
async fn only_a_service_creates_users() {
    let two = Two::meet().await;
    let create = "mutation { createUser(input: {username: \"carol\"}) { user { username } errors { __typename code message path } } }";
    let refused = two.server.ask_with(&two.token_of(&two.aaron), create, json!({})).await.body;
    let error = json!({ "__typename": "Refused", "code": "FORBIDDEN", "message": "only a service creates users: a token whose scope has messenger:service", "path": ["input"] });
    assert_eq!(refused, json!({ "data": { "createUser": { "user": null, "errors": [error] } } }));
    let made = two.server.ask_with(&two.host.signs_for_service(), create, json!({})).await.body;
    assert_eq!(made, json!({ "data": { "createUser": { "user": { "username": "carol" }, "errors": [] } } }));
}

#[tokio::test]
async fn a_service_acts_for_whom_it_names() {
    let two = Two::meet().await;
    let scopes = [
        json!("messenger:service"),
        json!("openid messenger:service email"),
        json!(["openid", "messenger:service"]),
    ];
    let viewer = "{ viewer { username } }";
    let update = "mutation ($id: ID) { updateUser(input: {userId: $id, displayName: \"B.\"}) { user { username } errors { code } } }";
    for scope in scopes {
        let token = two.host.signs(json!({ "scope": scope }));
        let nobody = two.server.ask_with(&token, viewer, json!({})).await.body;
        assert_eq!(nobody, json!({ "data": { "viewer": null } }));
        let betty = json!({ "data": { "viewer": { "username": "betty" } } });
        assert_eq!(two.ask_as(&token, &two.betty, viewer).await, betty);
        let answer = two.server.ask_with(&token, update, json!({ "id": two.betty })).await.body;
        let done = json!({ "user": { "username": "betty" }, "errors": [] });
        assert_eq!(answer, json!({ "data": { "updateUser": done } }));
        let unnamed = two.server.ask_with(&token, update, json!({})).await.body;
        assert_eq!(unnamed["data"]["updateUser"]["errors"], json!([{ "code": "ACTING_USER_REQUIRED" }]));
        // A username may be somebody else's tomorrow.
        for named in ["nobody", "betty"] {
            let unknown = two.ask_as(&token, named, viewer).await;
            let message = "the header Messenger-User holds neither the id of a user nor your own id of one (externalId); usernames are taken only where no tokens are used";
            let error = json!({ "message": message, "extensions": { "code": "ACTING_USER_UNKNOWN" } });
            assert_eq!(unknown, json!({ "errors": [error] }));
        }
    }
    for scope in [json!("messenger:services"), json!("messenger"), json!([]), json!("")] {
        let token = two.host.signs(json!({ "sub": two.aaron, "scope": scope }));
        let answer = two.server.ask_with(&token, update, json!({ "id": two.betty })).await.body;
        assert_eq!(answer["data"]["updateUser"]["errors"], json!([{ "code": "FORBIDDEN" }]), "{scope}");
    }
    // One that is somebody acts as them, unless it names another; one that is nobody here is nobody.
    for (sub, username) in [(two.aaron.as_str(), Some("aaron")), ("billing@host", None)] {
        let token = two.host.signs(json!({ "sub": sub, "scope": "messenger:service" }));
        let answer = two.server.ask_with(&token, viewer, json!({})).await.body;
        let expected = username.map(|username| json!({ "username": username }));
        assert_eq!(answer, json!({ "data": { "viewer": expected } }));
        assert_eq!(two.ask_as(&token, &two.betty, viewer).await["data"]["viewer"]["username"], "betty");
    }
}
