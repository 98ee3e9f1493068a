//! A JWKS, in a file or at an address: keys come and go while the server runs.

use std::{
    fs,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, http::StatusCode, routing::get};
use messenger::config::KeySource;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    bad_start::refuses,
    support::{Host, NOON, Server, folder, key_file, keys},
};

const VIEWER: &str = "{ viewer { username } }";
const UNKNOWN_KID: &str =
    "the token has an unknown kid: sign it with a key of this server's JWKS, and name that key in kid";

/// Where somebody publishes their keys.
#[derive(Clone)]
struct Publisher {
    url: String,
    /// What it answers, and how often it was asked.
    page: Arc<Mutex<(StatusCode, String, usize)>>,
}

impl Publisher {
    async fn of(hosts: &[&Host]) -> Self {
        let page = Arc::new(Mutex::new((StatusCode::OK, jwks(hosts), 0)));
        let shown = Arc::clone(&page);
        let show = async move || {
            let mut page = shown.lock().expect("nobody panicked here");
            page.2 += 1;
            (page.0, page.1.clone())
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/keys", listener.local_addr().expect("an address"));
        let routes = Router::new().route("/keys", get(show));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, page }
    }

    fn publishes(&self, status: StatusCode, text: String) {
        let mut page = self.page.lock().expect("nobody panicked here");
        (page.0, page.1) = (status, text);
    }

    fn was_asked(&self) -> usize {
        self.page.lock().expect("nobody panicked here").2
    }
}

fn jwks(hosts: &[&Host]) -> String {
    let keys: Vec<Value> = hosts.iter().map(|host| host.jwk()).collect();
    json!({ "keys": keys }).to_string()
}

/// The status of the answer to a token that is good for ten years, and what it says.
async fn ask(server: &Server, host: &Host) -> (u16, Value) {
    let token = host.signs(json!({ "sub": "1", "username": "aaron", "exp": NOON + 10 * 365 * 86_400 }));
    let answer = server.ask_with(&token, VIEWER, json!({})).await;
    (answer.status, answer.body)
}

async fn believes(server: &Server, host: &Host) {
    assert_eq!(ask(server, host).await, (200, json!({ "data": { "viewer": { "username": "aaron" } } })));
}

async fn does_not_know(server: &Server, host: &Host) {
    let error = json!({ "message": UNKNOWN_KID, "extensions": { "code": "UNAUTHENTICATED" } });
    assert_eq!(ask(server, host).await, (401, json!({ "errors": [error] })));
}

#[tokio::test]
async fn every_kind_of_key_is_found_by_its_name() {
    let hosts = [("rsa", "one"), ("ec", "one"), ("ed", "one"), ("ec", "two")]
        .map(|(kind, number)| Host::with_key(kind, number).called(&format!("{kind}-{number}")));
    let publisher = Publisher::of(&hosts.each_ref()).await;
    let server = Server::start_with_keys(keys(KeySource::JwksUrl(publisher.url.clone()))).await;
    for host in &hosts {
        believes(&server, host).await;
    }
    does_not_know(&server, &Host::with_key("ec", "one")).await;
    does_not_know(&server, &Host::with_key("ec", "one").called("another")).await;
    let message = async |host: Host| ask(&server, &host).await.1["errors"][0]["message"].clone();
    assert_eq!(
        message(Host::with_key("ec", "one").called("ec-two")).await,
        "the token has a wrong signature: it was signed with another key than this server's, or changed"
    );
    assert_eq!(
        message(Host::with_secret().called("rsa-one")).await,
        "the token has the wrong alg: sign it with RS256, which is what this server's key is for"
    );
    assert_eq!(publisher.was_asked(), 1);
}

#[tokio::test]
async fn a_new_key_is_looked_for_and_not_more_often_than_needed() {
    let (one, two) = (Host::with_key("ed", "one").called("one"), Host::with_key("ed", "two").called("two"));
    let publisher = Publisher::of(&[&one]).await;
    let server = Server::start_with_keys(keys(KeySource::JwksUrl(publisher.url.clone()))).await;
    publisher.publishes(StatusCode::OK, jwks(&[&one, &two]));
    does_not_know(&server, &two).await;
    assert_eq!(publisher.was_asked(), 1, "it was asked just now");
    server.clock.forward(Duration::from_secs(30));
    believes(&server, &two).await;
    believes(&server, &one).await;
    assert_eq!(publisher.was_asked(), 2);
    let strangers =
        [Host::with_key("ed", "two").called("three"), Host::with_key("rsa", "two").called("four")];
    for _ in 0..3 {
        server.clock.forward(Duration::from_secs(15));
        for stranger in &strangers {
            does_not_know(&server, stranger).await;
        }
    }
    assert_eq!(publisher.was_asked(), 3);
}

#[tokio::test]
async fn the_last_good_keys_stay_while_no_others_can_be_read() {
    let (one, two) = (Host::with_key("rsa", "one").called("one"), Host::with_key("rsa", "two").called("two"));
    let publisher = Publisher::of(&[&one]).await;
    let server = Server::start_with_keys(keys(KeySource::JwksUrl(publisher.url.clone()))).await;
    let nothing_good = [
        (StatusCode::INTERNAL_SERVER_ERROR, jwks(&[&two])),
        (StatusCode::OK, "<html>".to_owned()),
        (StatusCode::OK, json!({ "keys": [] }).to_string()),
        (StatusCode::OK, " ".repeat(2 * 1024 * 1024)),
    ];
    for (number, (status, text)) in nothing_good.into_iter().enumerate() {
        publisher.publishes(status, text);
        server.clock.forward(Duration::from_secs(30));
        does_not_know(&server, &two).await;
        believes(&server, &one).await;
        assert_eq!(publisher.was_asked(), number + 2);
    }
}

