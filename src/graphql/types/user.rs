use std::sync::Arc;

use async_graphql::{Context, Result};

use super::{DateTime, Presence};
use crate::{
    domain::PresenceOf,
    graphql::{
        at_once::{Weigh, object},
        id::{GlobalId, global},
        loaders::load,
        resolver_error::noted,
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

object! {
    /// Somebody who sends and receives messages.
    pub(super) User as "User" {
        /// When the user was created, by the server's clock.
        created_at(this) -> DateTime = DateTime(this.row.created_at);
        /// The name to show: 1–64 characters. The username where none was given.
        display_name(this) -> &str = this.row.display_name.as_str();
        /// The host application's own id of the user: the `sub` of the token with which they first came. `null` for who was made
        /// here.
        external_id(this) -> Option<&str> = this.row.external_id.as_ref().map(ExternalId::as_str);
        /// Never changes. Starts with `user_`.
        id(this) -> GlobalId = global(this.row.id);
        /// The unique name by which people refer to each other: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`, in lower case. It can
        /// change; keep the `id`.
        username(this) -> &str = this.row.username.as_str();
    }
    waiting {
        /// Whether they are there, and what they show of themselves. `null` to those who share no conversation with them. A
        /// service must say for whom it acts (`ACTING_USER_REQUIRED`); on an open server a request that names nobody sees
        /// everybody's.
        async fn presence(&self, ctx: &Context<'_>) -> Option<Presence> {
            noted(ctx, self.load_presence(ctx).await)
        }
    }
}

impl Weigh for User {
    fn weight(&self) -> usize {
        size_of::<Self>()
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
        let found = load(ctx, asked).await?;
        Ok(found.map(Presence::from))
    }
}
