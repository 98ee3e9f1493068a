//! Where tokens are asked for, usernames are the host's, and so is who is whom.

use messenger::config::AuthConfig;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Host, Server, shared_secret};

const VIEWER: &str = "{ viewer { id username displayName externalId } }";
const UPDATE: &str = "mutation ($input: UpdateUserInput!) { updateUser(input: $input) {
    user { username displayName externalId } errors { __typename code message path }
} }";
const CREATE: &str = "mutation ($input: CreateUserInput!) { createUser(input: $input) {
    user { id username externalId } errors { __typename code message path }
} }";

/// A server that shares a secret with the host.
struct Hosted {
    server: Server,
    host: Host,
}

impl Hosted {
    async fn start(config: AuthConfig) -> Self {
        Self { server: Server::start_with_keys(config).await, host: Host::with_secret() }
    }

    async fn asks(&self, token: &str, query: &str, variables: Value) -> Value {
        let Answer { body, .. } = self.server.ask_with(token, query, variables).await;
        assert_eq!(body.get("errors"), None, "{body}");
        body["data"].clone()
    }

    /// The user whom a token stands for.
    async fn comes(&self, claims: Value) -> Value {
        self.asks(&self.host.signs(claims), VIEWER, json!({})).await["viewer"].clone()
    }

    /// What a service gets for a change.
    async fn service(&self, query: &str, input: Value) -> Value {
        let data = self.asks(&self.host.signs_for_service(), query, json!({ "input": input })).await;
        let payload = data.as_object().and_then(|fields| fields.values().next());
        payload.expect("a payload").clone()
    }
}

#[tokio::test]
async fn only_a_service_changes_usernames() {
    let hosted = Hosted::start(shared_secret()).await;
    let mallory = hosted.comes(json!({ "sub": "m-1", "username": "mallory" })).await;
    let token = hosted.host.signs(json!({ "sub": "m-1" }));
    let change = json!({ "username": "newhire", "displayName": "M." });
    let refused = hosted.asks(&token, UPDATE, json!({ "input": change })).await;
    let error = json!({
        "__typename": "Refused",
        "code": "FORBIDDEN",
        "message": "only a service changes usernames on this server; displayName, the name that is shown, is yours to change",
        "path": ["input", "username"],
    });
    assert_eq!(refused["updateUser"], json!({ "user": null, "errors": [error] }));
    // A form sends what it shows, and what did not change needs no right.
    let user = json!({ "username": "mallory", "displayName": "M.", "externalId": "m-1" });
    for same in [
        json!({ "displayName": "M." }),
        json!({ "displayName": "M.", "username": "mallory" }),
        json!({ "username": "Mallory" }),
        json!({ "externalId": "m-1", "username": "mallory" }),
    ] {
        let shown = hosted.asks(&token, UPDATE, json!({ "input": same })).await;
        assert_eq!(shown["updateUser"], json!({ "user": user, "errors": [] }), "{same}");
    }

    let renamed = hosted.service(UPDATE, json!({ "userId": mallory["id"], "username": "maja" })).await;
    assert_eq!(renamed["user"]["username"], "maja", "{renamed}");
}

#[tokio::test]
async fn an_operator_may_leave_usernames_to_users() {
    let hosted = Hosted::start(AuthConfig { username_changes: true, ..shared_secret() }).await;
    hosted.comes(json!({ "sub": "a-1", "username": "alice" })).await;
    let token = hosted.host.signs(json!({ "sub": "a-1" }));
    let renamed = hosted.asks(&token, UPDATE, json!({ "input": { "username": "alicia" } })).await;
    assert_eq!(renamed["updateUser"]["user"]["username"], "alicia");

    // What was hers is nobody's for 30 days, and nothing that a header names.
    let mallory = hosted.host.signs(json!({ "sub": "m-1", "username": "mallory" }));
    let refused = hosted.asks(&mallory, UPDATE, json!({ "input": { "username": "alice" } })).await;
    assert_eq!(refused["updateUser"]["errors"][0]["code"], "USERNAME_TAKEN", "{refused}");
    let request = hosted.server.request(Method::POST, "/graphql").header("Messenger-User", "alice");
    let request = request.bearer_auth(hosted.host.signs_for_service());
    let answer = hosted.server.send(request.json(&json!({ "query": VIEWER }))).await;
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "ACTING_USER_UNKNOWN", "{}", answer.body);
    let late = hosted.comes(json!({ "sub": "a-2", "username": "alice", "name": "Alice B." })).await;
    assert_eq!((&late["username"], &late["displayName"]), (&json!("alice-2"), &json!("Alice B.")));
}

