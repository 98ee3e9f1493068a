//! Messages are found before they are indexed.

use diesel::{QueryResult, RunQueryDsl, dsl::sql, sql_types::BigInt, sqlite::SqliteConnection};
use futures_util::future::join;
use messenger::{
    domain::{Draft, send_messages},
    store::{Connection, StoreError},
    types::MessageText,
};
use serde_json::json;
use tokio::sync::oneshot;

use super::{found, search};
use crate::{
    bad_start::connect,
    support::{Actor, Server, texts},
};

/// How many messages wait for the index.
fn count_waiting(connection: &mut SqliteConnection) -> QueryResult<i64> {
    sql::<BigInt>("SELECT count(*) FROM unindexed_messages").get_result(connection)
}

async fn waiting(server: &Server) -> i64 {
    let work = |connection: &mut Connection| -> Result<i64, StoreError> {
        let Connection::Sqlite(connection) = connection;
        Ok(count_waiting(connection)?)
    };
    server.app.store.read(work).await.expect("a count")
}

/// More messages than are indexed in one commit, and so many rows that no other write shares it.
fn many(from: &Actor<'_>, to: &Actor<'_>) -> Vec<Draft> {
    let draft = |number| Draft {
        sender_id: from.id.parse().expect("an id"),
        recipient_id: to.id.parse().expect("an id"),
        text: MessageText::parse(format!("東京都 number {number}")).expect("a text"),
        client_message_id: None,
        reply_to_id: None,
    };
    (0..1_000).map(draft).collect()
}

#[tokio::test]
async fn what_is_committed_is_found_although_the_index_is_behind() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    carol.sends(&betty, "京都 is number 999 of another").await;
    let (begin, held) = oneshot::channel();
    let (end, ended) = oneshot::channel::<()>();
    // The writer has nothing else to do while this one waits, so the rest of the messages is not indexed.
    let busy = server.app.store.write(move |_| -> Result<(), StoreError> {
        begin.send(()).expect("somebody waits");
        ended.blocking_recv().expect("the end");
        Ok(())
    });
    let searches = async {
        held.await.expect("the writer is held");
        assert!(waiting(&server).await > 500, "the index is behind");
        assert_eq!(found(&betty, "京都 999").await, ["東京都 number 999", "京都 is number 999 of another"]);
        assert_eq!(found(&betty, "東京 numb 0").await, ["東京都 number 0"]);
        assert_eq!(found(&carol, "東京").await, [""; 0], "she is not in that conversation");
        let from = json!({ "text": "number 999", "from": carol.id });
        assert_eq!(texts(&search(&betty, from).await), ["京都 is number 999 of another"]);
        // Page by page over the border between what is indexed and what waits.
        let mut seen = 0;
        let mut after = json!(null);
        loop {
            let page =
                search(&betty, json!({ "text": "東京", "from": aaron.id, "first": 100, "after": after }))
                    .await;
            let on_page = texts(&page);
            let expected =
                (0..1_000).rev().skip(seen).take(100).map(|number| format!("東京都 number {number}"));
            assert_eq!(on_page, expected.collect::<Vec<_>>());
            seen += on_page.len();
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(seen, 1_000);
        end.send(()).expect("the writer waits");
    };
    let sent = send_messages(&server.app, many(&aaron, &betty));
    let (sent, (busy, ())) = join(sent, join(busy, searches)).await;
    sent.expect("messages");
    busy.expect("nothing to fail");
}

#[tokio::test]
async fn all_is_indexed_before_the_store_is_closed() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    send_messages(&server.app, many(&aaron, &betty)).await.expect("messages");

    server.app.store.close();

    assert_eq!(count_waiting(&mut connect(&server.file())).expect("a count"), 0);
}
