//! Who does this token stand for?

use std::sync::Arc;

use diesel::QueryResult;

use crate::{
    app::App,
    auth::{TokenError, Verified},
    domain::{ActingScope, DomainError, NewUser, create_user::insert, usernames::free_like},
    models::{User, UserReader, user},
    store::{Connection, StoreError},
    types::{DisplayName, ExternalId, IdMint, Timestamp, UserId, Username},
};

/// Whoever asks.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The user, if it is one: an open server asks nobody, and a service need not be one.
    pub user: Option<Arc<User>>,
    /// For whom they may act.
    pub acting_scope: ActingScope,
    /// When that ends.
    pub until: Option<Timestamp>,
}

/// Why nobody is let in. Each message fits into the reason of a WebSocket's close frame.
#[derive(Debug, thiserror::Error)]
pub enum NotIdentified {
    /// The token is not believed.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token names nobody.
    #[error("the token has no sub: sign one with the user's id here, or with your own id of the user")]
    NoSubject,
    /// The token names somebody in a way that cannot be stored.
    #[error("the token has an unusable sub: it must have 1 to 255 characters and no control characters")]
    SubjectInvalid,
    /// There is no such user, and the token does not say what to call them.
    #[error(
        "the token has an unknown sub: create the user, or sign tokens with a username, which creates them"
    )]
    Unknown,
    /// The user cannot be called that.
    #[error("the token has an unusable username: a new user needs 1 to 32 of a-z, 0-9, '_', '.' and '-'")]
    UsernameInvalid,
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// Whom a request may act as and for. A user whom a token names for the first time is created, as `name-2` or with a greater
/// number where the token's username is taken.
pub async fn identify(app: &App, token: Option<&str>) -> Result<Identified, NotIdentified> {
    let Some(verified) = app.auth.verify(token).await? else {
        return Ok(Identified { user: None, acting_scope: ActingScope::Everybody, until: None });
    };
    let (is_service, until) = (verified.is_service, Some(verified.until));
    let user = match find_or_create(app, verified).await {
        Ok(user) => Some(user),
        Err(NotIdentified::NoSubject | NotIdentified::Unknown) if is_service => None,
        Err(error) => return Err(error),
    };
    let acting_scope = match &user {
        Some(user) if !is_service => ActingScope::Only(user.id),
        _ => ActingScope::Everybody,
    };
    Ok(Identified { user, acting_scope, until })
}

async fn find_or_create(app: &App, verified: Verified) -> Result<Arc<User>, NotIdentified> {
    let subject = Subject::of(verified.subject.ok_or(NotIdentified::NoSubject)?)?;
    if let Some(user) = find(app, subject.clone()).await? {
        return Ok(user);
    }
    let username = verified.username.ok_or(NotIdentified::Unknown)?;
    let username = Username::parse(&username).map_err(|_| NotIdentified::UsernameInvalid)?;
    // A name that cannot be shown is no reason to keep somebody out.
    let display_name = verified.name.and_then(|name| DisplayName::parse(name).ok());
    let App { clock, mint, store, .. } = app.clone();
    let created = store.write(move |connection| {
        let new = NewUser { username, display_name, external_id: Some(subject.external_id.clone()) };
        subject.create(connection, &mint, clock.now(), new)
    });
    created.await.map_err(|error| match error {
        DomainError::Refused { .. } => NotIdentified::Unknown,
        DomainError::Fault(fault) => NotIdentified::Fault(fault),
    })
}

/// The user whom this names as the `sub` of a token would: by their id here, or by the host's.
pub async fn find_by_subject(app: &App, text: &str) -> Result<Option<Arc<User>>, StoreError> {
    match Subject::of(text.to_owned()) {
        Ok(subject) => find(app, subject).await,
        Err(_) => Ok(None),
    }
}

/// Every request with a token asks this: users are remembered.
async fn find(app: &App, subject: Subject) -> Result<Option<Arc<User>>, StoreError> {
    if let Some(user) = app.users.recall(subject.id, &subject.external_id) {
        return Ok(Some(user));
    }
    let users = app.users.reader();
    app.store.read_rows(1, move |connection| Ok(subject.find(connection, &users)?)).await
}

/// How a token names somebody: by their id here, or by the host's.
#[derive(Clone)]
struct Subject {
    id: Option<UserId>,
    external_id: ExternalId,
}

impl Subject {
    fn of(text: String) -> Result<Self, NotIdentified> {
        let id = text.parse().ok();
        let external_id = ExternalId::parse(text).map_err(|_| NotIdentified::SubjectInvalid)?;
        Ok(Self { id, external_id })
    }

    fn find(&self, connection: &mut Connection, users: &UserReader) -> QueryResult<Option<Arc<User>>> {
        if let Some(id) = self.id
            && let Some(found) = users.find(connection, id)?
        {
            return Ok(Some(found));
        }
        let found = user::find_by_external_id(connection, &self.external_id)?.map(Arc::new);
        users.remember_read(&found);
        Ok(found)
    }

    /// Another request of the same new user may have been first. Whose username is taken is shown without the number.
    fn create(
        &self,
        connection: &mut Connection,
        mint: &IdMint,
        now: Timestamp,
        new: NewUser,
    ) -> Result<Arc<User>, DomainError> {
        if let Some(found) = self.find(connection, &UserReader::of_table())? {
            return Ok(found);
        }
        let NewUser { username, display_name, external_id } = new;
        let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
        let username = free_like(connection, username, now)?;
        let new = NewUser { username, display_name: Some(display_name), external_id };
        insert(connection, mint, now, new).map(Arc::new)
    }
}
