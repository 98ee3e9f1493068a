//! Tokens: which are believed, and what is told of those that are not.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use messenger::config::{AuthConfig, KeySource};
use reqwest::Method;
use serde_json::{Value, json};
use std::{fs, time::Duration};

use crate::support::{Answer, Host, NOON, Server, Socket, key_file, keys, shared_secret};

const VIEWER: &str = "{ viewer { username displayName } }";
const NAMED: &str = "{ viewer { username displayName externalId } }";

/// A server that shares a secret with the host application, and knows Aaron.
async fn server_of_aaron() -> (Server, Host, String) {
    let server = Server::start_with_keys(shared_secret()).await;
    let host = Host::with_secret();
    let aaron = server.user_of(&host, "aaron").await;
    (server, host, aaron)
}

fn is_told(answer: &Answer, message: &str) {
    let error = json!({ "message": message, "extensions": { "code": "UNAUTHENTICATED" } });
    assert_eq!((answer.status, &answer.body), (401, &json!({ "errors": [error] })));
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    assert_eq!(answer.headers["cache-control"], "no-store");
}

fn is_aaron(answer: &Answer) {
    let aaron = json!({ "data": { "viewer": { "username": "aaron", "displayName": "aaron" } } });
    assert_eq!((answer.status, &answer.body), (200, &aaron));
}

