//! Who acts, and for whom they may.

use async_graphql::{Context, ID, Result};

use super::{
    error::{ErrorCode, RequestError},
    id::parse,
    resolver_error::{coded, domain_error},
};
use crate::{
    app::App,
    domain::{
        ActingScope, DomainError, Identified, NotIdentified, ReadScope, find_by_subject, find_user,
        find_user_by_username, identify,
    },
    models::User,
    rates::RateKey,
    types::{Timestamp, UserId, Username},
};

/// What is told when nobody is named.
const REQUIRED: &str = "say who acts: the argument userId (senderId when sending), or the header Messenger-User with an id; on an open server also with a username";

/// What is told when an open server does not know the user whom the header names.
const UNKNOWN: &str = "the header Messenger-User holds neither the id nor the username of a user";

/// The same where tokens are asked for. A username may be another user's tomorrow, so it names nobody there.
const UNKNOWN_ID: &str = "the header Messenger-User holds neither the id of a user nor your own id of one (externalId); \
                          usernames are taken only where no tokens are used";

/// What a request, or the beginning of a WebSocket, says of who sends it.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The token; empty where something else was sent in its place.
    pub token: Option<String>,
    /// The user it acts as, where it is said for the whole request: by an id, on an open server also by a username.
    pub acting_user: Option<String>,
}

/// Whoever sends a request, or opened a WebSocket: who acts unless an argument says otherwise, and for whom they may.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    viewer: Viewer,
    acting_scope: ActingScope,
    /// When it ends; an open server's never does.
    until: Option<Timestamp>,
    /// Whether usernames may be changed in it.
    changes_usernames: bool,
}

impl Session {
    /// The session that the credentials open, or why they open none.
    pub(super) async fn open(
        app: &App,
        credentials: &Credentials,
    ) -> Result<Result<Self, RequestError>, DomainError> {
        let Identified { user, acting_scope, until } = match identify(app, credentials.token.as_deref()).await
        {
            Ok(identified) => identified,
            Err(NotIdentified::Fault(fault)) => return Err(fault.into()),
            Err(error) => return Ok(Err(RequestError::new(ErrorCode::Unauthenticated, error.to_string()))),
        };
        let viewer = match (&credentials.acting_user, acting_scope) {
            (None, _) => Ok(Viewer::unless_named(user.map(|user| user.id), app.auth.is_open())),
            (Some(name), ActingScope::Only(_)) => {
                let themselves = user.filter(|user| is_called(user, name));
                let another = || RequestError::new(ErrorCode::Forbidden, NotYours::named(name).to_string());
                themselves.map(|user| user.id.into()).ok_or_else(another)
            }
            (Some(name), ActingScope::Everybody) => Viewer::of_header(app, name).await?,
        };
        let changes_usernames = acting_scope.allows_everybody() || app.auth.lets_usernames_change();
        Ok(viewer.map(|viewer| Self { viewer, acting_scope, until, changes_usernames }))
    }

    /// When it ends, if ever.
    pub(super) fn until(self) -> Option<Timestamp> {
        self.until
    }

    /// In whose bucket it counts: the acting user's. What a service does is the host's own business.
    #[must_use]
    pub fn rate_key(self, acting: Option<UserId>) -> Option<RateKey> {
        acting.or(self.viewer.0.user()).filter(|_| !self.is_service()).map(RateKey::User)
    }

    /// The same where no argument names anybody: without an acting user it is the address that calls.
    #[must_use]
    pub fn rate_key_or(self, caller: Option<RateKey>) -> Option<RateKey> {
        if self.is_service() { None } else { self.rate_key(None).or(caller) }
    }

    /// Whether the token is that of a service; an open server asks nobody for one.
    #[must_use]
    pub fn is_service(self) -> bool {
        self.acting_scope.allows_everybody() && self.until.is_some()
    }

    /// Whoever sends the request.
    pub(super) fn of(ctx: &Context<'_>) -> Result<Self> {
        ctx.data::<Self>().copied()
    }

    /// The acting user where no argument names one.
    pub(super) fn viewer(self) -> Result<UserId, ActingUserRequired> {
        self.viewer.0.user().ok_or(ActingUserRequired)
    }

    /// The user whom an argument names, if one may act for them.
    pub(super) fn act_for(self, id: UserId) -> Result<UserId, NotYours> {
        if self.acting_scope.allows(id) { Ok(id) } else { Err(NotYours::Another) }
    }

    /// Whether one may create users.
    pub(super) fn create_users(self) -> Result<(), NotYours> {
        if self.acting_scope.allows_everybody() { Ok(()) } else { Err(NotYours::NewUser) }
    }

