//! The program under attack, as a process of its own.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{Outcome, person::SECRET};

/// How long a stopped server may take to end.
const PATIENCE: Duration = Duration::from_secs(40);

/// A server with tokens and default limits, over a database of its own; killed when it is dropped.
pub struct Server {
    program: PathBuf,
    settings: &'static [(&'static str, &'static str)],
    child: Child,
    pub address: SocketAddr,
    folder: TempDir,
}

impl Server {
    /// Starts it over a new database, or over a copy of another one.
    pub fn start(
        program: &Path,
        settings: &'static [(&'static str, &'static str)],
        seed: Option<&Path>,
    ) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        if let Some(seed) = seed {
            fs::copy(seed, folder.path().join("messenger.db"))?;
        }
        let program = fs::canonicalize(program)?;
        let (child, address) = spawn(&program, folder.path(), settings)?;
        Ok(Self { program, settings, child, address, folder })
    }

    /// Stops it as a service manager does, if it runs, and starts it again over the same database.
    pub fn restart(&mut self) -> Outcome<()> {
        if self.ended().is_none() {
            self.stop()?;
        }
        (self.child, self.address) = spawn(&self.program, self.folder.path(), self.settings)?;
        Ok(())
    }

    /// Stops it as a service manager does, and waits for its end.
    pub fn stop(&mut self) -> Outcome<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let begin = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begin.elapsed() > PATIENCE {
                return Err("the server did not stop".into());
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "the standard library waits for a child without a bound only"
            )]
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Starts a second one on the same database; gives how it ended and what it said, if it ended in time.
    pub fn start_a_second(&self, patience: Duration) -> Outcome<Option<(ExitStatus, String)>> {
        let said = self.folder.path().join("second.log");
        let mut child = command(&self.program, self.folder.path(), self.settings)
            .stdout(Stdio::null())
            .stderr(File::create(&said)?)
            .spawn()?;
        let begin = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some((status, fs::read_to_string(said)?)));
            }
            if begin.elapsed() > patience {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "the standard library waits for a child without a bound only"
            )]
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// How it ended, if it did: by a signal, or with a code.
    pub fn ended(&mut self) -> Option<String> {
        self.child.try_wait().ok().flatten().map(|status| status.to_string())
    }

    /// The folder with its database and its logs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The size of a file in its folder, in MiB; 0 where there is none.
    pub fn file_mib(&self, name: &str) -> u64 {
        fs::metadata(self.folder.path().join(name)).map_or(0, |file| file.len() / (1 << 20))
    }

    /// The memory that it has, in KiB; 0 after its end.
    pub fn resident_kib(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most memory that it had since [`Self::forget_peak`], in KiB.
    pub fn peak_kib(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// Measures the peak anew from now on.
    pub fn forget_peak(&self) -> Outcome<()> {
        Ok(fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5")?)
    }

    /// The seconds of CPU that it has used; 0 after its end.
    pub fn cpu_seconds(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let figures = stat.rsplit_once(')').map_or("", |(_, figures)| figures);
        // User and system time, in hundredths of a second.
        figures
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|figure| figure.parse::<f64>().ok())
            .sum::<f64>()
            / 100.0
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(program: &Path, folder: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command
        .arg("serve")
        .current_dir(folder)
        .env_clear()
        .env("MESSENGER_ADDR", "127.0.0.1:0")
        .env("MESSENGER_JWT_SECRET", SECRET)
        .env("MESSENGER_LOG", "warn")
        .envs(settings.iter().copied());
    command
}

/// Starts it, and waits until it says where it is. What it logs goes to a file.
fn spawn(program: &Path, folder: &Path, settings: &[(&str, &str)]) -> Outcome<(Child, SocketAddr)> {
    let log = File::options().create(true).append(true).open(folder.join("server.log"))?;
    let mut child = command(program, folder, settings).stdout(Stdio::piped()).stderr(log).spawn()?;
    let greeting = BufReader::new(child.stdout.take().ok_or("a pipe")?);
    for line in greeting.lines() {
        let line = line?;
        let mut words = line.split_whitespace();
        let address =
            words.find_map(|word| word.strip_prefix("http://")?.strip_suffix("/graphql")?.parse().ok());
        if let Some(address) = address {
            return Ok((child, address));
        }
    }
    child.wait()?;
    Err(fs::read_to_string(folder.join("server.log"))?.into())
}
