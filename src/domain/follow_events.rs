//! Follow what happens: what was missed first, then what happens, without a gap and nothing twice.

#[cfg(test)]
mod behind;
#[cfg(test)]
mod model;
mod start;

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Instant,
};

use start::Start;

use crate::{
    app::App,
    domain::{
        DomainError,
        replay::{Replay, Visibility},
    },
    live::{Delivery, EphemeralEvent, EventRecord, Listener, RenderedAnswers},
    models::event::{self, PositionRange},
    presence::PresenceLease,
    store::{Connection, Lane},
    types::{ConversationId, ConversationKey, EventPosition, UserId},
};

/// Who follows what.
#[derive(Clone, Copy, Debug)]
pub struct Following {
    /// The acting user.
    pub user_id: UserId,
    /// Only this conversation; all of theirs, when there is none.
    pub only: Option<ConversationId>,
    /// What comes after this position in the log; what happens from now on, when there is none.
    pub after: Option<EventPosition>,
}

/// What a follower is told.
#[derive(Clone, Debug)]
pub enum Followed {
    /// Something happened.
    Record(Arc<EventRecord>),
    /// Something happened that no log keeps.
    Ephemeral(Arc<EphemeralEvent>),
    /// Everything up to this position was told; what comes now is live.
    CaughtUp {
        /// The position.
        position: i64,
    },
    /// The follower was at a position that the log does not have, and must read everything anew. Goes on from
    /// here.
    ResetRequired {
        /// The position from which it goes on.
        position: i64,
    },
}

impl Followed {
    /// The answers to it that were rendered so far, where they do not depend on the user.
    #[must_use]
    pub fn answers(&self, user_id: UserId) -> Option<&RenderedAnswers> {
        match self {
            Self::Record(record) => {
                Some(&record.answers).filter(|answers| answers.are_shared() && !record.involves(user_id))
            }
            Self::Ephemeral(event) => Some(event.answers()),
            Self::CaughtUp { .. } | Self::ResetRequired { .. } => None,
        }
    }
}

/// Starts to follow, and makes the follower be there as long as they do; refuses unknown users, and
/// conversations that they cannot read.
///
/// Registers first, then reads the log, then follows: what is committed in between is found in the log,
/// received, or both, and told once.
pub async fn follow_events(app: &App, following: Following) -> Result<Follower, DomainError> {
    let listener = app.hub.listen(following.user_id, following.only.map(ConversationId::key));
    let log = app.log;
    let read = move |connection: &mut Connection| Start::read(connection, log, following);
    let start = read_in_turn(app, following.user_id, read).await?;
    let up_to = listener.place(&start.chatrooms_now, start.position_now);
    let (presence, clock) = (Arc::clone(&app.presence), Arc::clone(&app.clock));
    let presence_lease = PresenceLease::begin(presence, clock, following.user_id).await;
    let mut ready = VecDeque::new();
    if start.must_reset {
        ready.push_back(Followed::ResetRequired { position: start.position });
    }
    let replay = Replay::new(Visibility::of(following, start.chatrooms).sharing(listener.chatrooms()));
    Ok(Follower {
        app: app.clone(),
        listener,
        presence_lease,
        following,
        position: start.position,
        reading: Some(Box::new(Reading { up_to, replay: Some(replay) })),
        has_caught_up: false,
        ready,
    })
}

/// Reads in the lane of replays. Subscriptions of one user read one after the other, so that they leave the lane to others.
async fn read_in_turn<T, W>(app: &App, user_id: UserId, work: W) -> Result<T, DomainError>
where
    T: Send + 'static,
    W: FnOnce(&mut Connection) -> Result<T, DomainError> + Send + 'static,
{
    // As many may wait as subscriptions may begin.
    let _turn = app.replays.wait(user_id).await.ok();
    app.store.read_in(Lane::Replay, work).await
}

/// Somebody who follows; stops when it is dropped.
#[derive(Debug)]
pub struct Follower {
    app: App,
    listener: Listener,
    presence_lease: PresenceLease,
    following: Following,
    /// What comes after this has not been told.
    position: i64,
    /// What they read in the log; nothing while they follow what happens.
    reading: Option<Box<Reading>>,
    has_caught_up: bool,
    ready: VecDeque<Followed>,
}

/// Somebody who reads the log.
#[derive(Debug)]
struct Reading {
    /// Up to here.
    up_to: i64,
    /// What they are told of, at the follower's position, and what was found of it. Made when it is needed.
    replay: Option<Replay>,
}

