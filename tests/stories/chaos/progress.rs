//! How far it has come, and with which seed it failed.

use std::{
    env, thread,
    time::{Duration, Instant},
};

use super::Fixtures;

/// The seed of the first round, unless `CHAOS_SEED` says another; each round has the next.
const SEED: u64 = 20_260_132;
const PAUSE: Duration = Duration::from_secs(1);

pub struct Progress {
    first_seed: u64,
    /// One, or what `CHAOS_ROUNDS` says; then it is told how it goes.
    rounds: u64,
    round: u64,
    is_talkative: bool,
    told_at: Instant,
    /// In the rounds that have ended.
    deeds: usize,
    events: usize,
}

impl Progress {
    pub fn begins() -> Self {
        let rounds = number("CHAOS_ROUNDS");
        Self {
            first_seed: number("CHAOS_SEED").unwrap_or(SEED),
            rounds: rounds.unwrap_or(1),
            round: 0,
            is_talkative: rounds.is_some(),
            told_at: Instant::now(),
            deeds: 0,
            events: 0,
        }
    }

    /// The seed of the next round, if there is one.
    pub fn next_seed(&mut self) -> Option<u64> {
        self.round += 1;
        (self.round <= self.rounds).then(|| self.seed())
    }

    /// Tells how it goes, once a second.
    pub fn tells(&mut self, fixtures: &Fixtures, kills: usize) {
        if self.is_talkative && self.told_at.elapsed() >= PAUSE {
            self.told_at = Instant::now();
            let (deeds, events) = counts(fixtures);
            self.says(&format!("{kills} kills, {deeds} acknowledged, {events} events told"));
        }
    }

    /// A round has gone well.
    pub fn ends(&mut self, fixtures: &Fixtures) {
        let (deeds, events) = counts(fixtures);
        self.deeds += deeds;
        self.events += events;
        if self.is_talkative {
            let (deeds, events) = (self.deeds, self.events);
            self.says(&format!("ended well; {deeds} acknowledged and {events} events told so far"));
        }
    }

    fn seed(&self) -> u64 {
        self.first_seed + self.round - 1
    }

    #[expect(clippy::print_stderr, reason = "somebody waits for it, or wants to know why it failed")]
    fn says(&self, what: &str) {
        eprintln!("chaos, round {} of {}, seed {}: {what}", self.round, self.rounds, self.seed());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if thread::panicking() {
            self.says("failed; CHAOS_SEED begins with this one");
        }
    }
}

fn counts(fixtures: &Fixtures) -> (usize, usize) {
    let deeds = fixtures.senders.iter().map(|sender| sender.done.borrow().len()).sum();
    let events = fixtures.subscribers.iter().map(|subscriber| subscriber.told().len()).sum();
    (deeds, events)
}

fn number(variable: &str) -> Option<u64> {
    Some(env::var(variable).ok()?.parse().expect("a number"))
}
