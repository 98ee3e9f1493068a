//! One process at a time works with a database file, by whichever path, and only while the file is where it
//! was.

use std::{fs, os::unix::fs::symlink, thread};

use reqwest::Method;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{Process, SECRET, Server, folder, run};

#[tokio::test]
async fn a_second_server_waits_for_the_first_and_other_commands_say_who_is_there() {
    let folder = folder();
    let first = Process::start(folder.path());
    symlink("messenger.db", folder.path().join("link.db")).expect("a link");
    let path = folder.path().to_owned();
    let second = thread::spawn(move || Process::start(&path));

    let commands: [&[&str]; 4] = [
        &["migrate"],
        &["migrate", "--database", "link.db"],
        &["example-setup", "--database", "./messenger.db"],
        &["seed", "--database", "messenger.db", "--messages", "1"],
    ];
    for command in commands {
        let output = run(folder.path(), command, &[]);
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.starts_with("messenger: cannot use the database "), "{said}");
        assert!(said.contains(&format!(" ({}), since 20", first.url)), "{said}");
        assert!(said.ends_with("Z, is using it; stop that one first\n"), "{said}");
    }
    assert!(!second.is_finished(), "it waits");
    let create = "mutation { createUser(input: {username: \"aaron\"}) { user { username } } }";
    first.ask(create, json!({})).await.expect("an answer");

    first.signal(Signal::TERM);
    assert_eq!(first.ended().0, Some(0));
    let second = second.join().expect("it starts");
    let users = second.ask("{ users { nodes { username } } }", json!({})).await.expect("an answer");
    assert_eq!(users, json!({ "data": { "users": { "nodes": [{ "username": "aaron" }] } } }));

    second.kill();
    let third = Process::start(folder.path());
    third.signal(Signal::TERM);
    assert_eq!(third.ended().0, Some(0), "nothing of a killed server stands in the way");
}

#[test]
fn a_token_is_made_while_the_server_runs() {
    let folder = folder();
    let environment = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_JWT_SECRET", SECRET)];
    let _server = Process::start_as(folder.path(), &[], &environment);
    let output = run(folder.path(), &["token", "nobody"], &environment[1..]);
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("there is no user nobody"), "{said}");
}

#[test]
fn a_file_with_two_names_is_refused() {
    let folder = folder();
    assert!(run(folder.path(), &["migrate"], &[]).status.success());
    fs::hard_link(folder.path().join("messenger.db"), folder.path().join("other.db")).expect("a name");
    let output = run(folder.path(), &["migrate", "--database", "other.db"], &[]);
    assert_eq!(
        String::from_utf8(output.stderr).expect("text"),
        "messenger: cannot use the database other.db: it has 2 names (hard links), and SQLite would keep a WAL for each of them; \
         remove the other names\n"
    );
}

/// How the server answers a message, and whether it says that it is ready.
async fn answers(server: &Server, sender_id: &str) -> (Value, u16) {
    let send = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }";
    let input = json!({ "senderId": sender_id, "recipientId": sender_id, "text": "a note" });
    let answer = server.ask(send, json!({ "input": input })).await;
    let told = match answer.get("errors") {
        Some(errors) => errors[0]["extensions"]["code"].clone(),
        None => answer["data"]["sendMessage"]["message"]["seq"].clone(),
    };
    (told, server.send(server.request(Method::GET, "/health/ready")).await.status)
}

#[tokio::test]
async fn nothing_is_acknowledged_while_the_file_is_away_or_another_one() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    assert_eq!(answers(&server, &aaron.id).await, (json!(1), 200));
    let file = server.file();
    let wal = file.with_extension("db-wal");
    let aside = file.with_extension("aside");
    let refused = (json!("UNAVAILABLE"), 503);
    for moved in [&file, &wal] {
        fs::rename(moved, &aside).expect("it is taken away");
        assert_eq!(answers(&server, &aaron.id).await, refused, "{}", moved.display());
        assert!(!aaron.reads_texts(json!({})).await.is_empty(), "what was stored is read");
        fs::rename(&aside, moved).expect("it is put back");
        assert_eq!(answers(&server, &aaron.id).await.1, 200);
    }
    fs::rename(&file, &aside).expect("it is taken away");
    fs::copy(&aside, &file).expect("another one");
    assert_eq!(answers(&server, &aaron.id).await, refused);
    fs::rename(&aside, &file).expect("it is put back");
    assert_eq!(answers(&server, &aaron.id).await, (json!(4), 200));
    let texts = aaron.reads_texts(json!({})).await;
    assert_eq!(texts.len(), 4, "what was refused is not there: {texts:?}");
}
