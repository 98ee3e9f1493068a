//! What one would write first: derived objects, a data loader, a pool of connections, `spawn_blocking` for each query and a
//! transaction for each mutation. It answers recent messages and sends, as the server does.

mod rows;

use std::{collections::HashMap, path::Path, sync::Arc};

use async_graphql::{
    ComplexObject, Context, EmptySubscription, ID, InputObject, Object, Result, Schema, SimpleObject,
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};
use async_graphql_axum::{GraphQLRequest, GraphQLResponse};
use axum::{Router, extract::State, routing::post};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use diesel::{
    SqliteConnection,
    connection::SimpleConnection,
    r2d2::{ConnectionManager, CustomizeConnection, Pool},
};
use messenger::types::{Clock, Id, IdMint, Kind, MessageId, SystemClock, Timestamp, UserId};
use rand::{SeedableRng, rngs::StdRng};
use tokio::{net::TcpListener, runtime::Runtime, task::spawn_blocking};
use uuid::Uuid;

type Connections = Pool<ConnectionManager<SqliteConnection>>;

/// Serves until it is killed, and says where.
pub fn serve(file: &Path) {
    let manager = ConnectionManager::new(file.display().to_string());
    let pool = Pool::builder().max_size(16).connection_customizer(Box::new(Pragmas)).build(manager);
    Runtime::new().expect("a runtime").block_on(listen(pool.expect("a database")));
}

async fn listen(pool: Connections) {
    let newest = rows::newest_id(&mut pool.get().expect("a connection")).expect("an id");
    let chance = StdRng::seed_from_u64(SystemClock.now().millis().unsigned_abs());
    let mint = Arc::new(IdMint::new(Box::new(chance), newest));
    let schema = Schema::build(Query, Mutation, EmptySubscription).data(pool.clone()).data(mint).finish();
    let routes = Router::new().route("/graphql", post(answer)).with_state((schema, pool));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("http://{}/graphql", listener.local_addr().expect("an address"));
    axum::serve(listener, routes).await.expect("connections");
}

/// With a loader of its own for each request: one for all has less to load, and takes longer the more requests there are.
async fn answer(
    State((schema, pool)): State<(Schema<Query, Mutation, EmptySubscription>, Connections)>,
    request: GraphQLRequest,
) -> GraphQLResponse {
    let loader = DataLoader::new(People(pool), TokioSpawner::current(), TokioTimer::default());
    schema.execute(request.into_inner().data(loader)).await.into()
}

#[derive(Debug)]
struct Pragmas;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Pragmas {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        let pragmas = "PRAGMA busy_timeout = 30000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;";
        connection.batch_execute(pragmas).map_err(diesel::r2d2::Error::QueryError)?;
        rows::index_words_with(connection).map_err(diesel::r2d2::Error::QueryError)
    }
}

/// Runs queries on a thread that may block.
async fn run<T: Send + 'static>(
    pool: &Connections,
    work: impl FnOnce(&mut SqliteConnection) -> diesel::QueryResult<T> + Send + 'static,
) -> Result<T> {
    let pool = pool.clone();
    spawn_blocking(move || Ok(work(&mut *pool.get()?)?)).await?
}

struct People(Connections);

impl Loader<Uuid> for People {
    type Value = User;
    type Error = Arc<async_graphql::Error>;

    async fn load(&self, keys: &[Uuid]) -> Result<HashMap<Uuid, User>, Self::Error> {
        let keys = keys.to_vec();
        let rows = run(&self.0, move |connection| rows::users(connection, &keys)).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.uuid(), row.into())).collect())
    }
}

#[derive(Clone, SimpleObject)]
struct User {
    id: ID,
    username: String,
    display_name: String,
}

