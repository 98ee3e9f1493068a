//! What a message means, by what came before it. Time is an argument.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    close::Close,
    message::{ClientMessage, Echo},
};
use crate::{
    config::Limits,
    graphql::{Credentials, Request, RequestError},
    http::credentials,
};

/// How long a client may take to send `connection_init`.
pub(super) const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may be silent before it is pinged, and then again. A client that vanished is found out after three of
/// these: within the 30 seconds after which its user counts as offline.
pub(super) const PING_INTERVAL: Duration = Duration::from_secs(9);
/// How many pings in a row a client may leave unanswered.
pub(super) const MAX_UNANSWERED: u8 = 2;

/// The most bytes of a message before the session is open. A token as large as most proxies let through in a header fits.
pub(super) const MAX_INIT_BYTES: usize = 8 * 1024;
/// How many messages, pings included, may come before the session is open.
pub(super) const MAX_MESSAGES_BEFORE: u8 = 8;

/// Where a conversation stands.
#[derive(Debug)]
pub(super) struct Protocol {
    is_open: bool,
    /// When the client will have been silent for too long.
    due: Instant,
    unanswered: u8,
    /// How many messages came before the session was open.
    before: u8,
}

/// What is to be done about a message.
#[derive(Debug)]
pub(super) enum Step {
    Nothing,
    /// Acknowledge the connection, if these open a session.
    Admit {
        credentials: Credentials,
    },
    Pong {
        payload: Option<Echo>,
    },
    Start {
        id: String,
        request: Request,
    },
    /// Answer the operation with this error. Nothing of it was started.
    Refuse {
        id: String,
        error: RequestError,
    },
    End {
        id: String,
    },
}

impl Protocol {
    pub(super) fn new(now: Instant) -> Self {
        Self { is_open: false, due: now + INIT_TIMEOUT, unanswered: 0, before: 0 }
    }

    /// When [`Self::tick`] must be called.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// The client was silent until now. It is to be pinged, unless that has been in vain too often.
    pub(super) fn tick(&mut self, now: Instant) -> Result<(), Close> {
        if !self.is_open {
            return Err(Close::init_timeout());
        }
        if self.unanswered == MAX_UNANSWERED {
            return Err(Close::silent());
        }
        self.unanswered += 1;
        self.due = now + PING_INTERVAL;
        Ok(())
    }

    /// Something came, whatever it is: the client is there. Before its session is open it may not say much.
    pub(super) fn heard(&mut self) -> Result<(), Close> {
        self.unanswered = 0;
        if self.is_open {
            return Ok(());
        }
        self.before += 1;
        if self.before > MAX_MESSAGES_BEFORE {
            Err(Close::too_many_before(MAX_MESSAGES_BEFORE))
        } else {
            Ok(())
        }
    }

    /// The most bytes of a message.
    pub(super) fn most_bytes(&self, limits: &Limits) -> usize {
        if self.is_open {
            limits.socket_message_bytes
        } else {
            limits.socket_message_bytes.min(MAX_INIT_BYTES)
        }
    }

