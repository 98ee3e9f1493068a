//! C3 and C4: searches that read much, and what waits behind them.

use std::{
    collections::BTreeMap,
    fmt::Write,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::json;

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    person::{Person, Reply},
};

/// How long a search may take until its coded answer, with what the transport adds on a busy machine.
const SEARCH: Duration = Duration::from_secs(4);

/// Many at once.
pub static FORTY: Attack = Attack {
    code: "C3a",
    name: "forty searches at once",
    sent: "40 requests with four searches each, of a word 50 times, of ten and of 26 letters; 60,000 messages",
    seeded: 60_000,
    limit: Duration::from_mins(1),
    run: |scene| Box::pin(forty(scene)),
    ..USUAL
};

/// One, in many messages.
pub static ONE_IN_A_MILLION: Attack = Attack {
    code: "C3b",
    name: "the worst search in a million messages",
    sent: "three requests, one after the other: a word 50 times, ten letters, 26 letters",
    seeded: 1_000_000,
    limit: Duration::from_secs(90),
    run: |scene| Box::pin(one_in_a_million(scene)),
    ..USUAL
};

/// Searches that overlap, beside people who write.
pub static WAL: Attack = Attack {
    code: "C4",
    name: "a WAL that grows while searches overlap",
    sent: "three clients that search for 40 s, beside two that send without a pause",
    seeded: 60_000,
    limit: Duration::from_secs(90),
    run: |scene| Box::pin(wal(scene)),
    ..USUAL
};

/// The most of the WAL, in MiB: docs/operating.md says that reads make way at 512, once those that run have
/// ended.
const MOST_WAL: u64 = 640;

/// Texts that are dear to search for: one word again and again, single letters, and more words than may be.
fn texts() -> [String; 3] {
    let letters: Vec<String> = ('a'..='z').map(String::from).collect();
    ["the ".repeat(50), "t a i y s w m b h l".to_owned(), letters.join(" ")]
}

async fn search(person: &Person, text: &str, aliases: usize) -> Outcome<Reply> {
    let mut query = "query($text: String!) {".to_owned();
    for number in 0..aliases {
        write!(query, " s{number}: searchMessages(text: $text, first: 1) {{ nodes {{ id }} }}")?;
    }
    person.ask(&(query + " }"), json!({ "text": text })).await
}

/// How often each status and code came.
fn counted<'a>(replies: impl Iterator<Item = &'a Outcome<Reply>>) -> String {
    let mut counts = BTreeMap::<String, usize>::new();
    for reply in replies {
        let told = reply
            .as_ref()
            .map_or_else(|_| "no answer".to_owned(), |reply| format!("{} {}", reply.status, reply.code()));
        *counts.entry(told).or_default() += 1;
    }
    counts.iter().map(|(told, count)| format!("{count} × {told}")).collect::<Vec<_>>().join(", ")
}

async fn forty(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let texts = texts();
    let count = scene.strength.of(40, 6);
    let asked = (0..count).map(|number| search(&scene.mallory, &texts[number % 3], 4));
    let replies = join_all(asked).await;
    let most = replies.iter().flatten().map(|reply| reply.took).max().unwrap_or_default();
    let is_right = replies.iter().all(Result::is_ok) && most < Duration::from_secs(35);
    Ok(Answer::new(is_right, format!("{}; the last after {} ms", counted(replies.iter()), most.as_millis())))
}

async fn one_in_a_million(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let mut replies = Vec::new();
    for text in texts() {
        replies.push(search(&scene.mallory, &text, 1).await?);
    }
    let is_right = replies.iter().all(|reply| reply.took < SEARCH);
    Ok(Answer::new(is_right, replies.iter().map(Reply::told).collect::<Vec<_>>().join("; ")))
}

async fn wal(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let (text, me) = (texts()[0].clone(), scene.mallory.id().await?);
    let end = Instant::now() + scene.strength.of(Duration::from_secs(40), Duration::from_secs(3));
    let searching = (0..3).map(async |_| {
        while Instant::now() < end {
            drop(search(&scene.mallory, &text, 1).await);
        }
    });
    let sending = (0..2).map(async |_| {
        while Instant::now() < end {
            // What fails is seen by the honest people, too.
            drop(scene.service.acting_as(&me).sends(&me, &"a message ".repeat(20), 100).await);
        }
    });
    futures_util::join!(join_all(searching), join_all(sending));
    let wal = scene.server.file_mib("messenger.db-wal");
    Ok(Answer::new(wal < MOST_WAL, format!("the WAL has {wal} MiB")))
}
