//! Create a user.

use crate::{
    app::App,
    domain::{DomainError, Refusal},
    models::{User, user},
    store::Connection,
    types::{DisplayName, ExternalId, IdMint, Timestamp, Username},
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

/// Creates a user; refuses a username that is taken.
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
    if user::find_by_username(connection, &username)?.is_some() {
        return Err(Refusal::UsernameTaken(username).into());
    }
    let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
    let user = User { id: mint.mint(created_at), username, display_name, created_at, external_id };
    user::insert(connection, &user)?;
    Ok(user)
}