    pub(super) fn receive(&mut self, text: &str, now: Instant) -> Result<Step, Close> {
        match ClientMessage::read(text)? {
            ClientMessage::ConnectionInit { .. } if self.is_open => Err(Close::second_init()),
            ClientMessage::ConnectionInit { payload } => {
                self.is_open = true;
                self.due = now + PING_INTERVAL;
                let credentials = credentials::of_payload(payload).map_err(Close::without_credentials)?;
                Ok(Step::Admit { credentials })
            }
            ClientMessage::Subscribe { .. } | ClientMessage::Unreadable { .. } if !self.is_open => {
                Err(Close::unauthorized())
            }
            ClientMessage::Subscribe { id, request } => Ok(Step::Start { id, request }),
            ClientMessage::Unreadable { id, error } => {
                Ok(Step::Refuse { id, error: RequestError::bad_json("the payload", error) })
            }
            ClientMessage::Complete { id } => Ok(Step::End { id }),
            ClientMessage::Ping { payload } => Ok(Step::Pong { payload: payload.map(Echo) }),
            ClientMessage::Pong => Ok(Step::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INIT: &str = r#"{"type": "connection_init"}"#;
    const SUBSCRIBE: &str = r#"{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}"#;

    /// A protocol that has been told these things, and what it says to the last one.
    fn told(texts: &[&str]) -> (Protocol, Result<Step, Close>) {
        let now = Instant::now();
        let mut protocol = Protocol::new(now);
        let mut last = Ok(Step::Nothing);
        for text in texts {
            last = protocol.receive(text, now);
        }
        (protocol, last)
    }

    fn code(texts: &[&str]) -> u16 {
        told(texts).1.expect_err("it closes").code
    }

    #[test]
    fn messages_out_of_turn_close_the_socket() {
        assert_eq!(code(&[SUBSCRIBE]), 4401);
        assert_eq!(code(&[INIT, INIT]), 4429);
        assert!(matches!(told(&[INIT, SUBSCRIBE]).1, Ok(Step::Start { id, .. }) if id == "1"));
        assert!(matches!(told(&[r#"{"type": "ping"}"#]).1, Ok(Step::Pong { payload: None })));
        assert!(matches!(told(&[r#"{"type": "pong", "payload": {}}"#]).1, Ok(Step::Nothing)));
        assert!(matches!(told(&[r#"{"type": "complete", "id": "7"}"#]).1, Ok(Step::End { id }) if id == "7"));
    }

    #[test]
    fn the_acting_user_stands_in_the_payload() {
        let table = [
            (r#"{"Messenger-User": "betty"}"#, Some("betty")),
            (r#"{"MESSENGER-USER": "betty", "other": 1}"#, Some("betty")),
            (r#"{"messenger-user": null}"#, None),
            ("{}", None),
            ("null", None),
        ];
        for (payload, expected) in table {
            let init = format!(r#"{{"type": "connection_init", "payload": {payload}}}"#);
            let (_, step) = told(&[&init]);
            let Ok(Step::Admit { credentials }) = step else { panic!("{payload}: {step:?}") };
            assert_eq!(credentials.acting_user.as_deref(), expected, "{payload}");
        }
        assert_eq!(code(&[r#"{"type": "connection_init", "payload": {"Messenger-User": 1}}"#]), 4403);
    }

    #[test]
    fn a_client_says_little_before_its_session_is_open() {
        let (mut protocol, _) = told(&[]);
        for _ in 0..MAX_MESSAGES_BEFORE {
            assert_eq!(protocol.heard(), Ok(()));
        }
        assert_eq!(protocol.heard(), Err(Close::too_many_before(MAX_MESSAGES_BEFORE)));
        assert_eq!(protocol.most_bytes(&Limits::default()), MAX_INIT_BYTES);
        let (mut protocol, _) = told(&[INIT]);
        for _ in 0..1_000 {
            assert_eq!(protocol.heard(), Ok(()));
        }
        assert_eq!(protocol.most_bytes(&Limits::default()), Limits::default().socket_message_bytes);
    }

    #[test]
    fn a_client_that_does_not_begin_is_let_go() {
        let now = Instant::now();
        let mut protocol = Protocol::new(now);
        assert_eq!(protocol.due(), now + INIT_TIMEOUT);
        drop(protocol.receive(r#"{"type": "ping"}"#, now));
        assert_eq!(protocol.due(), now + INIT_TIMEOUT, "a ping is no beginning");
        assert_eq!(protocol.tick(protocol.due()), Err(Close::init_timeout()));
    }

    #[test]
    fn a_client_is_pinged_and_let_go_after_two_in_vain() {
        let (mut protocol, _) = told(&[INIT]);
        assert_eq!(protocol.tick(protocol.due()), Ok(()));
        assert_eq!(protocol.tick(protocol.due()), Ok(()));
        assert_eq!(protocol.heard(), Ok(()));
        assert_eq!(protocol.tick(protocol.due()), Ok(()));
        assert_eq!(protocol.tick(protocol.due()), Ok(()));
        assert_eq!(protocol.tick(protocol.due()), Err(Close::silent()));
    }
}
