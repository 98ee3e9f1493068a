//! The small things that every request does: ids, cursors, a page as JSON, what a document passes before it runs, new and
//! known, a read and a write of the store.
//!
//! ```text
//! cargo bench --bench micro              some minutes
//! cargo bench --bench micro -- cursor    only what has this in its name
//! cargo test --bench micro               each once, to see that it works
//! ```
//!
//! Pages are asked for as the transports do it, below HTTP: parsed, validated, read and written. How long a page's cursors
//! take is what the page of cursors takes more than the page of nothing.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "it prints, or stops")]

mod documents;
#[path = "../flat/fixtures.rs"]
mod fixtures;
#[path = "../flat/set.rs"]
mod set;
#[path = "../subjects/mod.rs"]
mod subjects;

use std::{fmt::Write, hint::black_box};

use async_graphql::Variables;
use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::future::try_join_all;
use messenger::{
    domain::{Draft, ReadScope, RecentQuery, read_recent, send_messages},
    graphql::{Allowed, Answer, Credentials, Request, RequestId},
    types::{MessageId, MessageText, RecentWindow, RecipientId, UserId},
};
use serde_json::json;
use tokio::runtime::Runtime;

use self::{
    set::Set,
    subjects::{Need, Subject},
};

/// Enough for full pages.
const MESSAGES: usize = 10_000;
const PAGE: u32 = 100;
/// Messages that share a commit.
const GROUP: usize = 64;

fn ids(criterion: &mut Criterion) {
    let id: MessageId = "msg_01h455vb4pex5vsknk084sn02q".parse().expect("an id");
    let mut text = String::with_capacity(64);
    criterion.bench_function("id/write", |bencher| {
        bencher.iter(|| {
            text.clear();
            write!(text, "{}", black_box(id)).expect("a text takes all");
        });
    });
    criterion.bench_function("id/read", |bencher| {
        bencher.iter(|| black_box("msg_01h455vb4pex5vsknk084sn02q").parse::<MessageId>());
    });
    criterion.bench_function("id/read of two kinds", |bencher| {
        bencher.iter(|| black_box("user_01h455vb4pex5vsknk084sn02q").parse::<RecipientId>());
    });
}

/// A page of 100, with more and more asked of it.
const PAGES: [(&str, &str); 4] = [
    ("nothing of the messages", "pageInfo { hasNextPage }"),
    ("ids", "nodes { id }"),
    ("cursors", "edges { cursor }"),
    (
        "messages with senders",
        "nodes { id text sentAt sender { id username displayName } } pageInfo { endCursor hasNextPage }",
    ),
];

fn pages_and_store(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let set = Set::make(&runtime, MESSAGES, None);
    pages(criterion, &runtime, &set);
    guard(criterion, &runtime, &set);
    read(criterion, &runtime, &set);
    write(criterion, &runtime, &set);
    set.app.store.close();
}

fn pages(criterion: &mut Criterion, runtime: &Runtime, set: &Set) {
    let person: UserId = one(set, Need::Person).one();
    let mut group = criterion.benchmark_group("a page of 100 as JSON");
    for (title, selection) in PAGES {
        let query = format!(
            "{{ recentMessages(recipientId: \"{person}\", window: {{last: 100}}) {{ {selection} }} }}"
        );
        group.bench_function(title, |bencher| bencher.iter(|| runtime.block_on(ask(set, &query))));
    }
    group.finish();
}

/// A known document that is refused at the last thing that is looked at before it would run: a variable is missing.
fn guard(criterion: &mut Criterion, runtime: &Runtime, set: &Set) {
    let person: UserId = one(set, Need::Person).one();
    let (_, selection) = PAGES[3];
    let query = format!("query Page($id: ID!) {{ recentMessages(recipientId: $id) {{ {selection} }} }}");
    let request = Request { query: Some(query), ..Request::default() };
    let whole = Variables::from_json(json!({ "id": person.to_string() }));
    let first = runtime.block_on(execute(set, Request { variables: whole, ..request.clone() }));
    assert!(matches!(first, Answer::Rendered(_)), "{first:?}");
    criterion.bench_function("a known document, up to its refusal", |bencher| {
        bencher.iter(|| {
            let answer = runtime.block_on(execute(set, request.clone()));
            assert!(matches!(answer, Answer::Refused { .. }), "{answer:?}");
        });
    });
}

async fn ask(set: &Set, query: &str) {
    let answer = execute(set, Request { query: Some(query.to_owned()), ..Request::default() }).await;
    let Answer::Rendered(rendered) = answer else { panic!("refused: {answer:?}") };
    assert!(rendered.as_ref().starts_with(b"{\"data\""), "{rendered:?}");
    black_box(rendered);
}

async fn execute(set: &Set, request: Request) -> Answer {
    let id = RequestId("micro".into());
    let session = set.api.admit(&Credentials::default(), &id).await.expect("an open server");
    set.api.execute(session, request, Allowed::EVERYTHING, &id).await
}

fn read(criterion: &mut Criterion, runtime: &Runtime, set: &Set) {
    let recent = RecentQuery {
        recipient_id: RecipientId::User(one(set, Need::Person).one()),
        sender_id: None,
        window: RecentWindow::Last(PAGE),
        limit: PAGE,
        after: None,
        read_scope: ReadScope::Everything,
    };
    criterion.bench_function("store/read the last 100", |bencher| {
        bencher.iter(|| runtime.block_on(read_recent(&set.app, recent)).expect("a page"));
    });
}

fn write(criterion: &mut Criterion, runtime: &Runtime, set: &Set) {
    let pair = one(set, Need::Pair);
    for messages in [1, GROUP] {
        criterion.bench_function(&format!("store/write on disk, {messages} at the same time"), |bencher| {
            bencher.iter(|| {
                let sends = (0..messages).map(|_| send_messages(&set.app, vec![draft(pair)]));
                runtime.block_on(try_join_all(sends)).expect("they are on disk")
            });
        });
    }
}

fn one(set: &Set, need: Need) -> &Subject {
    set.fixtures.of(need).first().expect("somebody with a full page")
}

fn draft(pair: &Subject) -> Draft {
    let text = MessageText::parse("How are you? We are fine, and all is well here.".into()).expect("a text");
    let recipient_id = RecipientId::User(pair.one());
    Draft { sender_id: pair.other(), recipient_id, text, client_message_id: None, reply_to_id: None }
}

criterion_group!(benches, ids, documents::documents, pages_and_store);
criterion_main!(benches);
