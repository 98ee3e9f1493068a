use std::sync::Arc;

use async_graphql::{Context, Result};

use super::{DateTime, InvitationsFrom, Presence};
use crate::{
    domain::{PresenceOf, ReadScope},
    graphql::{
        id::{GlobalId, global},
        loaders::load,
        render::{Weigh, object},
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
    /// Whether their presence is known to be for the viewer.
    is_in_sight: bool,
}

object! {
    /// Somebody who sends and receives messages.
    pub(super) User as "User" {
        /// When the user was created, by the server's clock.
        created_at(this) -> DateTime = DateTime(this.row.created_at);
        /// The name to show: 1–64 characters. The username where none was given.
        display_name(this) -> &str = this.row.display_name.as_str();
        /// Your application's own id of the user: the `sub` of the token with which they first came, or what a service has set.
        /// Shown to themselves, to a service that names nobody, and on an open server to requests that name nobody; `null` to
        /// everybody else, and where there is none.
        external_id(this) -> Option<&str> = this.own(this.row.external_id.as_ref().map(ExternalId::as_str));
        /// Never changes. Starts with `user_`.
        id(this) -> GlobalId = global(this.row.id);
        /// By whom they let themselves be added to chatrooms; `updateUser` changes it. Shown to themselves, to a service that
        /// names nobody, and on an open server to requests that name nobody; `null` to everybody else.
        invitations_from(this) -> Option<InvitationsFrom> = this.own(Some(this.row.invitations_from.into()));
        /// The unique name by which people refer to each other: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`, in lower case. It can
        /// change; keep the `id`.
        username(this) -> &str = this.row.username.as_str();
    }
    waiting {
        /// Whether they are there, and what they show of themselves. `null` but to themselves and to their contacts: those
        /// with whom they share a chatroom, or a direct conversation in which both have written. A service must say for
        /// whom it acts (`ACTING_USER_REQUIRED`); on an open server a request that names nobody sees everybody's.
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
        Self { row: row.into(), viewer, is_in_sight: false }
    }

    /// A user as they see themselves.
    pub(in crate::graphql) fn to_themselves(row: models::User) -> Self {
        let viewer = row.id.into();
        Self::new(row, viewer)
    }

    /// A user whose presence everybody may see who is told of them.
    pub(in crate::graphql) fn in_sight(row: Arc<models::User>, viewer: Viewer) -> Self {
        Self { is_in_sight: true, ..Self::new(row, viewer) }
    }

    /// What is shown to themselves, and to whoever acts for the host and for nobody else.
    fn own<T>(&self, fact: Option<T>) -> Option<T> {
        let is_shown = match self.viewer.0 {
            ReadScope::Of(viewer) => viewer == self.row.id,
            ReadScope::Everything | ReadScope::Profiles => true,
        };
        fact.filter(|_| is_shown)
    }

    async fn load_presence(&self, ctx: &Context<'_>) -> Result<Option<Presence>> {
        let read_scope = if self.is_in_sight { ReadScope::Everything } else { self.viewer.read_scope()? };
        let asked = PresenceOf { user_id: self.row.id, read_scope };
        let found = load(ctx, asked).await?;
        Ok(found.map(Presence::from))
    }
}
