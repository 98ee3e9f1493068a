//! What it costs to come back to a log of which one has seen nothing.

use std::time::Instant;

use messenger::{
    app::App,
    domain::{Followed, Following, NewUser, create_user, follow_events, send_messages},
    types::{RecipientId, UserId, Username},
};
use tokio::runtime::Runtime;

use crate::{median, operation::draft, set::Set, subjects::Need};

/// Few: the busiest are told most of the log.
const ROUNDS: usize = 3;

/// Measures it for somebody whom nearly nothing concerns, and for people with a full inbox.
pub(crate) fn measure(runtime: &Runtime, set: &Set) {
    println!("\n| has seen nothing of the log | events told | median, ms |\n|---|---:|---:|");
    let hermit = runtime.block_on(hermit(&set.app));
    print(runtime, set, "who has only written a note to self", hermit);
    for subject in set.fixtures.of(Need::Inbox) {
        print(runtime, set, "with a full inbox", subject.one());
    }
}

async fn hermit(app: &App) -> UserId {
    let username = Username::parse("hermit").expect("a username");
    let hermit = create_user(app, NewUser { username, display_name: None, external_id: None })
        .await
        .expect("a user")
        .id;
    let note = draft(hermit, RecipientId::User(hermit));
    send_messages(app, vec![note]).await.expect("it is on disk");
    hermit
}

fn print(runtime: &Runtime, set: &Set, title: &str, user_id: UserId) {
    let mut told = 0;
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        told = runtime.block_on(comes_back(&set.app, user_id));
        start.elapsed().as_secs_f64() * 1e3
    });
    let median = median(times.collect()).expect("a time");
    println!("| {title} | {told} | {median:.1} |");
}

/// How much is told until everything is.
async fn comes_back(app: &App, user_id: UserId) -> usize {
    let following = Following { user_id, only: None, after: Some(app.log.at(0)) };
    let mut follower = follow_events(app, following).await.expect("a follower");
    let mut told = 0;
    loop {
        match follower.next().await.expect("no fault").expect("more") {
            Followed::Record(_) => told += 1,
            Followed::Ephemeral(_) => {}
            Followed::CaughtUp { .. } => return told,
            Followed::ResetRequired { .. } => panic!("the whole log is kept"),
        }
    }
}