    /// Whether one may change usernames.
    pub(super) fn changes_usernames(self) -> bool {
        self.changes_usernames
    }

    /// Whether one may say which user is whom to the host.
    pub(super) fn links_users(self) -> bool {
        self.acting_scope.allows_everybody()
    }
}

/// Nobody is named who acts.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{REQUIRED}")]
pub(super) struct ActingUserRequired;

/// Something that is not for the token's user to do. As whatever a socket may be closed with, it has at most 123 bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum NotYours {
    /// Somebody is named for whom one may not act.
    #[error(
        "the token is that of another user: act as its own user, or with a token whose scope has messenger:service"
    )]
    Another,
    /// Somebody is named, and not by an id.
    #[error(
        "the header Messenger-User takes ids only where tokens are used, no usernames: give your own id, or leave it out"
    )]
    NoId,
    /// Users come with their tokens, or are created by a service.
    #[error("only a service creates users: a token whose scope has messenger:service")]
    NewUser,
}

impl NotYours {
    /// Why somebody's own token does not go with this name of another user.
    fn named(name: &str) -> Self {
        if name.parse::<UserId>().is_ok() { Self::Another } else { Self::NoId }
    }
}

/// Whether the header of somebody's own token names them.
fn is_called(user: &User, name: &str) -> bool {
    let by_external_id = user.external_id.as_ref().is_some_and(|id| id.as_str() == name);
    name.parse() == Ok(user.id) || by_external_id
}

/// The acting user, if the request names one; and so what it may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Viewer(pub(super) ReadScope);

impl From<UserId> for Viewer {
    fn from(id: UserId) -> Self {
        Self(ReadScope::Of(id))
    }
}

impl Viewer {
    /// The user of the request, if it has one: without, an open server shows everything, and to a service profiles are shown.
    fn unless_named(user_id: Option<UserId>, is_open: bool) -> Self {
        let unnamed = if is_open { ReadScope::Everything } else { ReadScope::Profiles };
        Self(user_id.map_or(unnamed, ReadScope::Of))
    }

    /// What may be seen of that which is not for everybody: a service must say for whom it asks.
    pub(super) fn read_scope(self) -> Result<ReadScope> {
        if self.0 == ReadScope::Profiles { self.require().map(ReadScope::Of) } else { Ok(self.0) }
    }

    /// Whom the header names: on an open server by id or by username, else as the `sub` of a token would.
    async fn of_header(app: &App, name: &str) -> Result<Result<Self, RequestError>, DomainError> {
        let is_open = app.auth.is_open();
        let found = match (name.parse(), Username::parse(name)) {
            _ if !is_open => find_by_subject(app, name).await?,
            (Ok(id), _) => find_user(app, id).await?,
            (Err(_), Ok(username)) => find_user_by_username(app, username).await?,
            (Err(_), Err(_)) => None,
        };
        let message = if is_open { UNKNOWN } else { UNKNOWN_ID };
        let unknown = || RequestError::new(ErrorCode::ActingUserUnknown, message);
        Ok(found.map(|user| user.id.into()).ok_or_else(unknown))
    }

    /// Who acts where no argument names anybody: the token's user, or whom the header names.
    pub(super) fn of(ctx: &Context<'_>) -> Result<Self> {
        Session::of(ctx).map(|session| session.viewer)
    }

    /// Whom an argument names, or else who sends the request.
    pub(super) fn named(ctx: &Context<'_>, user_id: Option<&ID>) -> Result<Self> {
        let session = Session::of(ctx)?;
        match user_id {
            Some(id) => {
                let named = session.act_for(parse("userId", id)?);
                named.map(Self::from).map_err(|error| coded(ErrorCode::Forbidden, error))
            }
            None => Ok(session.viewer),
        }
    }

    /// The same, where nothing else looks for the user.
    pub(super) async fn named_who_exists(ctx: &Context<'_>, user_id: Option<&ID>) -> Result<Self> {
        let viewer = Self::named(ctx, user_id)?;
        if let (Some(id), Some(_)) = (viewer.0.user(), user_id)
            && find_user(ctx.data::<App>()?, id).await.map_err(domain_error)?.is_none()
        {
            return Err(coded(ErrorCode::NotFound, format_args!("userId: there is no user {id}")));
        }
        Ok(viewer)
    }

    /// The acting user, where there must be one.
    pub(super) fn require(self) -> Result<UserId> {
        self.0.user().ok_or_else(|| coded(ErrorCode::ActingUserRequired, ActingUserRequired))
    }
}
