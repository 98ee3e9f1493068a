//! How much memory clients can make the server take, counted at the allocator: the bytes that are allocated, not the resident
//! memory, which depends on what the allocator keeps for later.
//!
//! The server and its clients are in this process; the clients here keep little. One story runs at a time, because all count at
//! the same place.

#![allow(clippy::expect_used, clippy::panic, reason = "a story ends where it does not go as told")]

#[path = "support/mod.rs"]
mod support;

use std::{fmt::Write, ops::Range};

use futures_util::future::join_all;
use peak_alloc::PeakAlloc;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::{Mutex, MutexGuard},
};

use support::{Host, Server, Socket, shared_secret};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

static ALONE: Mutex<()> = Mutex::const_new(());

const KIB: usize = 1_024;
const MIB: usize = 1_024 * KIB;

async fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().await
}

/// A document of 8 KB, as large in memory as can be: no other has its alias.
fn large(number: usize) -> String {
    let mut document = format!(
        "subscription ($me: ID!, $after: String) {{ events(userId: $me) {{ number{number}: cursor event {{"
    );
    document.push_str(" ... on MessageSent { message { conversation { ... on Chatroom {");
    document.push_str(" messages(first: 1, after: $after) { eventCursor } } } ");
    document.push_str(&"id ".repeat(900));
    document.push_str("} } } } } #");
    let rest = 8_192 - document.len();
    write!(document, "{}", "x".repeat(rest)).expect("a text");
    document
}

/// Subscribes so often on one socket, with 250 KB of variables that the document does not declare and 3 KB that it needs.
async fn subscribe(socket: &mut Socket, id: &str, numbers: Range<usize>) {
    let variables = json!({ "me": id, "after": "x".repeat(3_000), "undeclared": vec![0; 9_000], "text": "x".repeat(200_000) });
    for number in numbers {
        socket.subscribes(&number.to_string(), &large(number), variables.clone()).await;
        let told = socket.hears().await;
        assert_eq!(told["payload"].get("errors"), None, "{told}");
        assert_eq!(told["type"], "next");
    }
}

/// Asks with so many documents that those the server remembers for all, 32 MiB, are full.
async fn fill_known_documents(server: &Server) {
    let client = Client { server, token: Host::with_secret().signs_for_service(), id: String::new() };
    for number in 0..200 {
        let document = format!("{{ n{number}: serverInfo {{ {} }} }}", "__typename ".repeat(900));
        let answer = server.ask_with(&client.token, &document, json!({})).await.body;
        assert_eq!(answer.get("errors"), None, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_takes_32_kib_whatever_was_sent_with_it() {
    let _alone = alone().await;
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let mut socket = Socket::open(&server.url).await;
    fill_known_documents(&server).await;
    subscribe(&mut socket, &aaron.id, 0..1).await;
    let before = HEAP.current_usage();
    subscribe(&mut socket, &aaron.id, 1..81).await;
    let grown = HEAP.current_usage().saturating_sub(before);
    assert!(grown < 80 * 32 * KIB, "80 subscriptions take {} KiB", grown / KIB);
}

/// A client that keeps nothing.
struct Client<'a> {
    server: &'a Server,
    token: String,
    id: String,
}

impl Client<'_> {
    async fn connects(&self) -> TcpStream {
        let address = self.server.url.trim_start_matches("http://").parse().expect("an address");
        let socket = TcpSocket::new_v4().expect("a socket");
        // What the kernel takes, the server need not hold.
        socket.set_recv_buffer_size(16 * 1_024).expect("a size");
        socket.connect(address).await.expect("a connection")
    }

    fn head(&self, length: usize) -> String {
        let token = &self.token;
        format!(
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
    }

    /// Sends a request on a connection of its own.
    async fn sends(&self, body: &str) -> TcpStream {
        let mut stream = self.connects().await;
        stream.write_all(self.head(body.len()).as_bytes()).await.expect("it is taken");
        stream.write_all(body.as_bytes()).await.expect("it is taken");
        stream
    }

    /// Sends a body of which the last byte is missing.
    async fn sends_all_but_the_end(&self, length: usize) -> TcpStream {
        let mut stream = self.connects().await;
        stream.write_all(self.head(length).as_bytes()).await.expect("it is taken");
        // A body for which there is no place is refused before its end.
        drop(stream.write_all(&vec![b' '; length - 1]).await);
        stream
    }

    /// Reads an answer to its end; gives its length.
    async fn asks(&self, body: &str) -> usize {
        let mut stream = self.sends(body).await;
        let (mut buffer, mut length) = (vec![0; 16 * KIB], 0);
        loop {
            match stream.read(&mut buffer).await.expect("an answer") {
                0 => return length,
                read => length += read,
            }
        }
    }

    /// Waits until the answer begins, and takes no more of it. The server may have cut off a client by then that takes nothing.
    async fn begins_to_ask(&self, body: &str) -> TcpStream {
        let stream = self.sends(body).await;
        drop(stream.peek(&mut [0]).await);
        stream
    }
}

/// Clients of so many users, at a server that asks for tokens.
async fn people(server: &Server, count: usize) -> Vec<Client<'_>> {
    let (host, mut clients) = (Host::with_secret(), Vec::new());
    for number in 0..count {
        let id = server.user_of(&host, &format!("person-{number}")).await;
        clients.push(Client { server, token: host.signs(json!({ "sub": id })), id });
    }
    clients
}

/// Notes of somebody to themselves.
async fn notes(client: &Client<'_>, text: &str, count: usize) {
    let send = "mutation ($messages: [SendMessageInput!]!) {
        sendMessages(input: { messages: $messages }) { results { message { seq } } }
    }";
    let input = json!({ "senderId": client.id, "recipientId": client.id, "text": text });
    for _ in 0..count / 100 {
        let variables = json!({ "messages": vec![input.clone(); 100] });
        let answer = client.server.ask_with(&client.token, send, variables).await.body;
        assert_eq!(answer.get("errors"), None, "{answer}");
    }
}

