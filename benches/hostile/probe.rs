//! Honest people who use the server meanwhile, and how long they wait.

use std::{
    collections::HashMap,
    future::Future,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::json;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::{
    Outcome,
    figures::Waits,
    person::Person,
    socket::{Received, Socket},
};

/// From where they call.
const FROM: &str = "198.51.100.7";

/// How often each request is asked; the next one waits for the answer of the one before.
const EVERY: Duration = Duration::from_millis(100);

const PAGE: &str = "query($me: ID!) { recentMessages(recipientId: $me) {
    nodes { id seq text sentAt sender { id username displayName } } pageInfo { hasNextPage endCursor } } }";
/// A request that reads through the loaders.
const INBOX: &str =
    "{ conversations(first: 20) { nodes { id unreadCount messages(first: 5) { nodes { text } } } } }";
const SEND: &str = "mutation($to: ID!, $text: String!) {
    sendMessage(input: { recipientId: $to, text: $text }) { message { id } errors { code } } }";
const FOLLOW: &str =
    "subscription { events { cursor event { __typename ... on MessageSent { message { text } } } } }";

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Page,
    Inbox,
    Send,
    Live,
    Ready,
}

/// What has been measured since it was taken last.
#[derive(Debug, Default)]
pub struct Samples {
    waits: HashMap<Kind, Vec<Duration>>,
    /// Answers that were none, with the first reason.
    pub failures: usize,
    pub first_failure: Option<String>,
    /// Messages that were sent and have not been heard yet.
    pending: HashMap<String, Instant>,
}

impl Samples {
    /// How long they waited for this kind of thing.
    pub fn waits(&self, kind: Kind) -> Waits {
        Waits::of(self.waits.get(&kind).map_or(&[][..], Vec::as_slice), EVERY)
    }
}

type Shared = Arc<Mutex<Samples>>;

fn lock(shared: &Shared) -> MutexGuard<'_, Samples> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The people, until it is dropped.
pub struct Probe {
    samples: Shared,
    tasks: Vec<JoinHandle<()>>,
}

/// Gives a listener a page of messages before anything is measured.
pub async fn prepare(service: &Person) -> Outcome<()> {
    let [aaron, betty] = people(service.address)?;
    let (aaron, betty) = (aaron.id().await?, betty.id().await?);
    service
        .acting_as(&aaron)
        .sends(&betty, "an honest message of a usual length, as people write them", 100)
        .await
}

fn people(server: SocketAddr) -> Outcome<[Person; 2]> {
    Ok([Person::user(server, "probe-aaron", FROM)?, Person::user(server, "probe-betty", FROM)?])
}

impl Probe {
    /// Begins to ask: Betty reads and listens, Aaron sends to her.
    pub async fn start(server: SocketAddr) -> Outcome<Self> {
        let [aaron, betty] = people(server)?;
        let me = betty.id().await?;
        aaron.id().await?;
        let samples = Shared::default();
        let mut ear = Socket::with_token(server, FROM, &betty.token).await?;
        ear.subscribe("1", FOLLOW, json!({})).await?;
        ear.next().await?;
        let tasks = vec![
            tokio::spawn(repeat(Kind::Page, Arc::clone(&samples), {
                let (betty, me) = (betty.clone(), me.clone());
                move |_| ask(betty.clone(), PAGE, json!({ "me": me }))
            })),
            tokio::spawn(repeat(Kind::Inbox, Arc::clone(&samples), move |_| {
                ask(betty.clone(), INBOX, json!({}))
            })),
            tokio::spawn(repeat(Kind::Send, Arc::clone(&samples), {
                let samples = Arc::clone(&samples);
                move |number| {
                    let text = format!("probe {number}");
                    lock(&samples).pending.insert(text.clone(), Instant::now());
                    let sent = ask(aaron.clone(), SEND, json!({ "to": me, "text": text }));
                    let samples = Arc::clone(&samples);
                    async move {
                        let sent = sent.await;
                        if sent.is_err() {
                            // Nobody is told a message that was refused.
                            lock(&samples).pending.remove(&text);
                        }
                        sent
                    }
                }
            })),
            tokio::spawn(repeat(Kind::Ready, Arc::clone(&samples), {
                let client = Client::builder().timeout(Duration::from_secs(90)).build()?;
                move |_| ready(client.clone(), server)
            })),
            tokio::spawn(listen(ear, Arc::clone(&samples))),
        ];
        Ok(Self { samples, tasks })
    }

    /// How many messages were sent that nobody has heard yet.
    pub fn unheard(&self) -> usize {
        lock(&self.samples).pending.len()
    }

    /// What was measured since the last time.
    pub fn take(&self) -> Samples {
        let mut samples = lock(&self.samples);
        let pending = samples.pending.clone();
        std::mem::replace(&mut *samples, Samples { pending, ..Samples::default() })
    }

    /// Stops asking. What has no answer yet counts with the time that it has waited.
    pub async fn finish(mut self) -> Samples {
        for task in &self.tasks {
            task.abort();
        }
        for task in self.tasks.drain(..) {
            drop(task.await);
        }
        let mut samples = self.take();
        let unheard = std::mem::take(&mut samples.pending);
        let waits = samples.waits.entry(Kind::Live).or_default();
        waits.extend(unheard.values().map(Instant::elapsed).filter(|waited| *waited > EVERY));
        samples
    }
}

/// Notes how long something took, also when it is given up.
struct Stopwatch {
    kind: Kind,
    begin: Instant,
    samples: Shared,
}

impl Drop for Stopwatch {
    fn drop(&mut self) {
        lock(&self.samples).waits.entry(self.kind).or_default().push(self.begin.elapsed());
    }
}

/// Asks again and again, each time when the answer before has come.
async fn repeat<F: Future<Output = Outcome<()>>>(kind: Kind, samples: Shared, ask: impl Fn(usize) -> F) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0.. {
        ticks.tick().await;
        let watch = Stopwatch { kind, begin: Instant::now(), samples: Arc::clone(&samples) };
        let answered = ask(number).await;
        drop(watch);
        if let Err(error) = answered {
            let mut samples = lock(&samples);
            samples.failures += 1;
            samples.first_failure.get_or_insert_with(|| format!("{kind:?}: {error}"));
        }
    }
}

async fn ask(person: Person, query: &str, variables: serde_json::Value) -> Outcome<()> {
    let reply = person.ask(query, variables).await?;
    if reply.status == 200 && reply.code() == "none" { Ok(()) } else { Err(reply.told().into()) }
}

async fn ready(client: Client, server: SocketAddr) -> Outcome<()> {
    let status = client.get(format!("http://{server}/health/ready")).send().await?.status();
    if status.is_success() { Ok(()) } else { Err(status.to_string().into()) }
}

/// Notes when messages come, until the socket ends.
async fn listen(mut ear: Socket, samples: Shared) {
    while let Ok(Received::Text(text)) = ear.next().await {
        let said = text.split("\"text\":\"").nth(1).and_then(|rest| rest.split('"').next());
        let mut samples = lock(&samples);
        if let Some(sent) = said.and_then(|said| samples.pending.remove(said)) {
            samples.waits.entry(Kind::Live).or_default().push(sent.elapsed());
        }
    }
}
