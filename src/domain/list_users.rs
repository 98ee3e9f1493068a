//! List all users.

use crate::{
    app::App,
    domain::DomainError,
    models::{User, user},
    types::{Bounds, Page, Username},
};

/// A page of all users, by username.
pub async fn list_users(app: &App, bounds: Bounds<Username>) -> Result<Page<User>, DomainError> {
    app.store.read(move |connection| Ok(user::page(connection, &bounds)?)).await
}
