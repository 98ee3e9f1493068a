//! Senders, subscribers, sockets that break and a server that is killed again and again: at the end everybody was told what is
//! stored. `just chaos` plays many rounds of it.

mod check;
mod deed;
mod fixtures;
mod progress;
mod pulse;
mod sender;
mod stored;
mod subscriber;

use futures_util::future::{join, join_all, join3};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rustix::process::Signal;
use std::{path::Path, time::Duration};
use tempfile::TempDir;
use tokio::{task::yield_now, time::timeout};

use self::{
    check::assert_nothing_is_lost,
    deed::{Deed, messages},
    fixtures::Fixtures,
    progress::Progress,
    pulse::Pulse,
    sender::Sender,
    stored::{Histories, histories},
    subscriber::{Pace, Subscriber, Told},
};
use crate::support::Process;

/// How often the server is killed in a round.
const KILLS: usize = 6;
/// One life of so many is a long one, in which the slow fall behind further than a mailbox reaches.
const LONG: usize = 6;
/// The last message.
const THE_END: &str = "the end";
/// Longer than a life of the server takes; what hangs is a failure.
const PATIENCE: Duration = Duration::from_mins(2);

/// So many turns of the runtime, in the middle of whatever it is doing.
async fn turns(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// Everybody does what they do until the server is killed, at some moment after so many acknowledgements.
async fn a_life(folder: &Path, fixtures: &Fixtures, acknowledgements: usize, moment: usize) {
    let server = Process::start(folder);
    let pulse = Pulse::new();
    let kill = async {
        pulse.reaches(acknowledgements).await;
        turns(moment).await;
        pulse.end();
        server.signal(Signal::KILL);
    };
    let work = join_all(fixtures.senders.iter().map(|sender| sender.works(&server, &pulse)));
    let follow =
        join_all(fixtures.subscribers.iter().map(|subscriber| subscriber.follows(&server.url, &pulse)));
    timeout(PATIENCE, join3(work, follow, kill)).await.expect("an end of this life");
}

/// What is open is finished, and everybody hears all of it.
async fn the_last_life(folder: &Path, fixtures: &Fixtures) {
    let server = Process::start(folder);
    let pulse = Pulse::last();
    let work = async {
        join_all(fixtures.senders.iter().map(|sender| sender.finishes(&server, &pulse))).await;
        let host = &fixtures.senders[0];
        if let Some(deed) = host.makes_up() {
            host.does(deed, &server, &pulse).await;
        }
        let texts = vec![(THE_END.to_owned(), THE_END.to_owned())];
        host.does(Deed::Send { to: fixtures.chatroom_id.clone(), texts }, &server, &pulse).await;
    };
    let follow =
        join_all(fixtures.subscribers.iter().map(|subscriber| subscriber.follows(&server.url, &pulse)));
    timeout(PATIENCE, join(work, follow)).await.expect("everybody hears the end");
    let quiet = fixtures.subscribers.iter().map(|subscriber| subscriber.has_heard_everything(&server.url));
    join_all(quiet).await;
    assert_nothing_is_lost(fixtures, &histories(&server, &fixtures.senders).await);
}

/// A server's whole story, on a database of its own.
async fn a_round(seed: u64, progress: &mut Progress) {
    let folder = TempDir::new().expect("a folder");
    let mut chance = StdRng::seed_from_u64(seed);
    let server = Process::start(folder.path());
    let fixtures = Fixtures::enters(&server, &mut chance).await;
    server.kill();
    for life in 1..=KILLS {
        let many = if life % LONG == 0 { 120..160 } else { 0..60 };
        a_life(folder.path(), &fixtures, chance.random_range(many), chance.random_range(0..400)).await;
        progress.tells(&fixtures, life);
    }
    the_last_life(folder.path(), &fixtures).await;
    progress.ends(&fixtures);
}

#[tokio::test]
async fn everybody_is_told_what_is_stored_whatever_breaks() {
    let mut progress = Progress::begins();
    while let Some(seed) = progress.next_seed() {
        a_round(seed, &mut progress).await;
    }
}
