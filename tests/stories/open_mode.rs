//! A server without a key: for development, on one's own machine.

use reqwest::Method;
use serde_json::json;

use crate::{
    bad_start::refuses,
    support::{Host, Process, SECRET, Server, folder, shared_secret},
};

const ASK: &str = "{ serverInfo { openMode } }";
const EVERYWHERE: (&str, &str) = ("MESSENGER_ADDR", "0.0.0.0:0");

#[tokio::test]
async fn a_server_says_whether_it_is_open() {
    let open = Server::start().await.ask(ASK, json!({})).await;
    assert_eq!(open, json!({ "data": { "serverInfo": { "openMode": true } } }));
    let server = Server::start_with_keys(shared_secret()).await;
    let keyed = server.ask_with(&Host::with_secret().signs_for_service(), ASK, json!({})).await;
    assert_eq!(keyed.body, json!({ "data": { "serverInfo": { "openMode": false } } }));
}

#[test]
fn an_open_server_starts_where_only_this_machine_reaches_it() {
    let folder = folder();
    let refused = "without a key everybody may act as anybody, and others reach 0.0.0.0:…: set MESSENGER_JWT_SECRET (or \
                   MESSENGER_JWT_PUBLIC_KEY_FILE, MESSENGER_JWKS_FILE, MESSENGER_JWKS_URL), or MESSENGER_ALLOW_OPEN=1 to \
                   start all the same";
    refuses(&folder, &[], &[EVERYWHERE], refused);
    refuses(&folder, &["--addr", "0.0.0.0:0", "--allow-open", "0"], &[], refused);
    let neither = "MESSENGER_ALLOW_OPEN or --allow-open: perhaps is neither 1 nor 0";
    refuses(&folder, &[], &[EVERYWHERE, ("MESSENGER_ALLOW_OPEN", "perhaps")], neither);
    let audience = "MESSENGER_JWT_AUDIENCE or --jwt-audience is set, and no key to verify tokens with; set MESSENGER_JWT_SECRET, \
                    MESSENGER_JWT_PUBLIC_KEY_FILE, MESSENGER_JWKS_FILE or MESSENGER_JWKS_URL";
    refuses(&folder, &[], &[("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_JWT_AUDIENCE", "chat")], audience);
    let short = "MESSENGER_JWT_SECRET or --jwt-secret: the secret has 5 bytes and must have 32 or more; `openssl rand -base64 48` makes one";
    refuses(&folder, &[], &[("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_JWT_SECRET", "short")], short);
}

#[test]
fn an_open_server_says_so_in_its_log_and_its_greeting() {
    let banner = "open mode: whoever reaches this address may read everything and act as anybody";
    for allowed in [&[("MESSENGER_ADDR", "127.0.0.1:0")][..], &[EVERYWHERE, ("MESSENGER_ALLOW_OPEN", "1")]] {
        let folder = folder();
        let server = Process::start_as(folder.path(), &[], allowed);
        assert!(server.greeting.contains("OPEN MODE"), "{}", server.greeting);
        server.signal(rustix::process::Signal::TERM);
        let (code, said) = server.ended();
        assert_eq!(code, Some(0));
        assert!(said.contains(banner), "{said}");
    }
    let folder = folder();
    let server = Process::start_as(folder.path(), &[], &[EVERYWHERE, ("MESSENGER_JWT_SECRET", SECRET)]);
    assert!(!server.greeting.contains("OPEN MODE"), "{}", server.greeting);
    server.signal(rustix::process::Signal::TERM);
    let (_, said) = server.ended();
    assert!(!said.contains(banner) && !said.contains(SECRET), "{said}");
}

/// A page whose name was made to point at the server (DNS rebinding) still names itself.
#[tokio::test]
async fn an_open_server_that_others_reach_is_called_by_its_addresses_alone() {
    let folder = folder();
    let settings =
        [EVERYWHERE, ("MESSENGER_ALLOW_OPEN", "1"), ("MESSENGER_ALLOWED_ORIGINS", "https://chat.example")];
    let server = Process::start_as(folder.path(), &[], &settings);
    let client = reqwest::Client::new();
    let table = [
        ("localhost:8080", 200),
        ("192.168.0.7:8080", 200),
        ("[2001:db8::7]", 200),
        ("chat.example", 200),
        ("evil.example", 403),
        ("192.168.0.7.evil.example", 403),
    ];
    for (host, status) in table {
        let request = client.post(format!("{}/graphql", server.url)).header("host", host);
        let origin = format!("http://{host}");
        let request = request.header("origin", origin).json(&json!({ "query": ASK }));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{host}");
        let body: serde_json::Value = answer.json().await.expect("JSON");
        let code = &body["errors"][0]["extensions"]["code"];
        assert_eq!(code == "HOST_NOT_ALLOWED", status == 403, "{host}: {body}");
    }
}

/// A proxy on the same machine hands on the name that clients call.
#[tokio::test]
async fn with_a_key_a_server_may_be_called_by_any_name() {
    let server = Server::start_with_keys(shared_secret()).await;
    let token = Host::with_secret().signs_for_service();
    let request = server.request(Method::POST, "/graphql").bearer_auth(&token);
    let request = request.header("Host", "chat.example").header("Origin", "https://chat.example");
    assert_eq!(server.send(request.json(&json!({ "query": ASK }))).await.status, 200);
}