#[tokio::test]
async fn a_first_token_never_fails_because_its_name_is_taken() {
    let hosted = Hosted::start(shared_secret()).await;
    let long = "n".repeat(32);
    for name in ["newhire", &long] {
        let stem = &name[..name.len().min(30)];
        for number in 1..=12 {
            let claims = json!({ "sub": format!("{name}-{number}"), "username": name });
            let expected = match number {
                1 => name.to_owned(),
                number if number > 9 => format!("{}-{number}", &stem[..stem.len().min(29)]),
                number => format!("{stem}-{number}"),
            };
            assert_eq!(hosted.comes(claims.clone()).await["username"], expected);
            assert_eq!(hosted.comes(claims).await["username"], expected, "and stays so");
        }
    }
    // A name that somebody made with a number is passed over.
    hosted.service(CREATE, json!({ "username": "bob" })).await;
    hosted.service(CREATE, json!({ "username": "bob-2" })).await;
    assert_eq!(hosted.comes(json!({ "sub": "b-1", "username": "bob" })).await["username"], "bob-3");
}

#[tokio::test]
async fn a_user_who_was_there_before_is_linked_to_the_host() {
    let hosted = Hosted::start(shared_secret()).await;
    let made = hosted.service(CREATE, json!({ "username": "aaron", "externalId": "idp|7" })).await;
    let aaron = made["user"]["id"].clone();
    assert_eq!(made["user"], json!({ "id": aaron, "username": "aaron", "externalId": "idp|7" }));
    let comes =
        async |sub: &str| hosted.comes(json!({ "sub": sub, "username": "aaron" })).await["id"].clone();
    assert_eq!(comes("idp|7").await, aaron);

    let betty = hosted.service(CREATE, json!({ "username": "betty" })).await["user"]["id"].clone();
    let link = |id: &Value, external_id: &str| json!({ "userId": id, "externalId": external_id });
    let linked = hosted.service(UPDATE, link(&betty, "idp|8")).await;
    assert_eq!(linked["user"]["externalId"], "idp|8", "{linked}");
    assert_eq!(comes("idp|8").await, betty);
    // It replaces what was before, and that lets nobody in as her any more.
    hosted.service(UPDATE, link(&betty, "idp|88")).await;
    assert_eq!(comes("idp|88").await, betty);
    assert_ne!(comes("idp|8").await, betty);

    let taken = |id: &str| {
        json!([{
            "__typename": "Refused",
            "code": "EXTERNAL_ID_TAKEN",
            "message": format!("the externalId {id} is that of another user"),
            "path": ["input", "externalId"],
        }])
    };
    let aarons_id = aaron.as_str().expect("an id");
    for id in ["idp|7", aarons_id] {
        assert_eq!(hosted.service(UPDATE, link(&betty, id)).await["errors"], taken(id));
        let created = hosted.service(CREATE, json!({ "username": "carol", "externalId": id })).await;
        assert_eq!(created["errors"], taken(id));
    }
    assert_eq!(hosted.service(UPDATE, link(&aaron, "idp|7")).await["errors"], json!([]), "his own");
    let wrong = hosted.service(UPDATE, link(&betty, "a\nb")).await;
    assert_eq!(wrong["errors"][0]["code"], "EXTERNAL_ID_INVALID");

    let bettys = hosted.host.signs(json!({ "sub": "idp|88" }));
    let refused = hosted.asks(&bettys, UPDATE, json!({ "input": { "externalId": "idp|9" } })).await;
    let error = &refused["updateUser"]["errors"][0];
    let message = "only a service sets an externalId: a token whose scope has messenger:service";
    assert_eq!((&error["code"], &error["message"]), (&json!("FORBIDDEN"), &json!(message)));
}

#[tokio::test]
async fn a_service_names_users_by_the_ids_of_the_host() {
    let hosted = Hosted::start(shared_secret()).await;
    // A host whose own ids look like ids of this server.
    let sub = "user_01h455vb4pex5vsknk084sn02q";
    let aaron = hosted.comes(json!({ "sub": sub, "username": "aaron" })).await;
    assert_eq!(aaron["externalId"], sub);
    for named in [sub, aaron["id"].as_str().expect("an id")] {
        for token in [hosted.host.signs_for_service(), hosted.host.signs(json!({ "sub": sub }))] {
            let request = hosted.server.request(Method::POST, "/graphql").header("Messenger-User", named);
            let request = request.bearer_auth(token).json(&json!({ "query": VIEWER }));
            assert_eq!(hosted.server.send(request).await.body, json!({ "data": { "viewer": aaron } }));
        }
    }
    // Once known, they are found without the database.
    hosted.server.statements();
    hosted.asks(&hosted.host.signs(json!({ "sub": sub })), "{ __typename }", json!({})).await;
    let reads = hosted.server.statements();
    assert!(!reads.iter().any(|statement| statement.contains("`users`")), "{reads:?}");
}
