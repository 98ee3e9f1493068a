//! Runs one attack against a server of its own, and measures what others notice.

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{interval, timeout};

use crate::{
    Outcome,
    attack::{Attack, Scene, Strength},
    figures::Waits,
    person::Person,
    probe::{self, Kind, Probe, Samples},
    server::Server,
};

/// From where the attacker calls.
pub const FROM: &str = "203.0.113.66";

/// For how long others are measured before an attack.
const CALM: Duration = Duration::from_secs(3);
/// For how long after it, at most: until all live events have come.
const AFTERMATH: Duration = Duration::from_secs(15);

/// How long a process that was struck may take to end.
const DEATH: Duration = Duration::from_secs(3);

/// What came of an attack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    pub code: String,
    pub answer: String,
    pub is_right: bool,
    /// How the process ended, if it did.
    pub ended: Option<String>,
    pub before: Others,
    pub during: Others,
    /// The memory before, and the most meanwhile, in MiB.
    pub memory_mib: [u64; 2],
    /// What is wrong, if anything.
    pub faults: Vec<String>,
}

/// What other people noticed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Others {
    /// The worst of page, inbox and send.
    pub requests: Waits,
    pub live: Waits,
    pub ready: Waits,
    pub failures: usize,
    pub first_failure: Option<String>,
}

impl Others {
    fn of(samples: &Samples) -> Self {
        let kinds = [Kind::Page, Kind::Inbox, Kind::Send].map(|kind| samples.waits(kind));
        let requests = kinds.into_iter().max_by(|one, two| one.p99.total_cmp(&two.p99)).unwrap_or_default();
        Self {
            requests,
            live: samples.waits(Kind::Live),
            ready: samples.waits(Kind::Ready),
            failures: samples.failures,
            first_failure: samples.first_failure.clone(),
        }
    }
}

/// Runs an attack with this program.
pub async fn run(attack: &Attack, program: &Path, data: &Path, strength: Strength) -> Outcome<Report> {
    let seed = match strength.of(attack.seeded, attack.seeded.min(1_000)) {
        0 => None,
        messages => Some(seeded(program, data, messages)?),
    };
    let mut server = Server::start(program, attack.settings, seed.as_deref())?;
    let prepared = prepare(attack, &mut server, strength).await?;
    server.restart()?;
    let address = server.address;
    let mallory = Person::user(address, "mallory", FROM)?;
    mallory.id().await?;
    let probe = Probe::start(address).await?;
    wait(strength.of(CALM, Duration::from_secs(1))).await;
    let before = Others::of(&probe.take());
    server.forget_peak()?;
    let rss = server.resident_kib();
    let mut scene =
        Scene { server: &mut server, mallory, service: Person::service(address)?, strength, prepared };
    let answered = timeout(attack.limit, (attack.run)(&mut scene)).await;
    let begin = Instant::now();
    let mut ticks = interval(Duration::from_millis(50));
    let broke_off = |waited: Duration| matches!(answered, Ok(Err(_))) && waited < DEATH;
    while (probe.unheard() > 1 && begin.elapsed() < AFTERMATH || broke_off(begin.elapsed()))
        && server.ended().is_none()
    {
        ticks.tick().await;
    }
    let peak = server.peak_kib();
    let during = Others::of(&probe.finish().await);
    let (is_right, answer) = match answered {
        Ok(Ok(answer)) => (answer.is_right, answer.text),
        Ok(Err(error)) => (false, shortened(&explained(&*error))),
        Err(_) => (false, format!("no end after {} s", attack.limit.as_secs())),
    };
    let memory_mib = [rss / 1024, peak.max(rss) / 1024];
    let ended = server.ended();
    let mut report = Report {
        code: attack.code.to_owned(),
        answer,
        is_right,
        ended,
        before,
        during,
        memory_mib,
        faults: Vec::new(),
    };
    report.faults = report.faults(attack, strength);
    Ok(report)
}

impl Report {
    /// Which bounds it broke. Times are looked at with the release build only.
    fn faults(&self, attack: &Attack, strength: Strength) -> Vec<String> {
        let (bounds, stops) = (&attack.bounds, attack.stops);
        let mut faults = Vec::new();
        let mut check = |is_kept: bool, fault: String| {
            if !is_kept {
                faults.push(fault);
            }
        };
        check(self.ended.is_none() || stops, "the process ended".to_owned());
        check(self.is_right, "wrong answer".to_owned());
        let [rss, peak] = self.memory_mib;
        check(peak - rss <= bounds.memory_mib, format!("more than {} MiB", bounds.memory_mib));
        check(self.during.failures == 0 || stops, "others' requests failed".to_owned());
        if strength == Strength::Full {
            let late = |before: Waits, during: Waits, most: f64| during.p99 <= most.max(5.0 * before.p99);
            let (before, during) = (&self.before, &self.during);
            check(late(before.requests, during.requests, bounds.others_ms), "others waited".to_owned());
            check(late(before.live, during.live, bounds.live_ms), "live events were late".to_owned());
        }
        faults
    }
}

async fn prepare(attack: &Attack, server: &mut Server, strength: Strength) -> Outcome<Value> {
    let address = server.address;
    let (mallory, service) = (Person::user(address, "mallory", FROM)?, Person::service(address)?);
    mallory.id().await?;
    probe::prepare(&service).await?;
    let scene = Scene { server, mallory, service, strength, prepared: Value::Null };
    (attack.prepare)(&scene).await
}

/// A database with so many messages, made once.
fn seeded(program: &Path, data: &Path, messages: usize) -> Outcome<PathBuf> {
    let file = data.join(format!("{messages}.db"));
    if !file.exists() {
        std::fs::create_dir_all(data)?;
        let made = data.join(format!("{messages}.new.db"));
        let mut command = Command::new(program);
        command.arg("seed").arg("--database").arg(&made).env_clear();
        let status = command.args(["--messages", &messages.to_string(), "--users", "1000"]).status()?;
        if !status.success() {
            return Err(format!("the database was not made: {status}").into());
        }
        std::fs::rename(made, &file)?;
    }
    Ok(file)
}

/// The cause of an error, without the address that was asked, which may be long.
fn explained(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// The start of a text.
fn shortened(text: &str) -> String {
    let line: String = text.chars().take(120).collect();
    line.replace(['\n', '|'], " ")
}

async fn wait(time: Duration) {
    drop(timeout(time, std::future::pending::<()>()).await);
}
