//! The attacks of `benches/hostile` in a bounded form, against the program as it was just built: it must live, answer as it
//! should, and stay within its memory. How long others wait is measured by `just hostile`, with a release build.
//!
//! `docs/robustness.md` tells what each attack is.

#![allow(clippy::panic, clippy::expect_used)]

#[path = "../benches/hostile/attack.rs"]
mod attack;
#[path = "../benches/hostile/attacks/mod.rs"]
mod attacks;
#[path = "../benches/hostile/figures.rs"]
mod figures;
#[path = "../benches/hostile/person.rs"]
mod person;
#[path = "../benches/hostile/probe.rs"]
mod probe;
#[path = "../benches/hostile/run.rs"]
mod run;
#[path = "../benches/hostile/server.rs"]
mod server;
#[path = "../benches/hostile/socket.rs"]
mod socket;

use std::{error::Error, path::Path};

use attack::Strength;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Runs an attack, and fails unless the server held.
async fn hold(code: &str) {
    let attack = attacks::ALL.iter().find(|attack| attack.code == code).expect("an attack of this code");
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    let program = Path::new(env!("CARGO_BIN_EXE_messenger"));
    let report = run::run(attack, program, &data, Strength::Bounded).await.expect("it can be run");
    assert!(
        report.faults.is_empty(),
        "{code}, {} ({}): {:?}; {report:#?}",
        attack.name,
        attack.sent,
        report.faults
    );
}

macro_rules! held {
    ($($name:ident = $code:literal;)+) => {$(
        #[tokio::test]
        async fn $name() {
            hold($code).await;
        }
    )+};
}

held! {
    nested_json_in_a_socket = "C1a";
    nested_json_in_a_body = "C1b";
    nested_json_in_a_query_string = "C1c";
    an_answer_of_many_bytes = "C2a";
    many_large_answers_at_once = "C2b";
    many_searches_at_once = "C3a";
    the_worst_search = "C3b";
    a_log_that_grows = "C4";
    subscriptions_that_read_much_for_each_event = "C5a";
    replays_of_the_whole_log = "C5b";
    many_subscriptions_to_many_chatrooms = "C6";
    silent_connections = "C7";
    slow_bodies = "C8";
    very_many_reactions = "C10";
    subscriptions_that_keep_documents = "C11a";
    documents_of_many_users = "C11b";
    refused_documents = "C12";
    words_of_deleted_messages = "C13";
    pages_with_too_many_ids = "C14";
    two_servers_on_one_database = "C15";
    a_database_that_is_taken_away = "C16";
    one_slow_listener = "C17";
    variables_that_nobody_declared = "C18";
    a_name_that_somebody_needs = "C19";
    what_a_stranger_sees = "C20";
    large_messages_before_the_session = "C21";
    files_of_pages_that_are_not_taken = "C28";
    bodies_of_tiny_chunks = "C23";
    large_answers_that_are_taken_slowly = "C27";
    somebody_who_comes_and_goes = "C26";
    texts_of_very_many_words = "C25";
    very_many_media_ranges = "C24";
    queries_at_the_limit_of_values = "C31";
    very_many_new_documents_at_once = "C32";
    very_much_introspection_at_once = "C33";
    a_batch_of_long_texts_without_spaces = "C34";
    very_many_sub_protocols = "C35";
    compressed_bodies_of_empty_blocks = "C36";
}
