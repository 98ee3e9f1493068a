//! Those who send, on a thread of their own: what the subscribers do must not delay when an answer is noticed.

use std::{ops::Range, thread, time::Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Client;
use serde_json::json;
use tokio::{
    runtime,
    sync::{mpsc, oneshot},
};

use crate::{
    Outcome,
    room::Room,
    server::{Server, ask},
};

/// A message that was sent.
pub struct Sent {
    pub asked: Instant,
    /// It was committed, and its sender knows.
    pub answered: Instant,
}

struct Job {
    numbers: Range<u32>,
    at_a_time: usize,
    done: oneshot::Sender<Result<Vec<Sent>, String>>,
}

/// The thread of the senders; ends when it is dropped.
pub struct Senders(mpsc::UnboundedSender<Job>);

impl Senders {
    pub fn start(server: &Server, room: &Room, count: usize) -> Self {
        let (jobs, mut waiting) = mpsc::unbounded_channel::<Job>();
        let people: Vec<String> = room.members.iter().cycle().take(count).cloned().collect();
        let (address, room, client) = (server.address, room.id.clone(), Client::new());
        let work = async move {
            while let Some(job) = waiting.recv().await {
                let speak = |number: u32| {
                    let (client, room) = (&client, &room);
                    let sender = &people[number as usize % people.len()];
                    async move {
                        let query = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { errors { code } } }";
                        let input =
                            json!({ "senderId": sender, "recipientId": room, "text": number.to_string() });
                        let asked = Instant::now();
                        ask(client, address, query, json!({ "input": input })).await?;
                        Outcome::Ok(Sent { asked, answered: Instant::now() })
                    }
                };
                let sent = stream::iter(job.numbers).map(speak).buffered(job.at_a_time).try_collect().await;
                // Whoever does not wait any more needs no answer.
                drop(job.done.send(sent.map_err(|error| error.to_string())));
            }
        };
        let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        thread::spawn(move || runtime.block_on(work));
        Self(jobs)
    }

    /// Sends messages that say these numbers, some at a time.
    pub async fn send(&self, numbers: Range<u32>, at_a_time: usize) -> Outcome<Vec<Sent>> {
        let (done, sent) = oneshot::channel();
        self.0.send(Job { numbers, at_a_time, done }).map_err(|_| "the senders are gone")?;
        Ok(sent.await??)
    }
}
