//! Tables and queries.

use diesel::{
    QueryResult,
    dsl::{exists, select},
    prelude::*,
    sql_types::Text,
};
use messenger::types::{Clock, IdMint, MessageId, SystemClock};
use uuid::Uuid;

diesel::table! {
    users (id) { id -> Binary, username -> Text, display_name -> Text, }
}

diesel::table! {
    messages (recipient_id, id) {
        recipient_id -> Binary,
        id -> Binary,
        conversation_id -> Binary,
        seq -> BigInt,
        sender_id -> Binary,
        sent_at -> BigInt,
        client_message_id -> Nullable<Text>,
        text -> Text,
    }
}

diesel::table! {
    conversations (id) {
        id -> Binary,
        latest_seq -> BigInt,
        activity -> Binary,
        lower_user_id -> Nullable<Binary>,
        higher_user_id -> Nullable<Binary>,
    }
}

diesel::table! {
    read_positions (user_id, conversation_id) {
        user_id -> Binary,
        conversation_id -> Binary,
        read_up_to -> BigInt,
        own_read -> BigInt,
        own_sent -> BigInt,
    }
}

diesel::table! {
    events (position) {
        position -> BigInt,
        conversation_id -> Binary,
        kind -> Text,
        happened_at -> BigInt,
        actor_id -> Binary,
        message_id -> Nullable<Binary>,
        seq -> Nullable<BigInt>,
    }
}

diesel::table! {
    unindexed_messages (number) { number -> BigInt, }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// What a trigger asks for when a message is indexed.
    fn search_words(text: Text) -> Text;
}

/// Gives a connection what indexing needs.
pub fn index_words_with(connection: &mut SqliteConnection) -> QueryResult<()> {
    search_words_utils::register_impl(connection, |text: String| messenger::types::search_words(&text))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    id: Vec<u8>,
    pub username: String,
    pub display_name: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = messages)]
pub struct Message {
    recipient_id: Vec<u8>,
    pub id: Vec<u8>,
    conversation_id: Vec<u8>,
    pub seq: i64,
    sender_id: Vec<u8>,
    pub sent_at: i64,
    client_message_id: Option<String>,
    pub text: String,
}

pub struct Draft {
    pub sender_id: Uuid,
    pub recipient_id: Uuid,
    pub text: String,
    pub client_message_id: String,
}

impl User {
    pub fn uuid(&self) -> Uuid {
        Uuid::from_slice(&self.id).expect("16 bytes")
    }
}

impl Message {
    pub fn uuid(&self) -> Uuid {
        Uuid::from_slice(&self.id).expect("16 bytes")
    }

    pub fn sender(&self) -> Uuid {
        Uuid::from_slice(&self.sender_id).expect("16 bytes")
    }
}

pub fn newest_id(connection: &mut SqliteConnection) -> QueryResult<Option<Uuid>> {
    let newest = messages::table.select(messages::id).order(messages::id.desc());
    let newest: Option<Vec<u8>> = newest.first(connection).optional()?;
    Ok(newest.and_then(|id| Uuid::from_slice(&id).ok()))
}

pub fn users(connection: &mut SqliteConnection, ids: &[Uuid]) -> QueryResult<Vec<User>> {
    let ids = ids.iter().map(|id| id.as_bytes().as_slice());
    users::table.filter(users::id.eq_any(ids)).select(User::as_select()).load(connection)
}

pub fn recent(
    connection: &mut SqliteConnection,
    recipient_id: Uuid,
    sender_id: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<Message>> {
    require(connection, recipient_id)?;
    let mut query = messages::table
        .filter(messages::recipient_id.eq(recipient_id.into_bytes().to_vec()))
        .order(messages::id.desc())
        .limit(limit)
        .select(Message::as_select())
        .into_boxed();
    if let Some(sender_id) = sender_id {
        require(connection, sender_id)?;
        query = query.filter(messages::sender_id.eq(sender_id.into_bytes().to_vec()));
    }
    query.load(connection)
}

fn require(connection: &mut SqliteConnection, id: Uuid) -> QueryResult<()> {
    let found = select(exists(users::table.find(id.as_bytes().as_slice()))).get_result(connection)?;
    if found { Ok(()) } else { Err(diesel::result::Error::NotFound) }
}

/// The message, and whether it had been sent before.
pub fn send(connection: &mut SqliteConnection, draft: &Draft, mint: &IdMint) -> QueryResult<(Message, bool)> {
    connection.immediate_transaction(|connection| {
        require(connection, draft.sender_id)?;
        require(connection, draft.recipient_id)?;
        let original = messages::table
            .filter(messages::sender_id.eq(draft.sender_id.as_bytes().as_slice()))
            .filter(messages::client_message_id.eq(&draft.client_message_id))
            .select(Message::as_select())
            .first(connection)
            .optional()?;
        match original {
            Some(original) => Ok((original, true)),
            None => Ok((store(connection, draft, mint)?, false)),
        }
    })
}

fn store(connection: &mut SqliteConnection, draft: &Draft, mint: &IdMint) -> QueryResult<Message> {
    let now = SystemClock.now();
    let id: MessageId = mint.mint(now);
    let id = id.uuid().as_bytes().to_vec();
    let (lower, higher) = (draft.sender_id.min(draft.recipient_id), draft.sender_id.max(draft.recipient_id));
    let pair = conversations::table
        .filter(conversations::lower_user_id.eq(lower.as_bytes().as_slice()))
        .filter(conversations::higher_user_id.eq(higher.as_bytes().as_slice()));
    let changes =
        (conversations::latest_seq.eq(conversations::latest_seq + 1), conversations::activity.eq(&id));
    let (conversation_id, seq): (Vec<u8>, i64) = diesel::update(pair)
        .set(changes)
        .returning((conversations::id, conversations::latest_seq))
        .get_result(connection)?;
    let message = Message {
        recipient_id: draft.recipient_id.into_bytes().to_vec(),
        id,
        conversation_id,
        seq,
        sender_id: draft.sender_id.into_bytes().to_vec(),
        sent_at: now.millis(),
        client_message_id: Some(draft.client_message_id.clone()),
        text: draft.text.clone(),
    };
    diesel::insert_into(messages::table).values(&message).execute(connection)?;
    let own = (
        read_positions::user_id.eq(&message.sender_id),
        read_positions::conversation_id.eq(&message.conversation_id),
        read_positions::read_up_to.eq(0),
        read_positions::own_read.eq(0),
        read_positions::own_sent.eq(1),
    );
    diesel::insert_into(read_positions::table)
        .values(own)
        .on_conflict((read_positions::user_id, read_positions::conversation_id))
        .do_update()
        .set(read_positions::own_sent.eq(read_positions::own_sent + 1))
        .execute(connection)?;
    let event = (
        events::conversation_id.eq(&message.conversation_id),
        events::kind.eq("message_sent"),
        events::happened_at.eq(message.sent_at),
        events::actor_id.eq(&message.sender_id),
        events::message_id.eq(&message.id),
        events::seq.eq(message.seq),
    );
    diesel::insert_into(events::table).values(event).execute(connection)?;
    diesel::delete(unindexed_messages::table).execute(connection)?;
    Ok(message)
}
