//! The program under measurement, as a process of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Outcome;

/// A running server, over a database of its own; killed when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    client: Client,
    _folder: TempDir,
}

impl Server {
    pub fn start(program: &str) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let mut child = Command::new(fs::canonicalize(program)?)
            .arg("serve")
            .current_dir(folder.path())
            .env_clear()
            .env("MESSENGER_ADDR", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()?;
        let greeting = BufReader::new(child.stdout.take().ok_or("a pipe")?);
        let mut address = None;
        for line in greeting.lines() {
            let line = line?;
            let mut words = line.split_whitespace();
            address =
                words.find_map(|word| word.strip_prefix("http://")?.strip_suffix("/graphql")?.parse().ok());
            if address.is_some() {
                break;
            }
        }
        let address = address.ok_or("the server did not say where it is")?;
        Ok(Self { child, address, client: Client::new(), _folder: folder })
    }

    /// The data of an answer. Payloads must hold no errors either.
    pub async fn ask(&self, query: &str, variables: Value) -> Outcome<Value> {
        ask(&self.client, self.address, query, variables).await
    }

    /// The memory that it has.
    pub fn resident_kib(&self) -> Outcome<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        Ok(line.and_then(|line| line.split_whitespace().next()).ok_or("its memory")?.parse()?)
    }

    /// The seconds that it has spent, in the program and in the kernel.
    pub fn cpu(&self) -> Outcome<(f64, f64)> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, figures) = stat.rsplit_once(')').ok_or("its name")?;
        let mut figures = figures.split_whitespace().skip(11);
        let mut seconds = || Outcome::Ok(figures.next().ok_or("its times")?.parse::<f64>()? / 100.0);
        Ok((seconds()?, seconds()?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Asks a server something.
pub async fn ask(client: &Client, address: SocketAddr, query: &str, variables: Value) -> Outcome<Value> {
    let request = client.post(format!("http://{address}/graphql"));
    let request = request.json(&json!({ "query": query, "variables": variables }));
    let text = request.send().await?.text().await?;
    let mut answer: Value = serde_json::from_str(&text)?;
    if text.contains("\"message\":") {
        return Err(format!("it was refused: {text}").into());
    }
    Ok(answer["data"].take())
}
