//! The yardstick: the same answers to the same requests, written by hand, without GraphQL.
//!
//! It knows five operations by their names, and never looks at the document. It is as fast as we could make it: a connection
//! for each thread of the runtime, read in place; statements prepared once; one buffer for each answer, into which rows are
//! written as they come; people kept in memory, already written as JSON. What the server does beyond the operation itself it
//! does not do: no origins, no limits, no request ids, no errors with codes.

mod checkpoints;
mod json;
mod people;
mod reader;
mod writer;

use std::{cell::RefCell, path::Path, sync::Arc};

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
use tokio::{net::TcpListener, runtime::Runtime};

use self::{json::Id, people::People, reader::Reader, writer::Writer};

/// What is read of a request: everything but the document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    operation_name: &'a str,
    variables: Variables,
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
    file: Arc<Path>,
    people: Arc<People>,
    writer: Arc<Writer>,
}

thread_local! {
    static READER: RefCell<Option<Reader>> = const { RefCell::new(None) };
}

/// Serves until it is killed, and says where.
pub fn serve(file: &Path) {
    let people = Arc::<People>::default();
    let writer = Arc::new(Writer::start(file, Arc::clone(&people)));
    let app = App { file: file.into(), people, writer };
    Runtime::new().expect("a runtime").block_on(listen(app));
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
    let Ok(Asked { operation_name, variables }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answer = match variables.input {
        Some(draft) => app.writer.send(draft).await,
        None => app.read(operation_name, &variables),
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

impl App {
    /// Reads in place, on this thread's own connection.
    fn read(&self, operation: &str, variables: &Variables) -> Option<Vec<u8>> {
        READER.with_borrow_mut(|reader| {
            let reader = reader.get_or_insert_with(|| Reader::open(&self.file, Arc::clone(&self.people)));
            match operation {
                "Recent" => reader.recent(variables.recipient_id, None),
                "RecentOfSender" => reader.recent(variables.recipient_id, Some(variables.sender_id)),
                "History" => Some(reader.history(variables.conversation_id)),
                "Inbox" => reader.inbox(variables.user_id),
                _ => None,
            }
        })
    }
}
