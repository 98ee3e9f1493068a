//! An attack: what is prepared, what is sent, and which bounds must hold meanwhile.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::{Outcome, person::Person, server::Server};

/// How much of it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// As much as one client can with default limits.
    Full,
    /// As little as shows whether the bound is there; for a debug build among other tests.
    Bounded,
}

impl Strength {
    /// One of two numbers.
    pub fn of<T>(self, full: T, bounded: T) -> T {
        match self {
            Self::Full => full,
            Self::Bounded => bounded,
        }
    }
}

/// What the server must keep to while it is attacked.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The most memory, in MiB, beyond what the server had before.
    pub memory_mib: u64,
    /// The 99th percentile of other people's requests, in milliseconds. Five times as long as before is allowed as well:
    /// the machine may be slow.
    pub others_ms: f64,
    /// How long a live event may take, in milliseconds; with the same exception.
    pub live_ms: f64,
}

impl Bounds {
    /// The bounds of issue 16: 256 MiB for one client at every limit it has, and other people notice nothing.
    pub const USUAL: Self = Self { memory_mib: 256, others_ms: 250.0, live_ms: 1_000.0 };
}

/// Where an attack takes place.
pub struct Scene<'a> {
    /// The server, running with default limits. Some attacks stop it or take its files away.
    pub server: &'a mut Server,
    /// The attacker, with an ordinary token.
    pub mallory: Person,
    /// A service, which prepares what an attack needs and is not counted by rates.
    pub service: Person,
    pub strength: Strength,
    /// What the preparation gave.
    pub prepared: Value,
}

/// How an attack was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Statuses, codes and amounts, in a few words.
    pub text: String,
    /// Whether it is as it should be, beside the bounds.
    pub is_right: bool,
}

impl Answer {
    /// An answer in a few words, and whether it is right.
    pub fn new(is_right: bool, text: impl Into<String>) -> Self {
        Self { text: text.into(), is_right }
    }
}

type Prepare = for<'a> fn(&'a Scene<'a>) -> BoxFuture<'a, Outcome<Value>>;
type Run = for<'a, 'b> fn(&'a mut Scene<'b>) -> BoxFuture<'a, Outcome<Answer>>;

/// One attack.
pub struct Attack {
    /// The finding, such as `C2`; with a letter where one finding has several attacks.
    pub code: &'static str,
    /// What it is, in a few words.
    pub name: &'static str,
    /// What is sent at full strength.
    pub sent: &'static str,
    /// The settings that differ from the defaults.
    pub settings: &'static [(&'static str, &'static str)],
    /// How many seeded messages the database begins with at full strength; 0 for an empty one.
    pub seeded: usize,
    pub bounds: Bounds,
    /// How long it may run before it is given up.
    pub limit: Duration,
    /// Whether the attack stops the server itself, so that others' requests fail.
    pub stops: bool,
    /// Fills the database, while the server does not count what the service does. The server is restarted afterwards.
    pub prepare: Prepare,
    pub run: Run,
}

/// An attack that needs nothing prepared, with the usual bounds.
pub const USUAL: Attack = Attack {
    code: "",
    name: "",
    sent: "",
    settings: &[],
    seeded: 0,
    bounds: Bounds::USUAL,
    limit: Duration::from_mins(1),
    stops: false,
    prepare: |_| Box::pin(async { Ok(Value::Null) }),
    run: |_| Box::pin(async { Ok(Answer::new(false, "nothing was done")) }),
};
