//! `messenger token`: an operator makes a token and uses it.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    bad_start::refuses,
    support::{Process, SECRET, Socket, files, folder, key_file, printed, run},
};

const VIEWER: &str = "{ viewer { username } }";

async fn ask(url: &str, token: &str, query: &str) -> (u16, Value) {
    let request = reqwest::Client::new().post(format!("{url}/graphql")).bearer_auth(token);
    let response = request.json(&json!({ "query": query })).send().await.expect("an answer");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

#[tokio::test]
async fn a_token_is_made_and_believed() {
    let secret = ("MESSENGER_JWT_SECRET", SECRET);
    let all = [secret, ("MESSENGER_JWT_AUDIENCE", "chat"), ("MESSENGER_JWT_ISSUER", "host")];
    for settings in [[secret].as_slice(), &all] {
        let folder = folder();
        let mut environment = vec![("MESSENGER_ADDR", "127.0.0.1:0")];
        environment.extend(settings);
        let server = Process::start_as(folder.path(), &[], &environment);
        assert!(server.greeting.contains("\n  Sign-in    tokens signed with HS256\n"), "{}", server.greeting);
        let token = |arguments: &[&str]| {
            printed(folder.path(), &[&["token"], arguments].concat(), settings).trim_end().to_owned()
        };
        let create = "mutation { createUser(input: {username: \"betty\"}) { errors { code } } }";
        let created = ask(&server.url, &token(&["--service"]), create).await;
        assert_eq!(created, (200, json!({ "data": { "createUser": { "errors": [] } } })));

        let betty = (200, json!({ "data": { "viewer": { "username": "betty" } } }));
        for arguments in
            [["betty"].as_slice(), &["BETTY", "--ttl", "30s"], &["--service", "betty", "--ttl", "7d"]]
        {
            assert_eq!(ask(&server.url, &token(arguments), VIEWER).await, betty, "{arguments:?}");
        }
        let nobody = (200, json!({ "data": { "viewer": null } }));
        assert_eq!(ask(&server.url, &token(&["--service"]), VIEWER).await, nobody);
    }
}

#[test]
fn a_token_that_cannot_be_made_is_told_why() {
    let secret = ("MESSENGER_JWT_SECRET", SECRET);
    let folder = folder();
    let no_key = "there is no key to sign with; set MESSENGER_JWT_SECRET, as for the server";
    refuses(&folder, &["token", "betty"], &[], no_key);
    let public = key_file("ec-one.pub.pem").display().to_string();
    let no_secret = "a token can be made here only with MESSENGER_JWT_SECRET; with a public key or a JWKS, whoever has the private key signs";
    refuses(&folder, &["token", "betty"], &[("MESSENGER_JWT_PUBLIC_KEY_FILE", &public)], no_secret);
    refuses(
        &folder,
        &["token", "--service"],
        &[("MESSENGER_JWKS_URL", "https://id.example/keys")],
        no_secret,
    );
    let no_database = "messenger.db: there is no such database; start the server on it first";
    refuses(&folder, &["token", "betty"], &[secret], no_database);
    assert_eq!(files(folder.path()), [""; 0]);
    printed(folder.path(), &["migrate"], &[]);
    let nobody = "messenger.db: there is no user betty; create them with the mutation createUser";
    refuses(&folder, &["token", "betty"], &[secret], nobody);
}

#[tokio::test]
async fn no_log_holds_a_token_however_much_is_logged() {
    let folder = folder();
    let secret = ("MESSENGER_JWT_SECRET", SECRET);
    let environment = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_LOG", "trace"), secret];
    let server = Process::start_as(folder.path(), &[], &environment);
    let token = printed(folder.path(), &["token", "--service"], &[secret]).trim_end().to_owned();
    assert_eq!(ask(&server.url, &token, "{ __typename }").await.0, 200);
    let mut socket =
        Socket::open_as(&server.url, json!({ "Authorization": format!("Bearer {token}") })).await;
    socket.subscribes("1", "{ __typename }", json!({})).await;
    assert_eq!(socket.hears().await["payload"]["data"]["__typename"], "Query");
    drop(socket);
    server.signal(Signal::TERM);
    let (_, log) = server.ended();
    assert!(log.contains("DEBUG") && log.contains("messenger::"), "it does log: {log}");
    let signature = token.rsplit('.').next().expect("three parts");
    assert!(!log.contains(signature) && !log.contains(SECRET), "{log}");
}

#[test]
fn a_token_needs_a_username_or_service() {
    let folder = folder();
    let usage = "Usage: messenger token [OPTIONS] <USERNAME>\n       messenger token [OPTIONS] --service [USERNAME]\n";
    let without = run(folder.path(), &["token"], &[]);
    let said = String::from_utf8(without.stderr).expect("text");
    assert_eq!(without.status.code(), Some(2));
    assert!(said.contains(usage), "{said}");
    assert!(printed(folder.path(), &["token", "--help"], &[]).contains(usage));
}
