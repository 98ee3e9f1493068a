//! People, kept in memory as the JSON that is written of them.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock, RwLockReadGuard},
};

use rusqlite::{Connection, OptionalExtension};

use super::json::{Id, Json};

/// Filled as people are met. Nobody changes their name here; a server that lets them would have to forget them then.
#[derive(Default)]
pub struct People(RwLock<Shelf>);

pub type Shelf = HashMap<Id, Arc<[u8]>>;

impl People {
    /// All who were met.
    pub fn met(&self) -> RwLockReadGuard<'_, Shelf> {
        self.0.read().expect("nobody panicked")
    }

    /// Meets somebody, if they exist.
    pub fn meet(&self, connection: &Connection, id: Id) -> Option<Arc<[u8]>> {
        if let Some(person) = self.met().get(&id) {
            return Some(Arc::clone(person));
        }
        let mut find = connection
            .prepare_cached("SELECT username, display_name FROM users WHERE id = ?")
            .expect("a statement");
        let person = find.query_row([id.0], |row| {
            let mut json = Json::with_capacity(128);
            json.raw("{\"id\":");
            json.id("user_", id);
            json.raw(",\"username\":");
            json.value(row.get_ref(0)?.as_str()?);
            json.raw(",\"displayName\":");
            json.value(row.get_ref(1)?.as_str()?);
            json.raw("}");
            Ok(Arc::<[u8]>::from(json.0))
        });
        let person = person.optional().expect("a person")?;
        self.0.write().expect("nobody panicked").insert(id, Arc::clone(&person));
        Some(person)
    }
}
