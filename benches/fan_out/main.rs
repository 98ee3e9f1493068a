//! How fast does a message reach everybody in a large room, and what does somebody cost who only listens?
//!
//! ```text
//! cargo bench --bench fan_out                            1,000 and 5,000 subscribers of one room: some minutes
//! cargo bench --bench fan_out -- --subscribers 2000      another number of them
//! cargo bench --bench fan_out -- --server target/other   another build of the program, to compare
//! cargo bench --bench fan_out -- --quick                 50 subscribers: seconds, to see that it works
//! ```
//!
//! The program runs as a process of its own, so that its memory and its time on the CPU are its own. The subscribers are
//! here, on one thread and with as little work for each frame as can be, the senders on another. They share the machine
//! with the server: what it could do alone is more, and "CPU for each" says how much more.
//!
//! All members hide themselves (`setPresence`) before they subscribe: else each who comes is told to all who are there, and
//! the preparation takes longer than what is measured.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // it prints, or stops
#![allow(clippy::panic)]

mod frames;
mod record;
mod room;
mod senders;
mod server;
mod subscriber;

use std::{
    env,
    error::Error,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, TryStreamExt, stream};
use record::{Record, percentile};
use room::Room;
use rustix::process::{Resource, getrlimit, setrlimit};
use senders::{Senders, Sent};
use server::Server;
use tokio::{runtime, time::timeout};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How many members come at the same time.
const AT_A_TIME: usize = 64;
/// How many messages are sent one by one, each when the one before has reached everybody.
const ALONE: u32 = 30;
/// How many are sent so before anything is measured.
const WARM_UP: u32 = 5;
/// How many people send at the same time.
const SENDERS: usize = 8;

/// What was measured with so many subscribers.
struct Figures {
    subscribers: usize,
    kib_each: f64,
    per_second: f64,
    /// Of the server, for each delivery: in the program, and in the kernel on its behalf.
    cpu_us: (f64, f64),
    /// From the sender's acknowledgement, in milliseconds.
    from_answer: [f64; 2],
    /// From the sender's request.
    from_request: [f64; 2],
}

/// As many open files as the machine lets us have; the server inherits it.
fn raise_limit() -> Outcome<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// Opens the subscriptions, and gives what memory each took.
async fn gather(server: &Server, room: &Room, record: &Arc<Record>) -> Outcome<f64> {
    let before = server.resident_kib()?;
    let mut coming = stream::iter(&room.members)
        .map(|member| subscriber::subscribe(server.address, member, &room.id))
        .buffer_unordered(AT_A_TIME);
    let mut count = 0_u32;
    while let Some(subscriber) = coming.try_next().await? {
        tokio::spawn(subscriber.listen(Arc::clone(record)));
        count += 1;
        if count.is_multiple_of(500) {
            eprintln!("{count} subscribed");
        }
    }
    // What is freed after the last came is freed by now.
    drop(timeout(Duration::from_secs(2), std::future::pending::<()>()).await);
    Ok((server.resident_kib()? - before) / f64::from(count))
}

/// Sends messages one by one, and says how long they took from the acknowledgement, and from the request.
async fn send_alone(senders: &Senders, record: &Record, subscribers: usize) -> Outcome<[[f64; 2]; 2]> {
    let mut sent = Vec::new();
    for number in 0..WARM_UP + ALONE {
        record.expect(subscribers);
        let job = senders.send(number..number + 1, 1);
        sent.extend(job.await?);
        record.complete().await?;
        if number + 1 == WARM_UP {
            record.take();
            sent.clear();
        }
    }
    let receipts = record.take();
    let since = |from: fn(&Sent) -> Instant| {
        let mut waits: Vec<f64> = Vec::with_capacity(receipts.len());
        for (number, at) in &receipts {
            let sent = &sent[(number - WARM_UP) as usize];
            // A subscriber may hear of it before its sender does.
            waits.push(at.saturating_duration_since(from(sent)).as_secs_f64() * 1e3);
        }
        waits.sort_unstable_by(f64::total_cmp);
        [percentile(&waits, 0.5), percentile(&waits, 0.99)]
    };
    Ok([since(|sent| sent.answered), since(|sent| sent.asked)])
}

