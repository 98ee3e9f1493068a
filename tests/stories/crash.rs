//! What was acknowledged survives a SIGKILL at any moment, and is there once.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use futures_util::future::{join, join_all};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::yield_now;

use crate::support::Process;

const ROUNDS: usize = 10;
const PEOPLE: usize = 6;
/// Who has several devices sends from all of them at once.
const DEVICES: usize = 3;

/// A message on its way: it is repeated under its key until it is acknowledged.
struct Draft {
    sender_id: String,
    recipient_id: String,
    key: String,
    acknowledged: Option<Value>,
}

impl Draft {
    fn input(&self) -> Value {
        json!({
            "senderId": self.sender_id,
            "recipientId": self.recipient_id,
            "text": format!("the text of {}", self.key),
            "clientMessageId": self.key,
        })
    }
}

/// Somebody's device, which writes to everybody in turn.
struct Device {
    number: usize,
    sender_id: String,
    recipients: Vec<String>,
    drafts: RefCell<Vec<Draft>>,
}

const SEND: &str = "mutation ($input: SendMessageInput!) {
    sendMessage(input: $input) {
        message { id seq text sentAt clientMessageId sender { id } recipient { ... on User { id } } conversation { id } }
        errors { code }
    }
}";

impl Device {
    /// Sends until the server is gone: first what was not acknowledged, then something new.
    async fn sends_until_the_end(&self, server: &Process, acknowledged: impl Fn()) {
        while self.sends_one(server).await.is_ok() {
            acknowledged();
        }
    }

    async fn sends_one(&self, server: &Process) -> reqwest::Result<()> {
        self.ensure_draft();
        let input = self.with_last(|draft| draft.input());
        let answer = server.ask(SEND, json!({ "input": input })).await?;
        let payload = &answer["data"]["sendMessage"];
        assert_eq!(payload["errors"], json!([]), "{answer}");
        self.with_last(|draft| draft.acknowledged = Some(payload["message"].clone()));
        Ok(())
    }

    /// Repeats what was left open, if anything.
    async fn sends_what_is_open(&self, server: &Process) {
        if self.has_open() {
            self.sends_one(server).await.expect("an answer");
        }
    }

    fn has_open(&self) -> bool {
        let drafts = self.drafts.borrow();
        drafts.last().is_some_and(|draft| draft.acknowledged.is_none())
    }

    /// Only the last draft can be open: a device waits for one answer before it sends the next message.
    fn ensure_draft(&self) {
        if self.has_open() {
            return;
        }
        let mut drafts = self.drafts.borrow_mut();
        let count = drafts.len();
        drafts.push(Draft {
            sender_id: self.sender_id.clone(),
            recipient_id: self.recipients[(self.number + count) % self.recipients.len()].clone(),
            key: format!("{}-{count}", self.number),
            acknowledged: None,
        });
    }

    fn with_last<T>(&self, look: impl FnOnce(&mut Draft) -> T) -> T {
        look(self.drafts.borrow_mut().last_mut().expect("a draft"))
    }
}

async fn create_user(server: &Process, number: usize) -> String {
    let create = "mutation ($username: String!) { createUser(input: {username: $username}) { user { id } } }";
    let answer = server.ask(create, json!({ "username": format!("user-{number}") })).await;
    let answer = answer.expect("an answer");
    answer["data"]["createUser"]["user"]["id"].as_str().expect("an id").to_owned()
}

/// Everybody sends until the process is killed: so many turns of the runtime after so many acknowledgements, in the middle
/// of whatever it is doing then.
async fn a_round(folder: &TempDir, devices: &[Device], acknowledgements: usize, turns: usize) {
    let server = Process::start(folder.path());
    let count = Cell::new(0);
    let acknowledged = || count.set(count.get() + 1);
    let kill = async {
        while count.get() < acknowledgements {
            yield_now().await;
        }
        for _ in 0..turns {
            yield_now().await;
        }
        server.signal(Signal::KILL);
    };
    join(join_all(devices.iter().map(|device| device.sends_until_the_end(&server, acknowledged))), kill)
        .await;
}

/// All messages of a conversation, newest first, as they were acknowledged.
async fn history(server: &Process, conversation_id: &str) -> Vec<Value> {
    let query = "query ($id: ID!) { node(id: $id) { ... on DirectConversation {
        latestSeq
        messages(first: 1000) {
            nodes { id seq text sentAt clientMessageId sender { id } recipient { ... on User { id } } conversation { id } }
            pageInfo { hasNextPage }
        }
    } } }";
    let answer = server.ask(query, json!({ "id": conversation_id })).await.expect("an answer");
    let conversation = &answer["data"]["node"];
    assert_eq!(conversation["messages"]["pageInfo"]["hasNextPage"], false);
    let nodes = conversation["messages"]["nodes"].as_array().expect("nodes").clone();
    let seqs: Vec<Value> = nodes.iter().map(|node| node["seq"].clone()).collect();
    let dense: Vec<Value> = (1..=nodes.len()).rev().map(Value::from).collect();
    assert_eq!(seqs, dense, "seqs have no holes and no doubles");
    assert_eq!(conversation["latestSeq"], nodes.len());
    nodes
}

/// Messages by sender and key: their identity in the eyes of those who sent them.
fn by_key(messages: impl IntoIterator<Item = Value>) -> BTreeMap<(String, String), Value> {
    let mut found = BTreeMap::new();
    for message in messages {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let key = (text(&message["sender"]["id"]), text(&message["clientMessageId"]));
        assert_eq!(found.insert(key, message), None, "stored twice");
    }
    found
}

#[tokio::test]
async fn what_was_acknowledged_survives_every_kill_and_is_there_once() {
    let folder = TempDir::new().expect("a folder");
    let server = Process::start(folder.path());
    let mut ids = Vec::new();
    for number in 0..PEOPLE {
        ids.push(create_user(&server, number).await);
    }
    server.kill();
    let device = |number: usize| Device {
        number,
        sender_id: ids[number % PEOPLE].clone(),
        recipients: ids.clone(),
        drafts: RefCell::default(),
    };
    let devices: Vec<Device> = (0..PEOPLE * DEVICES).map(device).collect();
    let mut chance = StdRng::seed_from_u64(20_260_131);

    for _ in 0..ROUNDS {
        a_round(&folder, &devices, chance.random_range(0..60), chance.random_range(0..300)).await;
    }

    let server = Process::start(folder.path());
    join_all(devices.iter().map(|device| device.sends_what_is_open(&server))).await;
    let drafts = devices.into_iter().flat_map(|device| device.drafts.into_inner());
    let acknowledged = by_key(drafts.map(|draft| draft.acknowledged.expect("an answer")));
    let mut conversations: Vec<String> = acknowledged
        .values()
        .map(|message| message["conversation"]["id"].as_str().expect("an id").to_owned())
        .collect();
    conversations.sort_unstable();
    conversations.dedup();
    let stored = join_all(conversations.iter().map(|id| history(&server, id))).await;
    assert_eq!(by_key(stored.into_iter().flatten()), acknowledged);
    assert!(acknowledged.len() > ROUNDS * 10, "the rounds were long enough to tell");
}
