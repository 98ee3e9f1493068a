use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::{DateTime, Presence};
use crate::{
    domain::PresenceOf,
    graphql::{
        id::global,
        loaders::PresenceLoader,
        resolver_error::{domain_error, noted},
        viewer::Viewer,
    },
    models,
    types::ExternalId,
};

#[derive(Clone)]
pub(in crate::graphql) struct User {
    row: Arc<models::User>,
    viewer: Viewer,
}

/// Somebody who sends and receives messages.
#[Object]
impl User {
    /// When the user was created, by the server's clock.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// The name to show: 1–64 characters. The username where none was given.
    async fn display_name(&self) -> &str {
        self.row.display_name.as_str()
    }

    /// The host application's own id of the user: the `sub` of the token with which they first came. `null` for who was made
    /// here.
    async fn external_id(&self) -> Option<&str> {
        self.row.external_id.as_ref().map(ExternalId::as_str)
    }

    /// Never changes. Starts with `user_`.
    pub(super) async fn id(&self) -> ID {
        global(self.row.id)
    }

    /// Whether they are there, and what they show of themselves. `null` to those who share no conversation with them. A
    /// service must say for whom it acts (`ACTING_USER_REQUIRED`); on an open server a request that names nobody sees
    /// everybody's.
    async fn presence(&self, ctx: &Context<'_>) -> Option<Presence> {
        noted(ctx, self.load_presence(ctx).await)
    }

    /// The unique name by which people refer to each other: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`, in lower case. It can
    /// change; keep the `id`.
    async fn username(&self) -> &str {
        self.row.username.as_str()
    }
}

impl User {
    /// A user as the acting user sees them.
    pub(in crate::graphql) fn new(row: impl Into<Arc<models::User>>, viewer: Viewer) -> Self {
        Self { row: row.into(), viewer }
    }

    /// A user as they see themselves.
    pub(in crate::graphql) fn to_themselves(row: models::User) -> Self {
        let viewer = row.id.into();
        Self::new(row, viewer)
    }

    /// A user whom everybody who is told of them may see.
    pub(in crate::graphql) fn in_sight(row: Arc<models::User>) -> Self {
        Self::new(row, Viewer::everybody())
    }

    async fn load_presence(&self, ctx: &Context<'_>) -> Result<Option<Presence>> {
        let asked = PresenceOf { user_id: self.row.id, sight: self.viewer.sight()? };
        let found = ctx.data::<PresenceLoader>()?.load_one(asked).await.map_err(domain_error)?;
        Ok(found.map(Presence::from))
    }
}