/// Sends many messages, from several senders, as fast as they are taken: deliveries a second, and the CPU of each.
async fn send_many(
    server: &Server,
    senders: &Senders,
    record: &Record,
    count: usize,
) -> Outcome<(f64, (f64, f64))> {
    // Fewer than wait for one subscriber, so that nobody is sent back to the log.
    let messages = u32::try_from((400_000 / count).clamp(40, 200))?;
    let deliveries = count * messages as usize;
    record.expect(deliveries);
    let (cpu, begin) = (server.cpu()?, Instant::now());
    let first = WARM_UP + ALONE;
    senders.send(first..first + messages, SENDERS).await?;
    eprintln!("{messages} messages are sent");
    record.complete().await?;
    let last = record.take().iter().map(|(_, at)| *at).max().unwrap_or(begin);
    let (spent, each) = (server.cpu()?, 1e6 / f64::from(u32::try_from(deliveries)?));
    let cpu_us = ((spent.0 - cpu.0) * each, (spent.1 - cpu.1) * each);
    Ok((1e6 / each / (last - begin).as_secs_f64(), cpu_us))
}

/// A server, a room, and everybody in it.
async fn measure(program: &str, subscribers: usize) -> Outcome<Figures> {
    eprintln!("{subscribers} members come into a room");
    let server = Server::start(program)?;
    let room = Room::make(&server, subscribers).await?;
    let record = Arc::<Record>::default();
    let kib_each = gather(&server, &room, &record).await?;
    let senders = Senders::start(&server, &room, SENDERS);
    eprintln!("messages one by one");
    let [from_answer, from_request] = send_alone(&senders, &record, subscribers).await?;
    eprintln!("messages as fast as they are taken");
    let (per_second, cpu_us) = send_many(&server, &senders, &record, subscribers).await?;
    Ok(Figures { subscribers, kib_each, per_second, cpu_us, from_answer, from_request })
}

impl Figures {
    fn print(&self) {
        let (cpu, kernel) = self.cpu_us;
        let [[p50, p99], [asked_p50, asked_p99]] = [self.from_answer, self.from_request];
        println!(
            "| {} | {:.0} | {:.1} | {:.1} ({kernel:.1}) | {p50:.0} / {p99:.0} | {asked_p50:.0} / {asked_p99:.0} |",
            self.subscribers,
            self.per_second,
            self.kib_each,
            cpu + kernel,
        );
    }
}

fn main() -> Outcome<()> {
    let given = |name: &str| env::args().any(|argument| argument == name);
    let value = |name: &str| env::args().skip_while(|argument| argument != name).nth(1);
    // `cargo test --all-targets` runs benchmarks as well, and without `--bench`.
    let usual = match (given("--bench"), given("--quick")) {
        (true, false) => vec![1_000, 5_000],
        (true, true) => vec![50],
        _ => vec![5],
    };
    let wanted = value("--subscribers").map(|count| count.parse()).transpose()?;
    let program = value("--server").unwrap_or_else(|| env!("CARGO_BIN_EXE_messenger").to_owned());
    raise_limit()?;
    println!("{} cores, shared with the subscribers.\n", thread::available_parallelism()?);
    println!(
        "| subscribers | deliveries/s | KiB for each, idle | CPU for each, µs (in the kernel) | answer to receipt, p50 / p99 ms | request to receipt, p50 / p99 ms |"
    );
    println!("|---:|---:|---:|---:|---:|---:|");
    for subscribers in wanted.map_or(usual, |count| vec![count]) {
        // A runtime of its own: when it is dropped, so are the subscribers.
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(measure(&program, subscribers))?.print();
    }
    Ok(())
}
