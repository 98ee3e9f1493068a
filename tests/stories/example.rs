//! `example-setup`: something to look around in, which harms nothing that is there.

use std::path::Path;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    bad_start::refuses,
    support::{Process, content, files, folder, printed},
};

/// The paragraph of what `example-setup` prints that starts like this, without its indentation.
fn paragraph(said: &str, start: &str) -> String {
    let found = said.split("\n\n").map(str::trim).find(|text| text.starts_with(start));
    found.unwrap_or_else(|| panic!("{start}: {said}")).to_owned()
}

async fn texts(server: &Process, query: &str) -> Vec<String> {
    let answer = server.ask(query, json!({})).await.expect("an answer");
    crate::support::texts(&answer["data"]["recentMessages"])
}

#[tokio::test]
async fn the_example_can_be_tried_as_it_says() {
    let table: [(&[&str], &str); 2] =
        [(&["example-setup"], "example.db"), (&["example-setup", "--database", "mine.db"], "mine.db")];
    for (arguments, file) in table {
        let folder = folder();
        let said = printed(folder.path(), arguments, &[]);
        assert_eq!(
            said.lines().next(),
            Some(
                format!("{file}: made aaron, betty, carol, my chatroom and 22 messages of the last weeks")
                    .as_str()
            )
        );
        assert_eq!(files(folder.path()), [file]);

        let start = paragraph(&said, "DATABASE_URL=");
        let (name, value) = start
            .strip_suffix(" cargo run")
            .and_then(|setting| setting.split_once('='))
            .expect("a setting and a command");
        let server =
            Process::start_as(folder.path(), &[], &[("MESSENGER_ADDR", "127.0.0.1:0"), (name, value)]);
        assert_eq!(
            paragraph(&said, "4."),
            "4. Open http://127.0.0.1:8080/chat/ in two windows, as two people: the example chat."
        );
        let last_hundred = paragraph(&said, "query");
        let thirty_days = last_hundred.replace("{last: 100}", "{days: 30}");
        let all = texts(&server, &last_hundred).await;
        let recent = texts(&server, &thirty_days).await;
        assert_eq!(
            all.split_last().expect("a message"),
            (&"Hi Betty, this is Aaron. Is this thing on?".to_owned(), recent.as_slice()),
            "the oldest is older than thirty days"
        );
        assert_ne!(recent, [""; 0]);

        let answer = server.ask(&paragraph(&said, "mutation"), json!({})).await;
        let payload = answer.expect("an answer")["data"]["sendMessage"].clone();
        assert_eq!(payload["errors"], json!([]), "{payload}");
        let all = texts(&server, &last_hundred).await;
        assert_eq!(all.first().map(String::as_str), Some("Hello, Betty!"));
    }
}

#[test]
fn the_example_is_set_up_once() {
    let folder = folder();
    let first = printed(folder.path(), &["example-setup"], &[]);
    let made = content(folder.path());

    let second = printed(folder.path(), &["example-setup"], &[]);

    let (done, steps) = second.split_once('\n').expect("lines");
    assert_eq!(done, "example.db: the example is there already; nothing was changed");
    assert_eq!(Some(steps), first.split_once('\n').map(|(_, steps)| steps), "what to try is told again");
    assert_eq!(content(folder.path()), made);
}

/// Runs a mutation on the database `messenger.db`, which is closed again.
async fn change(folder: &Path, mutation: &str) -> Value {
    let server = Process::start(folder);
    let answer = server.ask(mutation, json!({})).await.expect("an answer");
    server.signal(Signal::TERM);
    assert_eq!(server.ended().0, Some(0));
    answer["data"].clone()
}

#[tokio::test]
async fn a_renamed_example_is_still_the_example() {
    let folder = folder();
    let setup = ["example-setup", "--database", "messenger.db"];
    printed(folder.path(), &setup, &[]);
    let rename = "mutation {
        updateUser(input: {userId: \"user_01kdvq5a00eaaaaaaaaaaaaaaa\", username: \"aaron2\"}) { errors { code } }
    }";
    let renamed = change(folder.path(), rename).await;
    assert_eq!(renamed, json!({ "updateUser": { "errors": [] } }));

    let said = printed(folder.path(), &setup, &[]);

    let done = "messenger.db: the example is there already; nothing was changed";
    assert_eq!(said.lines().next(), Some(done));
}

#[tokio::test]
async fn the_example_does_not_mix_with_strangers() {
    for username in ["aaron", "carol"] {
        let folder = folder();
        let create =
            format!("mutation {{ createUser(input: {{username: \"{username}\"}}) {{ errors {{ code }} }} }}");
        let created = change(folder.path(), &create).await;
        assert_eq!(created, json!({ "createUser": { "errors": [] } }));
        refuses(
            &folder,
            &["example-setup", "--database", "messenger.db"],
            &[],
            &format!(
                "messenger.db: somebody else is called {username} there; fill another database, with --database FILE"
            ),
        );
    }
}

#[test]
fn a_database_that_is_none_is_refused_by_the_name_of_the_flag() {
    let folder = folder();
    let table = [
        ("", "--database is empty; name a file, such as example.db"),
        (" ", "--database is empty; name a file, such as example.db"),
        (
            "postgres://x",
            "--database: PostgreSQL is not supported by this version yet; use a path or sqlite://path",
        ),
        ("sqlite://", "--database: the path is missing; use a path or sqlite://path"),
    ];
    for (database, expected) in table {
        refuses(&folder, &["example-setup", "--database", database], &[], expected);
    }
}
