//! A server in this process, over a database in a folder of its own.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use messenger::{
    app::App,
    auth::Auth,
    config::{AuthConfig, Limits},
    graphql::{Api, DocumentPolicy},
    http::{self, ConnectionLimit, HttpOptions},
    store::{StatementObserver, StoreConfig},
};
use rand::{SeedableRng, rngs::StdRng};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use super::{Actor, Host, TestClock};

/// A running server; stops when it is dropped.
pub struct Server {
    pub app: App,
    pub clock: Arc<TestClock>,
    pub url: String,
    folder: TempDir,
    /// How often it was started before: each time it has another randomness.
    starts: u64,
    /// Whose tokens it asks for.
    keys: Option<AuthConfig>,
    client: Client,
    statements: Arc<Mutex<Vec<String>>>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// Where a server stores things, and how its store is set up.
struct Storage {
    folder: TempDir,
    change: fn(StoreConfig) -> StoreConfig,
}

impl From<TempDir> for Storage {
    fn from(folder: TempDir) -> Self {
        Self { folder, change: |config| config }
    }
}

/// A status and a body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Server {
    /// A server on an empty database.
    pub async fn start() -> Self {
        let folder = TempDir::new().expect("a folder for the database");
        Self::start_on(folder).await
    }

    /// A server on the database in a folder.
    pub async fn start_on(folder: TempDir) -> Self {
        Self::start_in(folder, Arc::default(), 0, None, |app| app).await
    }

    /// A server on an empty database, with an application that is not quite the usual one.
    pub async fn start_with(change: impl FnOnce(App) -> App) -> Self {
        let folder = TempDir::new().expect("a folder for the database");
        Self::start_in(folder, Arc::default(), 0, None, change).await
    }

    /// A server on an empty database with a store that is set up in another way.
    pub async fn start_storing(change: fn(StoreConfig) -> StoreConfig) -> Self {
        let folder = TempDir::new().expect("a folder for the database");
        Self::start_in(Storage { folder, change }, Arc::default(), 0, None, |app| app).await
    }

    /// A server on an empty database that asks for tokens.
    pub async fn start_with_keys(config: AuthConfig) -> Self {
        let folder = TempDir::new().expect("a folder for the database");
        Self::start_in(folder, Arc::default(), 0, Some(config), |app| app).await
    }

    /// A server on an empty database that runs what passes this gate.
    pub async fn start_behind(policy: impl FnOnce(Arc<Limits>) -> DocumentPolicy) -> Self {
        let folder = TempDir::new().expect("a folder for the database");
        Self::start_as(policy, HttpOptions::default(), folder, Arc::default(), 0, None, |app| app).await
    }

    /// A server on an empty database that shows this much of itself.
    pub async fn start_showing(options: HttpOptions) -> Self {
        let folder = TempDir::new().expect("a folder for the database");
        Self::start_as(any_document, options, folder, Arc::default(), 0, None, |app| app).await
    }

    /// Stops, and starts again on the same database and clock.
    pub async fn restart(self) -> Self {
        drop(self.stop);
        self.running.await.expect("the server ends in order");
        self.app.store.close();
        Self::start_in(self.folder, self.clock, self.starts + 1, self.keys, |app| app).await
    }

    async fn start_in(
        storage: impl Into<Storage>,
        clock: Arc<TestClock>,
        starts: u64,
        keys: Option<AuthConfig>,
        change: impl FnOnce(App) -> App,
    ) -> Self {
        Self::start_as(any_document, HttpOptions::default(), storage, clock, starts, keys, change).await
    }

    async fn start_as(
        policy: impl FnOnce(Arc<Limits>) -> DocumentPolicy,
        options: HttpOptions,
        storage: impl Into<Storage>,
        clock: Arc<TestClock>,
        starts: u64,
        keys: Option<AuthConfig>,
        change: impl FnOnce(App) -> App,
    ) -> Self {
        let auth = match keys.clone() {
            Some(config) => Auth::keyed(config, clock.clone()).await.expect("keys"),
            None => Auth::open(),
        };
        let statements = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&statements);
        let observer = StatementObserver::new(move |statement| {
            seen.lock().expect("nobody panicked here").push(statement.to_string());
        });
        let Storage { folder, change: set_up } = storage.into();
        let config = StoreConfig::new(&folder.path().join("messenger.db"));
        let config = set_up(StoreConfig { lock_timeout: Duration::from_millis(50), ..config });
        let randomness = Box::new(StdRng::seed_from_u64(starts));
        let opening = clock.clone();
        let app =
            tokio::task::spawn_blocking(move || App::open(&config, opening, auth, randomness, observer));
        let app = change(app.await.expect("no panic").expect("a database that opens"));
        let (listener, addr) = http::bind("127.0.0.1:0").await.expect("a free port");
        let (stop, stopped) = oneshot::channel::<()>();
        let api = Api::behind(policy(Arc::clone(&app.limits)), app.clone());
        let routes = http::routes(app.clone(), api, addr, options);
        let running = tokio::spawn(http::serve(
            listener,
            routes,
            ConnectionLimit::new(1_000, 1_000, Vec::new()),
            async {
                drop(stopped.await);
            },
        ));
        let url = format!("http://{addr}");
        Self { app, clock, url, folder, starts, keys, client: Client::new(), statements, stop, running }
    }

    /// A new user of this name.
    pub async fn user(&self, username: &str) -> Actor<'_> {
        let answer = self
            .ask(
                "mutation ($username: String!) { createUser(input: {username: $username}) { user { id } errors { code } } }",
                json!({ "username": username }),
            )
            .await;
        let id = answer["data"]["createUser"]["user"]["id"].as_str();
        Actor { server: self, username: username.to_owned(), id: id.expect("an id").to_owned() }
    }

    /// A new user of this name, on a server that asks for tokens; gives their id.
    pub async fn user_of(&self, host: &Host, username: &str) -> String {
        let create =
            "mutation ($username: String!) { createUser(input: {username: $username}) { user { id } } }";
        let token = host.signs_for_service();
        let answer = self.ask_with(&token, create, json!({ "username": username })).await.body;
        answer["data"]["createUser"]["user"]["id"].as_str().expect("an id").to_owned()
    }

    /// The whole answer to an operation with a token.
    pub async fn ask_with(&self, token: &str, query: &str, variables: Value) -> Answer {
        let request = self.request(reqwest::Method::POST, "/graphql").bearer_auth(token);
        self.send(request.json(&json!({ "query": query, "variables": variables }))).await
    }

    /// The body of the answer to an operation.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        self.post(json!({ "query": query, "variables": variables })).await.body
    }

    /// The whole answer to a request as clients send it.
    pub async fn post(&self, request: Value) -> Answer {
        self.send(self.request(reqwest::Method::POST, "/graphql").json(&request)).await
    }

    /// The body of the answer to an operation that names the acting user in its header, by id or by name.
    pub async fn ask_as(&self, acting_user: &str, query: &str, variables: Value) -> Value {
        let request = self.request(reqwest::Method::POST, "/graphql").header("Messenger-User", acting_user);
        self.send(request.json(&json!({ "query": query, "variables": variables }))).await.body
    }

    /// A request to fill in.
    pub fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// The whole answer to any request.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status, headers, body }
    }

    /// The statements that were run since the last call.
    pub fn statements(&self) -> Vec<String> {
        std::mem::take(&mut self.statements.lock().expect("nobody panicked here"))
    }

    /// The database file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("messenger.db")
    }
}

fn any_document(limits: Arc<Limits>) -> DocumentPolicy {
    DocumentPolicy::open(true, limits)
}
