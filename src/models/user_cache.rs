//! A cache of users: a page of messages names the same few again and again.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, PoisonError, RwLock},
};

use diesel::QueryResult;
use foldhash::fast::RandomState;

use super::user::{self, User};
use crate::{
    store::Connection,
    types::{ExternalId, UserId},
};

/// The most users that are kept, about 5 MB of them. When there would be more, all of them go.
const MAX_USERS: usize = 20_000;

/// For no more there is room from the start: a page of messages that is larger than most.
const MANY_USERS: usize = 128;

/// Users by their ids, hashed without regard for who chooses the ids: the server does.
pub type UsersById = HashMap<UserId, Arc<User>, RandomState>;

/// The users that this process caches. Cheap to clone.
///
/// Who changes a user says so with [`UserCache::forget`] after the commit and before anybody is answered.
#[derive(Clone, Debug, Default)]
pub struct UserCache(Arc<RwLock<State>>);

#[derive(Debug, Default)]
struct State {
    users: UsersById,
    /// By the host's ids, also by those that a user has no more.
    ids: HashMap<ExternalId, UserId, RandomState>,
    /// How often a user was changed.
    changes: u64,
}

impl UserCache {
    /// Reads users in a transaction that has not begun to read.
    #[must_use]
    pub fn reader(&self) -> UserReader {
        let changes = self.0.read().unwrap_or_else(PoisonError::into_inner).changes;
        UserReader { cache: Some((self.clone(), changes)), remembers: true }
    }

    /// Reads users in a write that has not been handed in; [`UserReader::remember`] is for after its commit.
    ///
    /// Whoever is remembered is there, because users are never deleted. Who has just been changed, by a write whose caller has
    /// no answer yet, may still be seen with the names from before: as if the change came later.
    #[must_use]
    pub fn reader_in_write(&self) -> UserReader {
        UserReader { remembers: false, ..self.reader() }
    }

    /// The user with this id, or else with this id of the host, if they are remembered.
    #[must_use]
    pub fn recall(&self, id: Option<UserId>, external_id: &ExternalId) -> Option<Arc<User>> {
        let state = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(user) = id.and_then(|id| state.users.get(&id)) {
            return Some(Arc::clone(user));
        }
        // An id of this server is nobody's external id, so whoever has it as theirs is the one who is meant.
        let user = state.users.get(state.ids.get(external_id)?)?;
        // They may have another one by now.
        (user.external_id.as_ref() == Some(external_id)).then(|| Arc::clone(user))
    }

    /// Forgets a user who was changed. What was read before that is not remembered afterwards, either.
    pub fn forget(&self, id: UserId) {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        state.changes += 1;
        state.users.remove(&id);
    }

    fn remember(&self, changes: u64, users: &[Arc<User>]) {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // A transaction that began before a change may have read what was there before it.
        if state.changes != changes {
            return;
        }
        if state.users.len() + users.len() > MAX_USERS {
            state.users.clear();
            state.ids.clear();
        }
        state.users.extend(users.iter().map(|user| (user.id, Arc::clone(user))));
        state.ids.extend(users.iter().filter_map(|user| Some((user.external_id.clone()?, user.id))));
    }
}

/// Reads users, from memory where it can.
#[derive(Clone, Debug)]
pub struct UserReader {
    /// Who is remembered, and how often a user had been changed before anything was read.
    cache: Option<(UserCache, u64)>,
    /// Whether whoever is read is remembered at once.
    remembers: bool,
}

impl UserReader {
    /// Reads them from the table: in a transaction that writes, which may yet be taken back.
    #[must_use]
    pub fn of_table() -> Self {
        Self { cache: None, remembers: false }
    }