/// How many bytes more than before were allocated at most, while this ran.
async fn peak<T>(running: impl Future<Output = T>) -> (usize, T) {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let outcome = running.await;
    (HEAP.peak_usage().saturating_sub(before), outcome)
}

/// A query for a page of one's own messages, again and again: so many pages with so many messages and this selection.
fn pages(me: &str, count: usize, first: usize, selection: &str) -> String {
    let mut query = "query ($me: ID!) {".to_owned();
    for number in 0..count {
        let page = format!("recentMessages(recipientId: $me, window: {{days: 30}}, first: {first})");
        write!(query, " p{number}: {page} {{ nodes {{ {selection} }} }}").expect("a text");
    }
    json!({ "query": query + " }", "variables": { "me": me } }).to_string()
}

/// Asks 40 times at once for 24 pages of 1,000 messages, and reads all of it.
async fn read_much(client: &Client<'_>) {
    let body = pages(&client.id, 24, 1_000, "text");
    let lengths = join_all((0..40).map(|_| client.asks(&body))).await;
    assert!(lengths.iter().all(|length| *length > 4 * MIB), "{lengths:?}");
}

/// Asks for answers of 15 MB each, and takes nothing of them.
async fn take_nothing(client: &Client<'_>, count: usize) -> Vec<TcpStream> {
    let texts = (0..49).map(|number| format!("a{number}: text ")).collect::<Vec<_>>().concat();
    let body = pages(&client.id, 1, 60, &texts);
    join_all((0..count).map(|_| client.begins_to_ask(&body))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_queries_of_one_client_take_less_than_64_mib() {
    let _alone = alone().await;
    let server = Server::start_with_keys(shared_secret()).await;
    let clients = people(&server, 1).await;
    notes(&clients[0], &"a note of words ".repeat(12), 1_000).await;
    let (taken, ()) = peak(read_much(&clients[0])).await;
    assert!(taken < 64 * MIB, "{} MiB", taken / MIB);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_at_all_its_limits_takes_less_than_256_mib() {
    let _alone = alone().await;
    let server = Server::start_with_keys(shared_secret()).await;
    let clients = people(&server, 1).await;
    let aaron = &clients[0];
    notes(aaron, &"x".repeat(5_000), 1_000).await;
    let all = async {
        let mut socket =
            Socket::open_as(&server.url, json!({ "authorization": format!("Bearer {}", aaron.token) })).await;
        subscribe(&mut socket, &aaron.id, 0..100).await;
        let unsent = join_all((0..20).map(|_| aaron.sends_all_but_the_end(MIB))).await;
        let untaken = take_nothing(aaron, 10).await;
        fill_known_documents(&server).await;
        let body = pages(&aaron.id, 3, 1_000, "text");
        join_all((0..40).map(|_| aaron.asks(&body))).await;
        (socket, unsent, untaken)
    };
    let (taken, open) = peak(all).await;
    assert!(taken < 256 * MIB, "{} MiB", taken / MIB);
    drop(open);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_twenty_clients_do_not_take_stay_within_their_budget() {
    let _alone = alone().await;
    let server = Server::start_with_keys(shared_secret()).await;
    let clients = people(&server, 20).await;
    for client in &clients {
        notes(client, &"x".repeat(5_000), 100).await;
    }
    let (taken, streams) = peak(join_all(clients.iter().map(|client| take_nothing(client, 5)))).await;
    // The budget is 256 MiB. Each answer has 64 KiB free, and two are being written.
    assert!(taken < 320 * MIB, "{} MiB", taken / MIB);
    assert!(taken > 192 * MIB, "all of them ask in vain: {} MiB", taken / MIB);
    drop(streams);
}
