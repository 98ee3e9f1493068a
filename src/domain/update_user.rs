//! Change a user's names.

use crate::{
    app::App,
    domain::{DomainError, Party, Refusal, access::require_user},
    models::{User, user},
    store::{Connection, StoreError},
    types::{DisplayName, UserId, Username},
};

/// What is to change; `None` leaves a name as it is.
#[derive(Clone, Debug)]
pub struct UserChange {
    /// Whose names.
    pub id: UserId,
    /// Must be free, or theirs already.
    pub username: Option<Username>,
    /// Replaces the old one.
    pub display_name: Option<DisplayName>,
}

/// Changes a user's names; refuses an unknown user and a username that somebody else has.
pub async fn update_user(app: &App, change: UserChange) -> Result<User, DomainError> {
    let (app, id) = (app.clone(), change.id);
    // On a task of its own: who asked may be gone when it is stored, and is to be forgotten all the same.
    let stored = tokio::spawn(async move {
        let changed = app.store.write(move |connection| apply(connection, change)).await;
        app.users.forget(id);
        changed
    });
    stored.await.unwrap_or(Err(StoreError::Closed.into()))
}

fn apply(connection: &mut Connection, change: UserChange) -> Result<User, DomainError> {
    let before = require_user(connection, change.id, Party::User)?;
    if let Some(username) = &change.username
        && user::find_by_username(connection, username)?.is_some_and(|owner| owner.id != change.id)
    {
        return Err(Refusal::UsernameTaken(username.clone()).into());
    }
    let after = User {
        username: change.username.unwrap_or_else(|| before.username.clone()),
        display_name: change.display_name.unwrap_or_else(|| before.display_name.clone()),
        ..before.clone()
    };
    if after != before {
        user::update(connection, &after)?;
    }
    Ok(after)
}