    /// Remembers who was read in a write, after its commit.
    ///
    /// The count is from before the write was handed in. So whoever was changed in between is not remembered, or is forgotten
    /// right away, when the change has been committed and is about to say so.
    pub fn remember<'a>(&self, users: impl IntoIterator<Item = &'a Arc<User>>) {
        let Some((cache, changes)) = &self.cache else {
            return;
        };
        let new: Vec<_> = {
            let state = cache.0.read().unwrap_or_else(PoisonError::into_inner);
            users.into_iter().filter(|user| !state.users.contains_key(&user.id)).cloned().collect()
        };
        if !new.is_empty() {
            cache.remember(*changes, &new);
        }
    }

    /// Remembers who was read in another way, unless that is in a write.
    pub fn remember_read<'a>(&self, users: impl IntoIterator<Item = &'a Arc<User>>) {
        if self.remembers {
            self.remember(users);
        }
    }

    /// The user with this id.
    pub fn find(&self, connection: &mut Connection, id: UserId) -> QueryResult<Option<Arc<User>>> {
        Ok(self.find_all(connection, [id])?.remove(&id))
    }

    /// Those of the users that exist, with one statement for all that are not remembered.
    pub fn find_all(
        &self,
        connection: &mut Connection,
        ids: impl IntoIterator<Item = UserId>,
    ) -> QueryResult<UsersById> {
        let (mut found, missing) = self.remembered(ids);
        if missing.is_empty() {
            return Ok(found);
        }
        let read: Vec<_> = user::find_all(connection, &missing)?.into_iter().map(Arc::new).collect();
        self.remember_read(&read);
        found.extend(read.into_iter().map(|user| (user.id, user)));
        Ok(found)
    }

    /// Who is remembered, and who is not, each once.
    fn remembered(&self, ids: impl IntoIterator<Item = UserId>) -> (UsersById, Vec<UserId>) {
        let state =
            self.cache.as_ref().map(|(cache, _)| cache.0.read().unwrap_or_else(PoisonError::into_inner));
        let ids = ids.into_iter();
        let room = ids.size_hint().0.min(MANY_USERS);
        let mut found = UsersById::with_capacity_and_hasher(room, RandomState::default());
        let mut missing = Vec::new();
        for id in ids {
            let Entry::Vacant(place) = found.entry(id) else { continue };
            match state.as_ref().and_then(|state| state.users.get(&id)) {
                Some(user) => drop(place.insert(Arc::clone(user))),
                None => missing.push(id),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        (found, missing)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::types::{DisplayName, InvitationsFrom, Timestamp, Username};

    fn user(number: u128, name: &str) -> Arc<User> {
        let username = Username::parse(name).expect("a username");
        Arc::new(User {
            id: UserId::new(Uuid::from_u128(number)),
            display_name: DisplayName::from(&username),
            username,
            created_at: Timestamp::from_millis(0),
            external_id: None,
            invitations_from: InvitationsFrom::default(),
        })
    }

    fn names(reader: &UserReader, ids: impl IntoIterator<Item = u128>) -> Vec<String> {
        let (found, _) = reader.remembered(ids.into_iter().map(|id| UserId::new(Uuid::from_u128(id))));
        let mut names: Vec<_> = found.values().map(|user| user.username.as_str().to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let cache = UserCache::default();
        let early = cache.reader();
        cache.remember(0, &[user(1, "aaron"), user(2, "betty")]);
        assert_eq!(names(&early, [1, 2, 2, 3]), ["aaron", "betty"]);

        cache.forget(UserId::new(Uuid::from_u128(2)));
        assert_eq!(names(&early, [1, 2]), ["aaron"]);
        cache.remember(0, &[user(2, "betty")]);
        assert_eq!(names(&early, [2]), [""; 0], "the reader began before the change");
        cache.remember(1, &[user(2, "bettina")]);
        assert_eq!(names(&cache.reader(), [2]), ["bettina"]);
    }

    #[test]
    fn what_was_read_in_a_write_is_remembered_when_nobody_was_changed_since_it_was_handed_in() {
        let cache = UserCache::default();
        let (one, other) = (cache.reader_in_write(), cache.reader_in_write());
        assert!(!one.remembers, "it may yet be taken back");
        one.remember(&[user(1, "aaron")]);
        assert_eq!(names(&other, [1]), ["aaron"]);

        cache.forget(UserId::new(Uuid::from_u128(1)));
        other.remember(&[user(1, "aaron")]);
        assert_eq!(names(&cache.reader(), [1]), [""; 0]);
    }

    #[test]
    fn a_user_is_recalled_by_either_id() {
        let cache = UserCache::default();
        let host = ExternalId::parse("17".to_owned()).expect("an id of the host");
        let mut aaron = User::clone(&user(1, "aaron"));
        aaron.external_id = Some(host.clone());
        let id = aaron.id;
        let name = |id| cache.recall(id, &host).map(|user| user.username.as_str().to_owned());
        assert_eq!(name(None), None);
        cache.remember(0, &[Arc::new(aaron)]);
        assert_eq!([name(None), name(Some(id))], [Some("aaron".to_owned()), Some("aaron".to_owned())]);
        let another = UserId::new(Uuid::from_u128(2));
        assert_eq!(
            name(Some(another)).as_deref(),
            Some("aaron"),
            "the host's ids may look like ids of this server"
        );

        cache.forget(id);
        assert_eq!([name(None), name(Some(id))], [None, None]);

        cache.remember(1, &[user(1, "aaron")]);
        assert_eq!(name(None), None, "an external id that was taken away lets nobody in");
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let cache = UserCache::default();
        let many: Vec<_> = (0..MAX_USERS as u128).map(|number| user(number, "somebody")).collect();
        cache.remember(0, &many);
        cache.remember(0, &[user(u128::MAX, "last")]);
        assert_eq!(names(&cache.reader(), (0..100).chain([u128::MAX])), ["last"]);
    }

    #[test]
    fn who_writes_remembers_nobody() {
        assert_eq!(names(&UserReader::of_table(), [1]), [""; 0]);
    }
}