impl Follower {
    /// Who follows.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.following.user_id
    }

    /// Waits, and is there meanwhile.
    pub async fn rest_until(&mut self, then: Instant) {
        let mut rest = self.app.clock.wait_until(then);
        loop {
            self.presence_lease.keep_up().await;
            tokio::select! {
                () = &mut rest => return,
                () = self.presence_lease.due() => {}
            }
        }
    }

    /// The next thing to tell; `None` when nothing more will come.
    pub async fn next(&mut self) -> Result<Option<Followed>, DomainError> {
        loop {
            self.presence_lease.keep_up().await;
            while let Some(ready) = self.ready.pop_front() {
                if self.may_be_told(&ready) {
                    return Ok(Some(ready));
                }
            }
            match &self.reading {
                Some(reading) if self.position < reading.up_to => self.read_log().await?,
                Some(_) => self.stop_reading(),
                None => tokio::select! {
                    () = self.presence_lease.due() => {}
                    delivery = self.listener.recv() => match delivery {
                        Delivery::Record(record) => self.take(record),
                        Delivery::Ephemeral(event) => self.ready.push_back(Followed::Ephemeral(event)),
                        Delivery::ReadLog { up_to } => {
                            self.reading = Some(Box::new(Reading { up_to, replay: None }));
                        }
                        Delivery::Closed => return Ok(None),
                    },
                },
            }
        }
    }

    /// Whoever has left a chatroom is told nothing more of it, also of what has waited for them, but that
    /// they left.
    fn may_be_told(&self, followed: &Followed) -> bool {
        let conversation = match followed {
            Followed::Record(record) if record.event.movement() == Some((self.user_id(), false)) => {
                return true;
            }
            Followed::Record(record) => &record.conversation,
            Followed::Ephemeral(event) => match &**event {
                EphemeralEvent::Typing(event) => &event.conversation,
                EphemeralEvent::Presence(_) => return true,
            },
            Followed::CaughtUp { .. } | Followed::ResetRequired { .. } => return true,
        };
        conversation.pair().is_some() || self.listener.is_in(conversation.key)
    }

    /// What reading took is let go.
    fn stop_reading(&mut self) {
        self.reading = None;
        self.ready = VecDeque::new();
        if !self.has_caught_up {
            self.has_caught_up = true;
            self.ready.push_back(Followed::CaughtUp { position: self.position });
        }
    }

    async fn read_log(&mut self) -> Result<(), DomainError> {
        let Some(reading) = &mut self.reading else { return Ok(()) };
        let range = PositionRange { after: self.position, up_to: reading.up_to };
        let (taken, following) = (reading.replay.as_mut().map(Replay::take_for_read), self.following);
        let others = self.listener.chatrooms();
        let read = move |connection: &mut Connection| {
            let oldest = event::oldest_position(connection)?;
            if oldest.is_none_or(|oldest| oldest > range.after + 1) {
                return Ok(Err(Start::at(connection, following.user_id, Some(range.after))?));
            }
            let mut replay = if let Some(replay) = taken {
                replay
            } else {
                let start = Start::at(connection, following.user_id, Some(range.after))?;
                if start.must_reset {
                    return Ok(Err(start));
                }
                Replay::new(Visibility::of(following, start.chatrooms).sharing(others))
            };
            let piece = replay.read(connection, range)?;
            Ok::<_, DomainError>(Ok((replay, piece)))
        };
        match read_in_turn(&self.app, following.user_id, read).await? {
            Ok((replay, piece)) => {
                self.position = piece.up_to;
                self.ready.extend(piece.records.into_iter().map(|record| Followed::Record(Arc::new(record))));
                self.reading = Some(Box::new(Reading { up_to: range.up_to, replay: Some(replay) }));
            }
            Err(start) => self.begin_anew(&start, range.up_to),
        }
        Ok(())
    }

    /// What was to be read has been forgotten meanwhile.
    fn begin_anew(&mut self, start: &Start, up_to: i64) {
        self.position = start.position;
        self.reading = Some(Box::new(Reading { up_to: up_to.max(self.position), replay: None }));
        self.ready.push_back(Followed::ResetRequired { position: self.position });
    }

    /// Takes an event that is new. The hub delivers only events that concern the follower.
    fn take(&mut self, record: Arc<EventRecord>) {
        if record.event.position > self.position {
            self.position = record.event.position;
            self.ready.push_back(Followed::Record(record));
        }
    }
}

impl Visibility {
    /// What is visible to a user who was in these chatrooms.
    fn of(following: Following, chatrooms: HashSet<ConversationKey>) -> Self {
        let only = following.only.map(ConversationId::key);
        Self { user_id: following.user_id, only, chatrooms: Arc::new(chatrooms) }
    }
}
