//! Change a user.

use crate::{
    app::App,
    domain::{DomainError, IdRole, Refusal, access::require_user, create_user::require_unlinked, usernames},
    models::{User, user},
    store::{Connection, StoreError},
    types::{DisplayName, ExternalId, InvitationsFrom, Timestamp, UserId, Username},
};

/// What is to change; `None` leaves a thing as it is.
#[derive(Clone, Debug)]
pub struct UserChange {
    /// Who is to change.
    pub id: UserId,
    /// Must be free, or theirs already.
    pub username: Option<Username>,
    /// Replaces the old one.
    pub display_name: Option<DisplayName>,
    /// Must be nobody else's.
    pub external_id: Option<ExternalId>,
    /// By whom they let themselves be added to chatrooms.
    pub invitations_from: Option<InvitationsFrom>,
    /// Whether the username may become another one.
    pub may_rename: bool,
    /// Whether the external id may become another one.
    pub may_link: bool,
}

/// Changes a user; refuses an unknown user, a name or id that may not become another one, a username that somebody else has or gave up less than 30 days ago, and an
/// external id that is another user's.
pub async fn update_user(app: &App, change: UserChange) -> Result<User, DomainError> {
    let (app, id) = (app.clone(), change.id);
    // On a task of its own: who asked may be gone when it is stored, and is to be forgotten all the same.
    let stored = tokio::spawn(async move {
        let clock = app.clock;
        let changed = app.store.write(move |connection| apply(connection, change, clock.now())).await;
        app.users.forget(id);
        changed
    });
    stored.await.unwrap_or(Err(StoreError::Closed.into()))
}

fn apply(connection: &mut Connection, change: UserChange, now: Timestamp) -> Result<User, DomainError> {
    let before = require_user(connection, change.id, IdRole::User)?;
    require_rights(&before, &change)?;
    if let Some(username) = &change.username {
        usernames::require_free(connection, username, Some(before.id), now)?;
    }
    require_unlinked(connection, change.external_id.as_ref(), Some(before.id))?;
    let after = User {
        username: change.username.unwrap_or_else(|| before.username.clone()),
        display_name: change.display_name.unwrap_or_else(|| before.display_name.clone()),
        external_id: change.external_id.or_else(|| before.external_id.clone()),
        invitations_from: change.invitations_from.unwrap_or(before.invitations_from),
        ..before.clone()
    };
    if after.username != before.username {
        usernames::change(connection, before.id, &before.username, &after.username, now)?;
    }
    if after != before {
        user::update(connection, &after)?;
    }
    Ok(after)
}

/// Refuses what is not for whoever asks to change. To repeat what is there changes nothing.
fn require_rights(before: &User, change: &UserChange) -> Result<(), Refusal> {
    let is_renamed = change.username.as_ref().is_some_and(|username| *username != before.username);
    if is_renamed && !change.may_rename {
        return Err(Refusal::UsernameOfHost);
    }
    let is_linked = change.external_id.is_some() && change.external_id != before.external_id;
    if is_linked && !change.may_link {
        return Err(Refusal::ExternalIdOfHost);
    }
    Ok(())
}
