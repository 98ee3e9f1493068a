//! The baseline: the same answers to the same requests, written by hand, without GraphQL.
//!
//! It knows five operations by their names, and never looks at the document. It is as fast as we could make it: a connection
//! for each thread of the runtime, read in place; statements prepared once; one buffer for each answer, into which rows are
//! written as they come; people kept in memory, already written as JSON. What the server does beyond the operation itself it
//! does not do: no origins, no limits, no request ids, no errors with codes.
//!
//! It can also read on threads of its own, to see what the way there and back costs.

mod checkpoints;
mod json;
mod people;
mod reader;
mod writer;

use std::{cell::RefCell, path::Path, sync::Arc, thread};

use async_channel::Sender;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use serde::Deserialize;
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};

use self::{json::Id, people::People, reader::Reader, writer::Writer};

/// What is read of a request: everything but the document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    operation_name: Operation,
    variables: Variables,
}

#[derive(Clone, Copy, Deserialize)]
enum Operation {
    Recent,
    RecentOfSender,
    History,
    Inbox,
    Send,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Variables {
    recipient_id: Id,
    sender_id: Id,
    conversation_id: Id,
    user_id: Id,
    input: Option<Draft>,
}

/// A message to be sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Draft {
    sender_id: Id,
    recipient_id: Id,
    text: String,
    client_message_id: String,
}

#[derive(Clone)]
struct App {
    reads: Reads,
    writer: Arc<Writer>,
}

/// Where reads happen.
#[derive(Clone)]
enum Reads {
    InPlace(Arc<Path>, Arc<People>),
    OnThreads(Sender<Read>),
}

/// A read on its way to a thread.
struct Read {
    asked: Asked,
    answer: oneshot::Sender<Option<Vec<u8>>>,
}

/// Reads that may wait for a thread.
const QUEUE: usize = 1024;

thread_local! {
    static READER: RefCell<Option<Reader>> = const { RefCell::new(None) };
}

/// Serves until it is killed, and says where. Reads on so many threads of its own, or in place when there are none.
pub fn serve(file: &Path, threads: usize) {
    let people = Arc::<People>::default();
    let writer = Arc::new(Writer::start(file, Arc::clone(&people)));
    let reads = Reads::start(file, people, threads);
    Runtime::new().expect("a runtime").block_on(listen(App { reads, writer }));
}

async fn listen(app: App) {
    let routes = Router::new().route("/graphql", post(answer)).with_state(app);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("http://{}/graphql", listener.local_addr().expect("an address"));
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        let service = TowerToHyperService::new(routes.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(State(app): State<App>, body: Bytes) -> Response {
    let Ok(asked) = serde_json::from_slice::<Asked>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answer = match asked.variables.input {
        Some(draft) => app.writer.send(draft).await,
        None => app.reads.answer(asked).await,
    };
    let Some(answer) = answer else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Accept"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, answer).into_response()
}

impl Reads {
    fn start(file: &Path, people: Arc<People>, threads: usize) -> Self {
        if threads == 0 {
            return Self::InPlace(file.into(), people);
        }
        let (queue, reads) = async_channel::bounded::<Read>(QUEUE);
        for _ in 0..threads {
            let (reads, reader) = (reads.clone(), Reader::open(file, Arc::clone(&people)));
            thread::spawn(move || {
                while let Ok(Read { asked, answer }) = reads.recv_blocking() {
                    // Whoever asked may be gone.
                    let _ = answer.send(reader.read(&asked));
                }
            });
        }
        Self::OnThreads(queue)
    }

    async fn answer(&self, asked: Asked) -> Option<Vec<u8>> {
        match self {
            Self::InPlace(file, people) => READER.with_borrow_mut(|reader| {
                reader.get_or_insert_with(|| Reader::open(file, Arc::clone(people))).read(&asked)
            }),
            Self::OnThreads(queue) => {
                let (answer, answered) = oneshot::channel();
                queue.send(Read { asked, answer }).await.ok()?;
                answered.await.ok()?
            }
        }
    }
}

impl Reader {
    fn read(&self, Asked { operation_name, variables }: &Asked) -> Option<Vec<u8>> {
        match operation_name {
            Operation::Recent => self.recent(variables.recipient_id, None),
            Operation::RecentOfSender => self.recent(variables.recipient_id, Some(variables.sender_id)),
            Operation::History => Some(self.history(variables.conversation_id)),
            Operation::Inbox => self.inbox(variables.user_id),
            Operation::Send => None,
        }
    }
}
