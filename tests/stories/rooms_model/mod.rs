//! Random histories of five people in a few rooms and in conversations between two, compared with a model in memory:
//! every answer whole; every few steps inboxes, histories, members and unread counts as everybody sees them, and that
//! nobody sees more; at the end the event log.

mod check;
mod log;
mod messages;
mod model;
mod play;
mod play_messages;
mod play_rooms;
mod refusal;
mod rooms;
mod show;
mod step;

use proptest::test_runner::{Config, RngSeed, TestRunner};

/// More of them search longer (60 take some three minutes); another seed searches elsewhere.
const CASES: u32 = 5;
const SEED: u64 = 48;

#[test]
fn chatrooms_and_inboxes_do_what_the_model_does() {
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    });
    let outcome = runner.run(&step::steps(50..80), |steps| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(play::play(steps))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
