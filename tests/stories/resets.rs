//! A cursor of another log is not taken for one of this.

use diesel::{Connection, RunQueryDsl, sql_query, sqlite::SqliteConnection};
use serde_json::{Value, json};

use crate::support::{Actor, Server};

fn reset() -> Value {
    json!({
        "__typename": "ResetRequired",
        "advice": "the server cannot tell what came after this cursor; read what you show anew",
    })
}

#[tokio::test]
async fn a_cursor_of_another_server_is_noticed_wherever_that_one_stands() {
    let (here, elsewhere) = (Server::start().await, Server::start().await);
    let (aaron, betty) = (here.user("aaron").await, here.user("betty").await);
    let stranger = elsewhere.user("aaron").await;
    let start = stranger.listens().await.cursor;
    stranger.sends(&stranger, "note").await;
    let page = elsewhere.ask("{ users { eventCursor } }", json!({})).await;
    let end = page["data"]["users"]["eventCursor"].clone();
    stranger.sends(&stranger, "another note").await;
    let ahead = stranger.listens().await.cursor;
    aaron.sends(&betty, "before").await;

    for cursor in [start, end, ahead] {
        let mut ear = betty.follows(json!({ "after": cursor })).await;
        assert_eq!(ear.hears().await, reset(), "{cursor}");
        let place = ear.cursor.clone();
        assert_eq!(ear.hears().await, json!({ "__typename": "CaughtUp", "position": place }));
        let sent = aaron.sends(&betty, "now").await;
        let message = json!({ "id": sent["id"], "seq": sent["seq"], "text": "now" });
        assert_eq!(
            ear.hears().await,
            json!({ "__typename": "MessageSent", "message": message }),
            "it goes on"
        );
    }
}

fn betty<'a>(server: &'a Server, id: &str) -> Actor<'a> {
    Actor { server, username: "betty".to_owned(), id: id.to_owned() }
}

#[tokio::test]
async fn a_log_is_itself_after_a_restart_and_another_one_with_a_new_id() {
    let server = Server::start().await;
    let id = server.user("betty").await.id;
    betty(&server, &id).sends(&betty(&server, &id), "note").await;
    let cursor = betty(&server, &id).listens().await.cursor;

    let server = server.restart().await;
    let mut ear = betty(&server, &id).follows(json!({ "after": cursor })).await;
    assert_eq!(ear.hears().await, json!({ "__typename": "CaughtUp", "position": cursor }));

    // What docs/operating.md says to do after a backup was put back.
    let mut file = SqliteConnection::establish(&server.file().display().to_string()).expect("a database");
    sql_query("UPDATE log SET id = random()").execute(&mut file).expect("a new id");
    let server = server.restart().await;
    let mut ear = betty(&server, &id).follows(json!({ "after": cursor })).await;
    assert_eq!(ear.hears().await, reset());
}