/// A token with any header, signed with the secret.
fn forged(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

#[tokio::test]
async fn aaron_is_known_by_his_token() {
    let (server, host, aaron) = server_of_aaron().await;
    let token = host.signs(json!({ "sub": aaron }));
    is_aaron(&server.ask_with(&token, VIEWER, json!({})).await);
    let get = server.request(Method::GET, "/graphql").query(&[("query", VIEWER)]);
    is_aaron(&server.send(get.header("authorization", format!("bearer {token}"))).await);
    let mut socket =
        Socket::open_as(&server.url, json!({ "authorization": format!("Bearer {token}") })).await;
    socket.subscribes("1", "{ viewer { username } }", json!({})).await;
    assert_eq!(socket.hears().await["payload"], json!({ "data": { "viewer": { "username": "aaron" } } }));
}

#[tokio::test]
async fn without_a_token_there_is_nothing_but_health_and_the_page() {
    let (server, _, _) = server_of_aaron().await;
    let missing = "the token is missing: send Authorization: Bearer TOKEN, on a WebSocket in the payload of connection_init";
    for document in
        [VIEWER, "{ __typename }", "{ __schema { types { name } } }", "{ serverInfo { version } }", "{"]
    {
        is_told(&server.post(json!({ "query": document })).await, missing);
        let get = server.request(Method::GET, "/graphql").query(&[("query", document)]);
        is_told(&server.send(get).await, missing);
    }
    let posted = || server.request(Method::POST, "/graphql");
    for accept in ["application/graphql-response+json", "text/event-stream", "image/png"] {
        let request = posted().header("accept", accept).json(&json!({ "query": VIEWER }));
        is_told(&server.send(request).await, missing);
    }
    is_told(
        &server.send(posted().header("messenger-user", "aaron").json(&json!({ "query": VIEWER }))).await,
        missing,
    );
    // As a client sends it that has not got its token yet.
    for nothing in ["Bearer ", "Bearer", "bearer  ", ""] {
        let request = posted().header("authorization", nothing).json(&json!({ "query": VIEWER }));
        is_told(&server.send(request).await, missing);
    }
    is_told(&server.send(posted().body("no JSON")).await, missing);
    is_told(&server.send(server.request(Method::PUT, "/graphql")).await, missing);
    for path in ["/", "/health/live", "/health/ready"] {
        assert_eq!(server.send(server.request(Method::GET, path)).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_believed_is_told_why() {
    let (server, host, aaron) = server_of_aaron().await;
    let good = host.signs(json!({ "sub": aaron }));
    let stranger = EncodingKey::from_secret(b"the secret of somebody quite different");
    let claims = json!({ "sub": aaron, "exp": NOON + 60 });
    let elsewhere = encode(&Header::default(), &claims, &stranger).expect("a token");
    let (head, rest) = good.split_once('.').expect("parts");
    let changed = format!("{head}.{}", rest.replacen(|letter| letter != 'e', "e", 1));
    let malformed = "the token is malformed: Authorization must be Bearer, a space and a JWT (three parts with dots between)";
    let wrong_alg = "the token has the wrong alg: sign it with HS256, which is what this server's key is for";
    let wrong_type =
        "the token has a claim of the wrong type: times are numbers of seconds, everything else is text";
    let wrong_signature =
        "the token has a wrong signature: it was signed with another key than this server's, or changed";
    let table = [
        ("abc", malformed),
        ("a.b.c", malformed),
        (&format!("{good}.x"), malformed),
        (&format!("{good}{}", "x".repeat(20_000)), malformed),
        (&forged(&json!({ "alg": "HS256", "crit": ["b64"] }), &claims, "AAAA"), malformed),
        (&forged(&json!({ "alg": "none" }), &claims, ""), wrong_alg),
        (&forged(&json!({ "alg": "RS256" }), &claims, "AAAA"), wrong_alg),
        (&Host::with_secret().signing_with(Algorithm::HS512).signs(claims.clone()), wrong_alg),
        (&Host::with_key("ec", "one").signs(claims.clone()), wrong_alg),
        (&elsewhere, wrong_signature),
        (&changed, wrong_signature),
        (&format!("{}.", good.rsplit_once('.').expect("parts").0), wrong_signature),
        (
            &host.signs(json!({ "sub": aaron, "exp": null })),
            "the token has no exp: sign one that says when it expires",
        ),
        (&host.signs(json!({ "sub": aaron, "exp": "soon" })), wrong_type),
        (
            &host.signs(json!({ "sub": aaron, "exp": (NOON + 60) * 1_000 })),
            "the token has an exp in milliseconds: sign one with seconds since 1970",
        ),
        (
            &host.signs(json!({ "sub": aaron, "nbf": NOON * 1_000 })),
            "the token has an nbf in milliseconds: sign one with seconds since 1970",
        ),
        (
            &host.signs(json!({ "sub": aaron, "iat": NOON * 1_000 })),
            "the token has an iat in milliseconds: sign one with seconds since 1970",
        ),
        (&host.signs(json!({ "sub": aaron, "iat": "now" })), wrong_type),
        (&host.signs(json!({ "sub": 7 })), wrong_type),
        (
            &host.signs(json!({ "sub": null })),
            "the token has no sub: sign one with the user's id here, or with your own id of the user",
        ),
        (
            &host.signs(json!({ "sub": "" })),
            "the token has an unusable sub: it must have 1 to 255 characters and no control characters",
        ),
    ];
    for (token, message) in table {
        is_told(&server.ask_with(token, VIEWER, json!({})).await, message);
    }
    let authorized =
        |text: &str| server.request(Method::POST, "/graphql").header("authorization", text.to_owned());
    for text in ["Basic YWFyb246eA==", &good, "Bearertoken", "Bearer\tx"] {
        is_told(&server.send(authorized(text).json(&json!({ "query": VIEWER }))).await, malformed);
    }
}

#[tokio::test]
async fn a_token_has_its_time_and_thirty_seconds_around_it() {
    let (server, host, aaron) = server_of_aaron().await;
    let token = host.signs(json!({ "sub": aaron, "nbf": NOON + 60, "exp": NOON + 120 }));
    let ask = async || server.ask_with(&token, VIEWER, json!({})).await;
    let not_yet = "the token is not valid yet (nbf): wait, or set the clock of the host that signs it";
    is_told(&ask().await, not_yet);
    server.clock.forward(Duration::from_millis(29_999));
    is_told(&ask().await, not_yet);
    server.clock.forward(Duration::from_millis(1));
    is_aaron(&ask().await);
    server.clock.forward(Duration::from_millis(119_999));
    is_aaron(&ask().await);
    server.clock.forward(Duration::from_millis(1));
    is_told(&ask().await, "the token has expired: get a new one and send it again");
}

#[tokio::test]
async fn audience_and_issuer_are_looked_at_where_they_are_set() {
    let config = AuthConfig {
        audience: Some("chat".into()),
        issuer: Some("https://id.example".into()),
        ..shared_secret()
    };
    let server = Server::start_with_keys(config).await;
    let host = Host::with_secret();
    let ask = async |aud: Value, iss: Value| {
        let claims = json!({ "sub": "1", "username": "aaron", "aud": aud, "iss": iss });
        server.ask_with(&host.signs(claims), VIEWER, json!({})).await
    };
    let right = || json!("https://id.example");
    let audience = "the token is for another audience: its aud must have what MESSENGER_JWT_AUDIENCE says";
    for aud in [Value::Null, json!("shop"), json!([]), json!(["shop", "chats"])] {
        is_told(&ask(aud, right()).await, audience);
    }
    let issuer = "the token is from another issuer: its iss must be what MESSENGER_JWT_ISSUER says";
    for iss in [Value::Null, json!("https://id.example/"), json!("chat")] {
        is_told(&ask(json!("chat"), iss).await, issuer);
    }
    for aud in [json!("chat"), json!(["shop", "chat"])] {
        is_aaron(&ask(aud, right()).await);
    }
}

#[tokio::test]
async fn a_public_key_is_for_one_algorithm() {
    for (kind, algorithm) in [("rsa", "RS256"), ("ec", "ES256"), ("ed", "EdDSA")] {
        let public = key_file(&format!("{kind}-one.pub.pem"));
        let server = Server::start_with_keys(keys(KeySource::PublicKeyFile(public.clone()))).await;
        let claims = json!({ "sub": "1", "username": "aaron" });
        let ask = async |token: &str| server.ask_with(token, VIEWER, json!({})).await;
        is_aaron(&ask(&Host::with_key(kind, "one").signs(claims.clone())).await);
        is_aaron(&ask(&Host::with_key(kind, "one").called("any").signs(claims.clone())).await);
        let wrong_signature =
            "the token has a wrong signature: it was signed with another key than this server's, or changed";
        is_told(&ask(&Host::with_key(kind, "two").signs(claims.clone())).await, wrong_signature);

        // What is public must not become a secret.
        let wrong_alg = format!(
            "the token has the wrong alg: sign it with {algorithm}, which is what this server's key is for"
        );
        let all = json!({ "sub": "1", "exp": NOON + 60 });
        let pem = EncodingKey::from_secret(&fs::read(&public).expect("a key"));
        is_told(&ask(&encode(&Header::default(), &all, &pem).expect("a token")).await, &wrong_alg);
        is_told(&ask(&forged(&json!({ "alg": "none" }), &all, "")).await, &wrong_alg);
        if kind == "rsa" {
            let padded = Host::with_key(kind, "one").signing_with(Algorithm::PS256);
            is_told(&ask(&padded.signs(claims)).await, &wrong_alg);
        }
    }
}

#[tokio::test]
async fn a_sub_is_an_id_of_here_or_of_the_host() {
    let (server, host, aaron) = server_of_aaron().await;
    is_aaron(&server.ask_with(&host.signs(json!({ "sub": aaron })), VIEWER, json!({})).await);
    let unknown =
        "the token has an unknown sub: create the user, or sign tokens with a username, which creates them";
    for sub in ["auth0|7", "user_01h455vb4pex5vsknk084sn02q", "aaron"] {
        is_told(&server.ask_with(&host.signs(json!({ "sub": sub })), VIEWER, json!({})).await, unknown);
    }
    let betty = json!({ "sub": "auth0|7", "username": "Betty", "name": "Betty B." });
    let expected = json!({ "username": "betty", "displayName": "Betty B.", "externalId": "auth0|7" });
    let expected = json!({ "data": { "viewer": expected } });
    assert_eq!(server.ask_with(&host.signs(betty.clone()), NAMED, json!({})).await.body, expected);

    // Later tokens need not say it, and change nothing.
    let writes = || {
        let statements = server.statements().into_iter();
        statements
            .filter(|statement| statement.contains("INSERT INTO `users`") || statement.starts_with("UPDATE"))
            .count()
    };
    assert_eq!(writes(), 2, "Aaron and Betty");
    for claims in
        [betty, json!({ "sub": "auth0|7" }), json!({ "sub": "auth0|7", "username": "bob", "name": "Bob" })]
    {
        assert_eq!(server.ask_with(&host.signs(claims), NAMED, json!({})).await.body, expected);
    }
    assert_eq!(writes(), 0);

    // Somebody else with this name is let in all the same, under the next free one.
    for (sub, username) in [("auth0|9", "betty-2"), ("auth0|10", "betty-3"), ("auth0|9", "betty-2")] {
        let namesake = json!({ "sub": sub, "username": "betty" });
        let expected = json!({ "username": username, "displayName": "betty", "externalId": sub });
        let answer = server.ask_with(&host.signs(namesake), NAMED, json!({})).await.body;
        assert_eq!(answer, json!({ "data": { "viewer": expected } }));
    }
    let unusable =
        "the token has an unusable username: a new user needs 1 to 32 of a-z, 0-9, '_', '.' and '-'";
    let claims = json!({ "sub": "auth0|8", "username": "Carol C." });
    is_told(&server.ask_with(&host.signs(claims), VIEWER, json!({})).await, unusable);
    // A name that cannot be shown is no reason to keep somebody out.
    let claims = json!({ "sub": "auth0|8", "username": "carol", "name": "C".repeat(100) });
    let carol = json!({ "data": { "viewer": { "username": "carol", "displayName": "carol" } } });
    assert_eq!(server.ask_with(&host.signs(claims), VIEWER, json!({})).await.body, carol);
}

#[tokio::test]
async fn many_first_requests_at_once_make_one_user() {
    let server = Server::start_with_keys(shared_secret()).await;
    let token = Host::with_secret().signs(json!({ "sub": "7", "username": "aaron" }));
    let asks = (0..20).map(|_| server.ask_with(&token, VIEWER, json!({})));
    for answer in futures_util::future::join_all(asks).await {
        is_aaron(&answer);
    }
    let count = "{ users { nodes { username } } }";
    let users = server.ask_with(&token, count, json!({})).await.body;
    assert_eq!(users, json!({ "data": { "users": { "nodes": [{ "username": "aaron" }] } } }));
}
