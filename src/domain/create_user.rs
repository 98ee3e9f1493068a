//! Create a user.

use crate::{
    app::App,
    domain::{DomainError, Refusal, usernames::require_free},
    models::{User, user},
    store::Connection,
    types::{DisplayName, ExternalId, IdMint, InvitationsFrom, Timestamp, UserId, Username},
};

/// Who is to be created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Must be free.
    pub username: Username,
    /// The username, when there is none.
    pub display_name: Option<DisplayName>,
    /// What the host application calls them.
    pub external_id: Option<ExternalId>,
}

/// Creates a user; refuses a username that is taken, and an external id that is another user's.
pub async fn create_user(app: &App, new: NewUser) -> Result<User, DomainError> {
    let App { clock, mint, store, .. } = app.clone();
    store.write(move |connection| insert(connection, &mint, clock.now(), new)).await
}

/// The same within a transaction.
pub(super) fn insert(
    connection: &mut Connection,
    mint: &IdMint,
    created_at: Timestamp,
    new: NewUser,
) -> Result<User, DomainError> {
    let NewUser { username, display_name, external_id } = new;
    require_free(connection, &username, None, created_at)?;
    require_unlinked(connection, external_id.as_ref(), None)?;
    let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
    let invitations_from = InvitationsFrom::default();
    let id = mint.mint(created_at);
    let user = User { id, username, display_name, created_at, external_id, invitations_from };
    user::insert(connection, &user)?;
    Ok(user)
}

/// Refuses an external id that is another user's. The id of another user here is theirs as well, because a token may name
/// them by it.
pub(super) fn require_unlinked(
    connection: &mut Connection,
    external_id: Option<&ExternalId>,
    taker: Option<UserId>,
) -> Result<(), DomainError> {
    let Some(external_id) = external_id else { return Ok(()) };
    let linked = user::find_by_external_id(connection, external_id)?;
    let named = match external_id.as_str().parse() {
        Ok(id) => user::find(connection, id)?,
        Err(_) => None,
    };
    if linked.into_iter().chain(named).any(|owner| Some(owner.id) != taker) {
        return Err(Refusal::ExternalIdTaken(external_id.clone()).into());
    }
    Ok(())
}