#[tokio::test]
async fn a_key_that_is_taken_away_is_soon_believed_no_more() {
    // They sign the same claims alike each time, so that it is a token that was believed which is believed no more.
    let (one, two) = (Host::with_key("ed", "one").called("one"), Host::with_key("ed", "two").called("two"));
    let folder = folder();
    let file = folder.path().join("jwks.json");
    fs::write(&file, jwks(&[&one, &two])).expect("a file");
    let server = Server::start_with_keys(keys(KeySource::JwksFile(file.clone()))).await;
    let auth = server.app.auth.clone();
    let refreshing = tokio::spawn(async move { auth.keep_fresh().await });
    believes(&server, &one).await;
    fs::write(&file, jwks(&[&two])).expect("a file");
    let gone = async {
        while ask(&server, &one).await.0 == 200 {
            server.clock.forward(Duration::from_mins(5));
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("it is read again");
    does_not_know(&server, &one).await;
    believes(&server, &two).await;
    refreshing.abort();
}

#[tokio::test]
async fn what_is_no_key_for_signing_is_passed_over() {
    let one = Host::with_key("ec", "one").called("one");
    let mut encrypting = Host::with_key("rsa", "one").called("encrypting").jwk();
    encrypting["use"] = json!("enc");
    let mut other = Host::with_key("rsa", "one").called("other").jwk();
    other["alg"] = json!("RS512");
    let secret = Host::with_secret().called("secret").jwk();
    let listed = json!({ "keys": [encrypting, other, secret, { "kty": "new" }, 7, one.jwk()] });
    let publisher = Publisher::of(&[]).await;
    publisher.publishes(StatusCode::OK, listed.to_string());
    let server = Server::start_with_keys(keys(KeySource::JwksUrl(publisher.url))).await;
    believes(&server, &one).await;
    for (kind, kid) in [("rsa", "encrypting"), ("rsa", "other")] {
        does_not_know(&server, &Host::with_key(kind, "one").called(kid)).await;
    }
    does_not_know(&server, &Host::with_secret().called("secret")).await;
}

#[tokio::test]
async fn a_hundred_keys_that_are_for_something_else_hide_none() {
    let one = Host::with_key("ec", "one").called("one");
    let mut encrypting = Host::with_key("rsa", "one").called("encrypting").jwk();
    encrypting["use"] = json!("enc");
    let mut listed = vec![encrypting; 150];
    listed.push(one.jwk());
    let publisher = Publisher::of(&[]).await;
    publisher.publishes(StatusCode::OK, json!({ "keys": listed }).to_string());
    let server = Server::start_with_keys(keys(KeySource::JwksUrl(publisher.url))).await;
    believes(&server, &one).await;
}

#[tokio::test]
async fn keys_of_one_name_are_told_apart_by_their_algorithm() {
    let hosts = ["rsa", "ec", "ed"].map(|kind| Host::with_key(kind, "one").called("today"));
    let publisher = Publisher::of(&hosts.each_ref()).await;
    let server = Server::start_with_keys(keys(KeySource::JwksUrl(publisher.url))).await;
    for host in &hosts {
        believes(&server, host).await;
    }
    let answer = ask(&server, &Host::with_secret().called("today")).await.1;
    let wrong = "the token has the wrong alg: sign it with RS256, which is what this server's key is for";
    assert_eq!(answer["errors"][0]["message"], wrong);
}

#[test]
fn keys_that_cannot_be_read_stop_the_start() {
    const ADDR: (&str, &str) = ("MESSENGER_ADDR", "127.0.0.1:0");
    let folder = folder();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("a file");
        file.display().to_string()
    };
    let private = key_file("rsa-one.pem").display().to_string();
    let (no_pem, no_jwks) = (write("no.pem", "key"), write("no.json", "{}"));
    let empty = write("empty.json", r#"{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}"#);
    let table = [
        (
            ("MESSENGER_JWT_PUBLIC_KEY_FILE", "missing.pem"),
            "MESSENGER_JWT_PUBLIC_KEY_FILE or --jwt-public-key-file: missing.pem: it cannot be read: …(os error 2)",
        ),
        (
            ("MESSENGER_JWT_PUBLIC_KEY_FILE", &private),
            "MESSENGER_JWT_PUBLIC_KEY_FILE or --jwt-public-key-file: …: it holds a private key, which belongs to the one who signs; give the public one",
        ),
        (
            ("MESSENGER_JWT_PUBLIC_KEY_FILE", &no_pem),
            "MESSENGER_JWT_PUBLIC_KEY_FILE or --jwt-public-key-file: …: it holds no public key in PEM form (-----BEGIN PUBLIC KEY-----) for RS256, ES256 or EdDSA",
        ),
        (
            ("MESSENGER_JWKS_FILE", &no_jwks),
            "MESSENGER_JWKS_FILE or --jwks-file: …: it is no JWKS; it must be a JSON object with the list \"keys\"",
        ),
        (
            ("MESSENGER_JWKS_FILE", &empty),
            "MESSENGER_JWKS_FILE or --jwks-file: …: it holds no key for RS256 (2048 bits or more), ES256 or EdDSA (Ed25519)",
        ),
        (
            ("MESSENGER_JWKS_URL", "http://someone:secret@127.0.0.1:1/keys"),
            "MESSENGER_JWKS_URL or --jwks-url: it cannot be read: error sending request: …(os error 111)",
        ),
        (
            ("MESSENGER_JWKS_URL", "ftp://127.0.0.1/keys"),
            "MESSENGER_JWKS_URL or --jwks-url: it must begin with https:// or http://",
        ),
    ];
    for (setting, expected) in table {
        refuses(&folder, &[], &[ADDR, setting], expected);
    }
}
