//! Reads the event log in the database file.

use diesel::{Connection, RunQueryDsl, dsl::sql, sql_types::Text, sqlite::SqliteConnection};
use messenger::types::EntityId;
use proptest::prelude::*;
use serde_json::Value;

use super::play::{Checked, Stage};

/// Events as the model has them, but for their ids: the log has the bytes of those.
const EVENTS: &str = "SELECT json_object(
        'kind', kind,
        'conversation', lower(hex(conversation_id)),
        'happenedAt', happened_at,
        'actor', lower(hex(actor_id)),
        'member', CASE WHEN member_id IS NOT NULL THEN lower(hex(member_id)) END,
        'message', CASE WHEN message_id IS NOT NULL THEN lower(hex(message_id)) END,
        'seq', seq,
        'detail', detail
    ) FROM events ORDER BY position";

impl Stage {
    /// Whatever changed something is in the log, in its order, and nothing else is.
    pub fn read_log(&self) -> Checked {
        let file = self.server.file().display().to_string();
        let mut connection = SqliteConnection::establish(&file).expect("a database");
        let logged: Vec<String> = sql::<Text>(EVENTS).load(&mut connection).expect("events");
        let logged: Vec<Value> =
            logged.iter().map(|event| serde_json::from_str(event).expect("an event")).collect();
        let expected: Vec<Value> = self.model.events.iter().cloned().map(with_bytes).collect();
        prop_assert_eq!(logged, expected);
        Ok(())
    }
}

fn with_bytes(mut event: Value) -> Value {
    for field in ["conversation", "actor", "member", "message"] {
        if let Some(id) = event[field].as_str() {
            event[field] = bytes(id.parse().expect("an id")).into();
        }
    }
    event
}

fn bytes(id: EntityId) -> String {
    let uuid = match id {
        EntityId::User(id) => *id.uuid(),
        EntityId::Chatroom(id) => *id.uuid(),
        EntityId::DirectConversation(id) => *id.uuid(),
        EntityId::Message(id) => *id.uuid(),
    };
    uuid.simple().to_string()
}
