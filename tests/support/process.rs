//! The program itself, as an operator starts it.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
};

use reqwest::Client;
use rustix::process::Signal;
use serde_json::{Value, json};

/// A running `messenger serve`; killed when it is dropped.
pub struct Process {
    child: Child,
    /// What it says after its greeting.
    stdout: BufReader<ChildStdout>,
    stderr: ChildStderr,
    client: Client,
    pub greeting: String,
    pub url: String,
}

/// The last words of the greeting.
const END_OF_GREETING: &str = "Ctrl-C stops the server.\n";

/// The program in a folder, without anything in its environment that could set it up.
fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_messenger"));
    command
        .current_dir(folder)
        .env_clear()
        .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)));
    command
}

impl Process {
    /// Starts the server on a free port, and waits until it says where it is.
    pub fn start(folder: &Path) -> Self {
        Self::start_as(folder, &[], &[("MESSENGER_ADDR", "127.0.0.1:0")])
    }

    /// The same with arguments and an environment.
    pub fn start_as(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut child = spawn(folder, arguments, environment);
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut stderr = child.stderr.take().expect("a pipe");
        let greeting = read_greeting(&mut stdout, &mut stderr);
        let url = greeting
            .split_whitespace()
            .find_map(|word| word.strip_suffix("/graphql"))
            .expect("a URL")
            .to_owned();
        Self { child, stdout, stderr, client: Client::new(), greeting, url }
    }

    /// The body of the answer to an operation; an error when the connection breaks.
    pub async fn ask(&self, query: &str, variables: Value) -> reqwest::Result<Value> {
        let request = self.client.post(format!("{}/graphql", self.url));
        let request = request.json(&json!({ "query": query, "variables": variables }));
        request.send().await?.json().await
    }

    /// The most memory that it has had, in KiB.
    pub fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// The answer to an operation of a user whom the header names.
    pub async fn ask_as(&self, acting_user: &str, query: &str, variables: Value) -> reqwest::Result<Value> {
        let request = self.client.post(format!("{}/graphql", self.url)).header("Messenger-User", acting_user);
        let request = request.json(&json!({ "query": query, "variables": variables }));
        request.send().await?.json().await
    }

    /// SIGKILL: no chance to finish anything.
    pub fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it has ended");
    }

    /// SIGTERM from a service manager, SIGINT from a terminal, SIGKILL from nowhere.
    pub fn signal(&self, signal: Signal) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, signal).expect("it was running");
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

fn read_greeting(stdout: &mut BufReader<ChildStdout>, stderr: &mut ChildStderr) -> String {
    let mut greeting = String::new();
    while !greeting.ends_with(END_OF_GREETING) {
        if stdout.read_line(&mut greeting).expect("its greeting") == 0 {
            let mut said = String::new();
            stderr.read_to_string(&mut said).expect("its stderr");
            panic!("it ended before its greeting: {said}");
        }
    }
    greeting
}

/// Runs the program to its end. A server that comes up although nobody expects it is killed at its greeting.
pub fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut child = spawn(folder, arguments, environment);
    let mut pipe = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut stdout = Vec::new();
    while pipe.read_until(b'\n', &mut stdout).expect("its stdout") > 0 {
        if stdout.ends_with(END_OF_GREETING.as_bytes()) {
            child.kill().expect("it was running");
        }
    }
    let output = child.wait_with_output().expect("it has ended");
    Output { stdout, ..output }
}

fn spawn(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Child {
    command(folder)
        .args(arguments)
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}
