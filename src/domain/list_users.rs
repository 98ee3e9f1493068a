//! List all users.

use crate::{
    app::App,
    domain::{DomainError, Snapshot},
    models::{User, user},
    types::{Bounds, Page, Username},
};

/// A page of all users, by username.
pub async fn list_users(app: &App, bounds: Bounds<Username>) -> Result<Snapshot<Page<User>>, DomainError> {
    app.store
        .read(move |connection| {
            let moment = Snapshot::begin(connection)?;
            let page = user::page(connection, &bounds)?;
            Ok(moment.map(|()| page))
        })
        .await
}