impl From<rows::User> for User {
    fn from(row: rows::User) -> Self {
        let id = ID(UserId::new(row.uuid()).to_string());
        Self { id, username: row.username, display_name: row.display_name }
    }
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Message {
    id: ID,
    text: String,
    sent_at: String,
    seq: i64,
    #[graphql(skip)]
    sender_id: Uuid,
}

#[ComplexObject]
impl Message {
    async fn sender(&self, ctx: &Context<'_>) -> Result<User> {
        let found = ctx.data::<DataLoader<People>>()?.load_one(self.sender_id).await;
        found.map_err(|error| error.message.clone())?.ok_or_else(|| "nobody".into())
    }
}

impl From<rows::Message> for Message {
    fn from(row: rows::Message) -> Self {
        Self {
            id: ID(MessageId::new(row.uuid()).to_string()),
            sent_at: Timestamp::from_millis(row.sent_at).to_string(),
            seq: row.seq,
            sender_id: row.sender(),
            text: row.text,
        }
    }
}

#[derive(SimpleObject)]
struct MessageConnection {
    nodes: Vec<Message>,
    page_info: PageInfo,
}

#[derive(SimpleObject)]
struct PageInfo {
    end_cursor: Option<String>,
    has_next_page: bool,
}

#[derive(InputObject)]
struct RecentWindow {
    last: u32,
}

struct Query;

#[Object]
impl Query {
    async fn recent_messages(
        &self,
        ctx: &Context<'_>,
        recipient_id: ID,
        sender_id: Option<ID>,
        window: RecentWindow,
    ) -> Result<MessageConnection> {
        let recipient_id: UserId = recipient_id.parse()?;
        let sender_id: Option<UserId> = sender_id.map(|id| id.parse()).transpose()?;
        let limit = i64::from(window.last);
        let rows = run(ctx.data()?, move |connection| {
            rows::recent(connection, *recipient_id.uuid(), sender_id.map(|id| *id.uuid()), limit)
        });
        let rows = rows.await?;
        let mut list = low(recipient_id);
        list = sender_id.map_or(list, |sender_id| list.rotate_left(1) ^ low(sender_id));
        let rank = u32::try_from(rows.len())?;
        let cursor = |row: &rows::Message| {
            let place = [b"r", list.to_be_bytes().as_slice(), &row.id, &rank.to_be_bytes()].concat();
            BASE64_URL_SAFE_NO_PAD.encode(place)
        };
        let end_cursor = rows.last().map(cursor);
        let nodes = rows.into_iter().map(Message::from).collect();
        Ok(MessageConnection { nodes, page_info: PageInfo { end_cursor, has_next_page: false } })
    }
}

fn low<K: Kind>(id: Id<K>) -> u64 {
    id.uuid().as_u64_pair().1
}

#[derive(InputObject)]
struct SendMessageInput {
    sender_id: ID,
    recipient_id: ID,
    text: String,
    client_message_id: String,
}

#[derive(SimpleObject)]
struct SendMessagePayload {
    message: Message,
    deduplicated: bool,
    errors: Vec<UserError>,
}

#[derive(SimpleObject)]
struct UserError {
    code: String,
    message: String,
    path: Vec<String>,
}

struct Mutation;

#[Object]
impl Mutation {
    async fn send_message(&self, ctx: &Context<'_>, input: SendMessageInput) -> Result<SendMessagePayload> {
        let (sender_id, recipient_id): (UserId, UserId) =
            (input.sender_id.parse()?, input.recipient_id.parse()?);
        let mint = Arc::clone(ctx.data::<Arc<IdMint>>()?);
        let sent = run(ctx.data()?, move |connection| {
            let draft = rows::Draft {
                sender_id: *sender_id.uuid(),
                recipient_id: *recipient_id.uuid(),
                text: input.text,
                client_message_id: input.client_message_id,
            };
            rows::send(connection, &draft, &mint)
        });
        let (message, deduplicated) = sent.await?;
        Ok(SendMessagePayload { message: message.into(), deduplicated, errors: Vec::new() })
    }
}
