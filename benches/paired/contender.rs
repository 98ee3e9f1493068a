//! What is compared: servers, each a process of its own over a copy of the data of its own.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::Outcome;

/// A running server; killed when it is dropped.
pub struct Contender {
    pub name: String,
    pub address: SocketAddr,
    child: Child,
}

impl Contender {
    /// Starts a program that says on its standard output where it listens.
    pub fn start<I: AsRef<OsStr>>(
        name: &str,
        program: &Path,
        arguments: impl IntoIterator<Item = I>,
        cpus: Option<&str>,
    ) -> Outcome<Self> {
        let mut command = pinned(program, cpus);
        command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let mut greeting = BufReader::new(child.stdout.take().ok_or("a pipe")?).lines();
        let address = loop {
            let line = greeting.next().ok_or_else(|| format!("{name} did not say where it is"))??;
            let address = |word: &str| word.strip_prefix("http://")?.strip_suffix("/graphql")?.parse().ok();
            if let Some(address) = line.split_whitespace().find_map(address) {
                break address;
            }
        };
        Ok(Self { name: name.to_owned(), address, child })
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
        let ticks: Vec<f64> =
            figures.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(ticks.iter().sum::<f64>() / 100.0)
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
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
