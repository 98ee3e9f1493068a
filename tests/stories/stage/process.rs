//! The program itself, as an operator starts it.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
};

/// A running `messenger serve`; killed when it is dropped.
pub struct Process {
    child: Child,
    /// What it says after its greeting.
    stdout: BufReader<ChildStdout>,
    stderr: ChildStderr,
    pub url: String,
}

/// The program in a folder, without anything in its environment that could set it up.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_messenger"));
    command.current_dir(folder).env_clear();
    command
}

impl Process {
    /// Starts the server on a free port, and waits until it says where it is.
    pub fn start(folder: &Path) -> Self {
        let mut child = command(folder)
            .env("MESSENGER_ADDR", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let stderr = child.stderr.take().expect("a pipe");
        let mut line = String::new();
        while !line.contains("GraphQL ") {
            line.clear();
            assert_ne!(stdout.read_line(&mut line).expect("its greeting"), 0, "it ended before its greeting");
        }
        let url = line.split_whitespace().last().expect("a URL").trim_end_matches("/graphql").to_owned();
        Self { child, stdout, stderr, url }
    }

    /// SIGKILL: no chance to finish anything.
    pub fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it has ended");
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it was running");
    }

    /// Waits for its end; gives the exit code and what it had said on stderr.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("its stdout");
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).expect("its stderr");
        let status = self.child.wait().expect("it has ended");
        (status.code(), said)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs the program to its end.
pub fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    command(folder).args(arguments).envs(environment.iter().copied()).output().expect("the program starts")
}
