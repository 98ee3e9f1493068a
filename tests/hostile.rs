//! The attacks of `benches/hostile` in a bounded form, against the program as it was just built: it must live, answer as it
//! should, and stay within its memory. How long others wait is measured by `just hostile`, with a release build.
//!
//! Attacks are here whose findings are mended; `docs/robustness.md` has all of them.

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
    subscriptions_that_read_much_for_each_event = "C5a";
    variables_that_nobody_declared = "C18";
    files_of_pages_that_are_not_taken = "C28";
}
