//! The API over a store in a folder of its own, asked in both ways.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use async_graphql::{Data, Response, Value, Variables};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::{
    app::App,
    auth::Auth,
    config::Limits,
    graphql::{
        Allowed, Answer, Api, Credentials, Request, RequestId, Session,
        answer::finish,
        loaders::Loaders,
        memory::{Budget, Meter},
        wire::RAW,
    },
    store::{StatementObserver, StoreConfig},
    types::{Clock, Timestamp},
};

/// How an operation is answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As it is for everybody: rendered, where that can be.
    Own,
    /// By the library alone, field by field.
    Library,
}

/// What came of an operation.
pub(super) struct Told {
    /// The answer as a client gets it.
    pub(super) text: String,
    /// How many pages in it were rendered.
    pub(super) pages: usize,
}

impl Told {
    /// Whether nothing was run.
    pub(super) fn is_refused(&self) -> bool {
        self.text.starts_with("{\"errors\"") && !self.text.contains("\"data\":")
    }

    /// Whether it has errors: they come first.
    pub(super) fn has_failed(&self) -> bool {
        self.text.starts_with("{\"errors\"")
    }
}

/// An API, and the only client that it has.
pub(super) struct Fixture {
    pub(super) app: App,
    api: Api,
    runtime: Runtime,
    _folder: TempDir,
}

impl Fixture {
    /// An API over an empty store.
    pub(super) fn new() -> Self {
        let folder = TempDir::new().expect("a folder for the database");
        let config = StoreConfig { readers: 1, ..StoreConfig::new(&folder.path().join("messenger.db")) };
        let clock = Arc::new(Ticking::default());
        let randomness = Box::new(StdRng::seed_from_u64(7));
        let app = App::open(&config, clock, Auth::open(), randomness, StatementObserver::log());
        let app = App { limits: Arc::new(roomy()), ..app.expect("a database that opens") };
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let guard = runtime.enter();
        let api = Api::new(app.clone());
        drop(guard);
        Self { app, api, runtime, _folder: folder }
    }

    /// Waits for something.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// What comes of a query or a mutation, with whom its header names.
    pub(super) fn ask(
        &self,
        way: Way,
        acting: Option<&str>,
        query: &str,
        variables: serde_json::Value,
    ) -> Told {
        self.ask_within(&self.app.limits, way, acting, query, variables)
    }

    /// The same with other limits of the answer.
    pub(super) fn ask_within(
        &self,
        limits: &Limits,
        way: Way,
        acting: Option<&str>,
        query: &str,
        variables: serde_json::Value,
    ) -> Told {
        let request = Request {
            query: Some(query.to_owned()),
            variables: Variables::from_json(variables),
            ..Request::default()
        };
        let request_id = RequestId("request".to_owned());
        let mut pages = 0;
        let answer = match self.api.prepare(self.session(acting), request, Allowed::EVERYTHING) {
            Ok(prepared) => {
                let (kind, mut request) = (prepared.kind, prepared.request);
                if way == Way::Library {
                    // Without the request's `Merging`, nothing is rendered.
                    request.data = Data::default();
                }
                let meter = Meter::start(kind, limits, &Arc::new(Budget::new(limits)), None);
                let request = request.data(self.session(acting)).data(Loaders::default());
                let running = self.api.schema.execute(request.data(Arc::clone(&meter)));
                let answer = match self.wait(meter.watch(running)) {
                    Ok(response) => {
                        pages = written(&response);
                        finish(response, &request_id)
                    }
                    Err(given_up) => Answer::given_up(given_up, kind, &request_id),
                };
                self.wait(answer.rendered(&meter, &request_id))
            }
            Err(refused) => refused,
        };
        Told { text: serde_json::to_string(&answer).expect("JSON"), pages }
    }

    /// The data of an operation that succeeds.
    pub(super) fn does(&self, query: &str, variables: serde_json::Value) -> serde_json::Value {
        let told = self.ask(Way::Library, None, query, variables).text;
        let mut answer: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        assert_eq!(answer.get("errors"), None, "{told}");
        answer["data"].take()
    }

    /// What a mutation with an input gives.
    pub(super) fn calls(
        &self,
        mutation: &str,
        selection: &str,
        input: &serde_json::Value,
    ) -> serde_json::Value {
        let (first, rest) = mutation.split_at(1);
        let first = first.to_uppercase();
        let document = format!(
            "mutation ($input: {first}{rest}Input!) {{ {mutation}(input: $input) {{ {selection} errors {{ message }} }} }}"
        );
        let mut data = self.does(&document, json!({ "input": input }));
        assert_eq!(data[mutation]["errors"], json!([]), "{mutation}");
        data[mutation].take()
    }

    fn session(&self, acting: Option<&str>) -> Session {
        let credentials = Credentials { token: None, acting_user: acting.map(ToOwned::to_owned) };
        let admitted = self.wait(self.api.admit(&credentials, &RequestId("request".to_owned())));
        admitted.expect("somebody who is there")
    }
}

/// Limits that random documents do not meet.
fn roomy() -> Limits {
    Limits {
        document_aliases: 2_000,
        document_complexity: 200_000,
        document_depth: 40,
        document_recursion: 40,
        ..Limits::default()
    }
}

/// How many pages of a response are texts already.
fn written(response: &Response) -> usize {
    fn count(value: &Value) -> usize {
        match value {
            Value::List(items) => items.iter().map(count).sum(),
            Value::Object(fields) if fields.contains_key(RAW) => 1,
            Value::Object(fields) => fields.values().map(count).sum(),
            _ => 0,
        }
    }
    count(&response.data)
}

/// A clock that goes on by a second whenever somebody looks at it, until it is stopped: each message has a time of its own.
#[derive(Default)]
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let seconds = self.0.fetch_add(1, Ordering::SeqCst);
        Timestamp::from_millis(1_769_860_800_000 + 1_001 * seconds)
    }
}
