//! What is compared: servers, each a process of its own over a copy of the data of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use clap::ValueEnum;
use jsonwebtoken::{EncodingKey, Header};
use rusqlite::{Connection, OpenFlags};
use serde_json::json;

use crate::{Outcome, data::Copy, operation::Operation};

/// Signs tokens, where they are asked for.
const SECRET: &str = "known to this benchmark, and of 32 bytes at least";
/// In the year 2100.
const EXPIRY: u64 = 4_102_444_800;

/// Who answers by which means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// This very program in one of its other parts, or another one that can be that part.
    Part { program: PathBuf, part: Part },
    /// A build of the server.
    Server { program: PathBuf, has_tokens: bool },
}

/// What this program can serve as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Baseline,
    BaselineOnThreads,
    Idiomatic,
}

/// A running server; killed when it is dropped.
pub struct Contender {
    pub name: String,
    pub address: SocketAddr,
    kind: Kind,
    child: Child,
    data: Copy,
}

impl Contender {
    /// Starts it on a copy of the data, on these processors or wherever it likes.
    pub fn start(name: &str, kind: &Kind, seeded: &Path, cpus: Option<&str>) -> Outcome<Self> {
        let data = Copy::make(seeded, name)?;
        let mut command = command(kind, &data.file, cpus)?;
        let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        let mut greeting = BufReader::new(child.stdout.take().ok_or("a pipe")?).lines();
        let address = loop {
            let line = greeting.next().ok_or_else(|| format!("{name} did not say where it is"))??;
            let address = |word: &str| word.strip_prefix("http://")?.strip_suffix("/graphql")?.parse().ok();
            if let Some(address) = line.split_whitespace().find_map(address) {
                break address;
            }
        };
        Ok(Self { name: name.to_owned(), address, kind: kind.clone(), child, data })
    }

    /// Whether it can.
    pub fn answers(&self, operation: Operation) -> bool {
        !matches!(self.kind, Kind::Part { part: Part::Idiomatic, .. })
            || matches!(operation, Operation::Recent | Operation::RecentOfSender | Operation::Send)
    }

    /// The token of somebody, where one is asked for.
    pub fn token(&self, viewer: &str) -> Outcome<Option<String>> {
        let claims = json!({ "sub": viewer, "exp": EXPIRY });
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let token = || jsonwebtoken::encode(&Header::default(), &claims, &key);
        let has_tokens = matches!(self.kind, Kind::Server { has_tokens: true, .. });
        Ok(has_tokens.then(token).transpose()?)
    }

    /// The memory that it has, in MiB.
    pub fn resident(&self) -> Outcome<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = line.and_then(|line| line.split_whitespace().next()).ok_or("its memory")?.parse()?;
        Ok(kib / 1024.0)
    }

    /// The seconds that it has spent, in the program and in the kernel on its behalf.
    pub fn cpu(&self) -> Outcome<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, figures) = stat.rsplit_once(')').ok_or("its name")?;
        let ticks = figures.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
    }

    /// A look into its data, beside it.
    pub fn look(&self) -> Outcome<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Connection::open_with_flags(&self.data.file, flags)?)
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(kind: &Kind, file: &Path, cpus: Option<&str>) -> Outcome<Command> {
    let mut command = match kind {
        Kind::Part { program, part } => {
            let mut command = pinned(program, cpus);
            let part = part.to_possible_value().ok_or("a part")?;
            command.args(["--part", part.get_name()]).env_clear();
            command
        }
        Kind::Server { program, has_tokens } => {
            let mut command = pinned(program, cpus);
            command.args(["serve", "--addr", "127.0.0.1:0", "--event-retention-days", "3650"]);
            command.env_clear().env("MESSENGER_LOG", "error");
            if *has_tokens {
                command.env("MESSENGER_JWT_SECRET", SECRET);
                let rates = ["sends", "mutations", "queries", "connects", "requests"];
                command.args(rates.iter().flat_map(|rate| [format!("--rate-{rate}"), "off".to_owned()]));
            }
            command
        }
    };
    command.arg("--database").arg(file).stdin(Stdio::null()).stdout(Stdio::piped());
    Ok(command)
}

/// A program that runs on these processors only, or wherever it likes.
pub fn pinned(program: &Path, cpus: Option<&str>) -> Command {
    let Some(cpus) = cpus else {
        return Command::new(program);
    };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", cpus]).arg(program);
    command
}
