//! Create a user.

use crate::{
    app::App,
    domain::{DomainError, Refusal},
    models::{User, user},
    types::{DisplayName, Username},
};

/// Who is to be created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Must be free.
    pub username: Username,
    /// The username, when there is none.
    pub display_name: Option<DisplayName>,
}

/// Creates a user; refuses a username that is taken.
pub async fn create_user(app: &App, new: NewUser) -> Result<User, DomainError> {
    let App { clock, mint, store, .. } = app.clone();
    store
        .write(move |connection| {
            if user::find_by_username(connection, &new.username)?.is_some() {
                return Err(Refusal::UsernameTaken(new.username).into());
            }
            let created_at = clock.now();
            let display_name = new.display_name.unwrap_or_else(|| DisplayName::from(&new.username));
            let user = User { id: mint.mint(created_at), username: new.username, display_name, created_at };
            user::insert(connection, &user)?;
            Ok(user)
        })
        .await
}
