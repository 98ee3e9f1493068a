//! The session of a WebSocket.

use std::mem;

use futures_util::{
    FutureExt,
    future::{BoxFuture, pending},
};

use super::{
    close::Close,
    connection_quota::{ConnectionQuota, QuotaExceeded, QuotaPermit},
};
use crate::graphql::{Answer, Api, Credentials, RequestId, Session};

/// The client of a WebSocket, with its session once it is admitted.
pub(super) struct SocketSession {
    /// What the request that opened the socket said of them.
    credentials: Credentials,
    /// Whose everything on this socket is, once that is known.
    session: Option<Session>,
    /// When the session ends.
    pub(super) expiry: BoxFuture<'static, ()>,
    /// Counts the sockets of each user.
    quota: ConnectionQuota,
    /// The permit of this socket.
    permit: Option<QuotaPermit>,
}

impl SocketSession {
    pub(super) fn new(credentials: Credentials, quota: ConnectionQuota) -> Self {
        Self { credentials, session: None, expiry: pending().boxed(), quota, permit: None }
    }

    /// Their session, which there is once they are admitted.
    pub(super) fn session(&self) -> Result<Session, Close> {
        self.session.ok_or_else(Close::unauthorized)
    }

    /// Finds out who it is, or why they may not stay. What the payload says goes before what the header said.
    pub(super) async fn admit(
        &mut self,
        api: &Api,
        said: Credentials,
        request_id: &RequestId,
    ) -> Result<(), Close> {
        let header = mem::take(&mut self.credentials);
        let credentials = Credentials {
            token: said.token.or(header.token),
            acting_user: said.acting_user.or(header.acting_user),
        };
        let session = match api.admit(&credentials, request_id).await {
            Ok(session) => session,
            Err(Answer::Refused { errors }) => {
                return Err(errors.first().map_or_else(Close::forbidden, Close::not_admitted));
            }
            Err(_) => return Err(Close::unavailable()),
        };
        self.take_permit(api, session)?;
        self.expiry = api.ended(session);
        self.session = Some(session);
        Ok(())
    }

    /// Takes a permit among the sockets of its user, where the user is known.
    fn take_permit(&mut self, api: &Api, session: Session) -> Result<(), Close> {
        api.count_connect(session).map_err(Close::rate_limited)?;
        let most = api.limits().user_sockets;
        self.permit =
            self.quota.take(session.rate_key(None), most).map_err(|QuotaExceeded| Close::too_many(most))?;
        Ok(())
    }
}
