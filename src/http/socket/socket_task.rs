//! Moves messages between a socket and the operations on it.

use std::{convert::Infallible, pin::pin, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{FutureExt, SinkExt};
use tokio::time::{Instant, sleep_until, timeout};

use super::{
    buffer::{Buffer, LONG},
    close::Close,
    close_cause::{CloseCause, unreadable},
    message::{Errors, ServerMessage, next_frame},
    operations::{OperationEvent, Operations},
    protocol::{Protocol, Step},
    socket_session::SocketSession,
};
use crate::{
    graphql::{Allowed, Answer, Api, Credentials, ErrorCode, Rendered, Request, RequestError, RequestId},
    http::{
        connection::{RequestContext, Shutdown},
        seat::InFlight,
    },
    rates::RateKey,
};

/// How long a client may take to answer a close frame.
const FAREWELL: Duration = Duration::from_secs(2);
/// How many answers are told in one go: each socket keeps the memory that the most of them took.
const AT_ONCE: usize = 16;
/// How long queries and mutations may go on after the server was told to stop, or the token has expired.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// One socket, from its opening to its end.
pub(super) struct SocketTask {
    socket: WebSocket,
    api: Api,
    protocol: Protocol,
    operations: Operations,
    socket_session: SocketSession,
    /// The connection, with what it has received.
    in_flight: InFlight,
    /// From where the socket was opened; `None` for this machine itself.
    caller: Option<RateKey>,
    /// That of the request that opened it; each operation has one of its own, counted from it.
    request_id: RequestId,
    started: u64,
    buffer: Buffer,
}

enum Event {
    Received(Option<Result<Message, axum::Error>>),
    OperationEvent(OperationEvent),
    Due,
    Shutdown,
    Expired,
}

impl SocketTask {
    pub(super) fn new(socket: WebSocket, api: Api, session: SocketSession, ctx: RequestContext) -> Box<Self> {
        let RequestContext { caller, connection, request_id } = ctx;
        let (protocol, operations) = (Protocol::new(Instant::now()), Operations::default());
        let in_flight = connection.in_flight;
        in_flight.intake().count_messages(protocol.most_bytes(api.limits()));
        let (started, buffer) = (0, Buffer::default());
        Box::new(Self {
            socket,
            api,
            protocol,
            operations,
            socket_session: session,
            in_flight,
            caller,
            request_id,
            started,
            buffer,
        })
    }

    /// What happens seldom is boxed, here and below: each socket would hold the place for it as long as it is open.
    pub(super) async fn run(mut self: Box<Self>, shutdown: Shutdown) {
        let cause = {
            let mut conversation = pin!(self.converse(shutdown.clone()));
            tokio::select! {
                Err(cause) = &mut conversation => cause,
                () = shutdown.requested() => match timeout(LAST_ANSWERS, conversation).await {
                    Ok(Err(cause)) => cause,
                    Err(_) => CloseCause::Close(Close::restart()),
                },
            }
        };
        // Whoever is gone, or takes nothing, needs no farewell.
        drop(timeout(FAREWELL, Box::pin(self.leave(cause))).await);
    }

    /// Until something ends it.
    async fn converse(&mut self, shutdown: Shutdown) -> Result<Infallible, CloseCause> {
        let mut shutdown = pin!(shutdown.requested());
        let mut timer = pin!(sleep_until(self.protocol.due()));
        loop {
            let event = tokio::select! {
                // First of all: nothing is begun or told after the end.
                biased;
                () = &mut self.socket_session.expiry => Event::Expired,
                event = async {
                    tokio::select! {
                        received = self.socket.recv() => Event::Received(received),
                        Some(event) = self.operations.next() => Event::OperationEvent(event),
                        () = &mut timer => Event::Due,
                        () = &mut shutdown => Event::Shutdown,
                    }
                } => event,
            };
            match event {
                Event::Received(received) => {
                    let message = self.read(received)?;
                    Box::pin(self.receive(message)).await?;
                }
                Event::OperationEvent(event) => self.tell(event).await?,
                Event::Due => self.ping().await?,
                Event::Shutdown => return Err(Box::pin(self.finish(Close::restart())).await?),
                Event::Expired => return Err(Box::pin(self.expire()).await?),
            }
            if timer.deadline() != self.protocol.due() {
                timer.as_mut().reset(self.protocol.due());
            }
        }
    }

    /// What was received, or how it ends.
    fn read(&self, received: Option<Result<Message, axum::Error>>) -> Result<Message, CloseCause> {
        let intake = self.in_flight.intake();
        let most = self.protocol.most_bytes(self.api.limits());
        let message = received.ok_or(CloseCause::Left)?;
        let message = message.map_err(|error| unreadable(error, intake.refusal(), most))?;
        match &message {
            Message::Ping(payload) | Message::Pong(payload) => intake.taken_control(payload.len()),
            Message::Text(text) if text.len() > most => return Err(Close::too_long(most).into()),
            _ => intake.taken(),
        }
        Ok(message)
    }

    async fn receive(&mut self, message: Message) -> Result<(), CloseCause> {
        self.protocol.heard()?;
        let counted = self.api.count_message(self.socket_session.session().ok(), self.caller);
        counted.map_err(Close::too_many_messages)?;
        match message {
            Message::Text(text) => {
                let step = self.protocol.receive(&text, Instant::now())?;
                self.take(step).await
            }
            Message::Binary(_) => Err(Close::malformed("a message must be text").into()),
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(CloseCause::Left),
        }
    }

    async fn take(&mut self, step: Step) -> Result<(), CloseCause> {
        match step {
            Step::Nothing => Ok(()),
            Step::Admit { credentials } => self.admit(credentials).await,
            Step::Pong { payload } => self.say(&ServerMessage::Pong { payload }).await,
            Step::Start { id, request } => self.start(&id, request).await,
            Step::Refuse { id, error } => self.refuse(&id, error).await,
            Step::End { id } => {
                self.operations.end(&id);
                Ok(())
            }
        }
    }

    async fn admit(&mut self, said: Credentials) -> Result<(), CloseCause> {
        self.socket_session.admit(&self.api, said, &self.request_id).await?;
        self.in_flight.intake().count_messages(self.protocol.most_bytes(self.api.limits()));
        self.say(&ServerMessage::ConnectionAck).await
    }

    /// Answers an operation of which nothing was started. An id that is taken closes the socket, as in `start`.
    async fn refuse(&mut self, id: &str, error: RequestError) -> Result<(), CloseCause> {
        self.operations.have_place(id, usize::MAX)?;
        self.say(&ServerMessage::Error { id, payload: Errors::Refused(&[error]) }).await
    }

    async fn start(&mut self, id: &str, request: Request) -> Result<(), CloseCause> {
        let session = self.socket_session.session()?;
        let most = self.api.limits().socket_operations;
        if !self.operations.have_place(id, most)? {
            let refusal = RequestError::new(
                ErrorCode::TooManyOperations,
                format!("{most} operations run on this socket; end one of them, or open another socket"),
            );
            return self.refuse(id, refusal).await;
        }
        self.started += 1;
        let request_id = RequestId(format!("{}.{}", self.request_id, self.started));
        self.operations.start(id, self.api.follow(session, request, Allowed::EVERYTHING, request_id));
        // To read a document may have taken milliseconds, and the next message is there already.
        tokio::task::yield_now().await;
        Ok(())
    }

    /// Tells what is there already in one go: that is one call of the kernel, and one wake-up of the client, for all of it.
    async fn tell(&mut self, event: OperationEvent) -> Result<(), CloseCause> {
        self.write(event).await?;
        for _ in 1..AT_ONCE {
            let Some(Some(event)) = self.operations.next().now_or_never() else {
                break;
            };
            self.write(event).await?;
        }
        Ok(self.socket.flush().await?)
    }

    async fn write(&mut self, (id, answer): OperationEvent) -> Result<(), CloseCause> {
        let id = &*id;
        let message = match answer {
            Some(Answer::Rendered(rendered)) => return self.feed(id, rendered).await,
            answer => answer,
        };
        let message = match (&message, message.as_ref().and_then(Errors::of)) {
            (_, Some(payload)) => {
                // An error is the last word.
                self.operations.end(id);
                ServerMessage::Error { id, payload }
            }
            (Some(lost @ Answer::Lost(_)), _) => {
                let next = ServerMessage::Next { id, payload: lost };
                self.say(&next).await?;
                return Err(Close::lost().into());
            }
            (Some(payload), _) => ServerMessage::Next { id, payload },
            (None, _) => ServerMessage::Complete { id },
        };
        let frame = message.frame().map_err(|_| Close::internal())?;
        Ok(self.socket.feed(frame).await?)
    }

    /// An answer that was rendered. A long one is sent before the next one is written.
    async fn feed(&mut self, id: &str, rendered: Rendered) -> Result<(), CloseCause> {
        let is_long = rendered.len() > LONG;
        let session = self.socket_session.session()?;
        if let Err(overloaded) = self.buffer.make_room(&rendered, &self.api, session, &self.request_id) {
            return self.say(&ServerMessage::Next { id, payload: &overloaded }).await;
        }
        self.socket.feed(next_frame(id, rendered).map_err(|_| Close::internal())?).await?;
        if is_long { Ok(self.socket.flush().await?) } else { Ok(()) }
    }

    /// A ping of WebSocket's own: every client answers it below the application, the protocol's `ping` only when its
    /// event loop comes to it.
    async fn ping(&mut self) -> Result<(), CloseCause> {
        self.protocol.tick(Instant::now())?;
        Ok(self.socket.send(Message::Ping(Vec::new().into())).await?)
    }

    /// Returns when the client has taken it, so that nothing piles up here.
    async fn say(&mut self, message: &ServerMessage<'_>) -> Result<(), CloseCause> {
        let frame = message.frame().map_err(|_| Close::internal())?;
        Ok(self.socket.send(frame).await?)
    }

    /// The token has expired. Subscriptions end here and now.
    async fn expire(&mut self) -> Result<CloseCause, CloseCause> {
        let close = Close::not_admitted(&RequestError::expired());
        match timeout(LAST_ANSWERS, self.finish(close.clone())).await {
            Ok(cause) => cause,
            Err(_) => Ok(CloseCause::Close(close)),
        }
    }

    /// A client connects again and repeats what had no answer, also a mutation. So those that run get theirs first.
    async fn finish(&mut self, close: Close) -> Result<CloseCause, CloseCause> {
        self.operations.end_subscriptions();
        while let Some(event) = self.operations.next().await {
            self.tell(event).await?;
        }
        Ok(CloseCause::Close(close))
    }

    /// Says why, and waits until the client has heard it: a connection that is cut off at once takes the reason with it.
    async fn leave(&mut self, cause: CloseCause) {
        let (close, is_readable) = match cause {
            CloseCause::Left => (None, true),
            CloseCause::Close(close) => (Some(close), true),
            CloseCause::Unreadable(close) => (Some(close), false),
        };
        if let Some(close) = close {
            tracing::debug!(request_id = %self.request_id, code = close.code, reason = %close.reason, "closing a socket");
            if self.socket.send(close.frame()).await.is_err() {
                return;
            }
        }
        while let Some(Ok(_)) = self.socket.recv().await {}
        if !is_readable {
            std::future::pending::<()>().await;
        }
    }
}
