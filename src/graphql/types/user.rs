use std::sync::Arc;

use async_graphql::{ID, Object};

use super::DateTime;
use crate::{graphql::id::global, models};

#[derive(Clone)]
pub(in crate::graphql) struct User(pub(in crate::graphql) Arc<models::User>);

impl From<models::User> for User {
    fn from(user: models::User) -> Self {
        Self(Arc::new(user))
    }
}

/// Somebody who sends and receives messages.
#[Object]
impl User {
    /// When the user was created, by the server's clock.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The name to show: 1–64 characters. The username where none was given.
    async fn display_name(&self) -> &str {
        self.0.display_name.as_str()
    }

    /// Never changes. Starts with `user_`.
    pub(super) async fn id(&self) -> ID {
        global(self.0.id)
    }

    /// The unique name by which people refer to each other: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`, in lower case. It can
    /// change; keep the `id`.
    async fn username(&self) -> &str {
        self.0.username.as_str()
    }
}
