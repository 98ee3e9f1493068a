//! Who a request acts as.

use async_graphql::{Context, ID, Result};

use super::{
    error::{ErrorCode, RequestError},
    id::parse,
    resolver_error::{coded, domain_error},
};
use crate::{
    app::App,
    domain::{DomainError, find_user, find_user_by_username},
    types::{UserId, Username},
};

/// What is told when nobody is named.
pub(super) const REQUIRED: &str = "say who acts: the argument userId of the field of Query (senderId when sending), or the header Messenger-User with an id or a username";

/// The acting user, if the request names one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Viewer(pub(super) Option<UserId>);

impl From<UserId> for Viewer {
    fn from(id: UserId) -> Self {
        Self(Some(id))
    }
}

impl Viewer {
    /// Whom the header names, by id or by username.
    pub(super) async fn of_header(
        app: &App,
        header: Option<&str>,
    ) -> Result<Result<Self, RequestError>, DomainError> {
        let Some(name) = header else {
            return Ok(Ok(Self::default()));
        };
        let found = match (name.parse(), Username::parse(name)) {
            (Ok(id), _) => find_user(app, id).await?,
            (Err(_), Ok(username)) => find_user_by_username(app, username).await?,
            (Err(_), Err(_)) => None,
        };
        let unknown = || {
            RequestError::new(
                ErrorCode::ActingUserUnknown,
                "the header Messenger-User holds neither the id nor the username of a user",
            )
        };
        Ok(found.map(|user| user.id.into()).ok_or_else(unknown))
    }

    /// Whom the request names in its header.
    pub(super) fn of(ctx: &Context<'_>) -> Self {
        ctx.data_opt().copied().unwrap_or_default()
    }

    /// Whom an argument names, or else the header.
    pub(super) fn named(ctx: &Context<'_>, user_id: Option<&ID>) -> Result<Self> {
        match user_id {
            Some(id) => parse::<UserId>("userId", id).map(Self::from),
            None => Ok(Self::of(ctx)),
        }
    }

    /// The same, where nothing else looks for the user.
    pub(super) async fn named_who_exists(ctx: &Context<'_>, user_id: Option<&ID>) -> Result<Self> {
        let viewer = Self::named(ctx, user_id)?;
        if let (Some(id), Some(_)) = (viewer.0, user_id)
            && find_user(ctx.data::<App>()?, id).await.map_err(domain_error)?.is_none()
        {
            return Err(coded(ErrorCode::NotFound, format_args!("userId: there is no user {id}")));
        }
        Ok(viewer)
    }

    /// The acting user, where there must be one.
    pub(super) fn require(self) -> Result<UserId> {
        self.0.ok_or_else(|| coded(ErrorCode::ActingUserRequired, REQUIRED))
    }
}
