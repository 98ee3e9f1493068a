//! Follow what happens: what was missed first, then what happens, without a gap and nothing twice.

#[cfg(test)]
mod model;
mod start;

use std::{collections::VecDeque, sync::Arc};

use start::Start;

use crate::{
    app::App,
    domain::{
        DomainError,
        replay::{Reach, Replay},
    },
    live::{Entry, Heard, Listener, Notice, Wordings},
    models::event::{self, Span},
    presence::Attendance,
    store::Connection,
    types::{ConversationId, LogPlace, UserId},
};

/// Who follows what.
#[derive(Clone, Copy, Debug)]
pub struct Following {
    /// The acting user.
    pub user_id: UserId,
    /// Only this conversation; all of theirs, when there is none.
    pub only: Option<ConversationId>,
    /// What comes after this place in the log; what happens from now on, when there is none.
    pub after: Option<LogPlace>,
}

/// What a follower is told.
#[derive(Clone, Debug)]
pub enum Followed {
    /// Something happened.
    Entry(Arc<Entry>),
    /// Something happened that is not kept.
    Notice(Arc<Notice>),
    /// Everything up to this position was told; what comes now is live.
    CaughtUp {
        /// The position.
        position: i64,
    },
    /// The follower was at a place that the log does not have, and must read everything anew. Goes on from here.
    ResetRequired {
        /// The position from which it goes on.
        position: i64,
    },
}

impl Followed {
    /// How it was told so far, where what a user is told of it does not depend on who they are.
    #[must_use]
    pub fn wordings(&self, user_id: UserId) -> Option<&Wordings> {
        match self {
            Self::Entry(entry) => Some(&entry.wordings).filter(|_| !entry.involves(user_id)),
            Self::Notice(notice) => Some(notice.wordings()),
            Self::CaughtUp { .. } | Self::ResetRequired { .. } => None,
        }
    }
}

/// Starts to follow, and makes the follower be there as long as they do; refuses unknown users, and conversations that they cannot read.
///
/// Registers first, then reads the log, then follows: what is committed in between is found in the log, heard, or both, and
/// told once.
pub async fn follow_events(app: &App, following: Following) -> Result<Follower, DomainError> {
    let listener = app.hub.listen(following.user_id, following.only.map(ConversationId::key));
    let log = app.log;
    let start = app.store.read(move |connection| Start::read(connection, log, following)).await?;
    let up_to = listener.place(&start.chatrooms_now, start.position_now);
    let (presence, clock) = (Arc::clone(&app.presence), Arc::clone(&app.clock));
    let attendance = Attendance::begin(presence, clock, following.user_id).await;
    let mut ready = VecDeque::new();
    if start.must_reset {
        ready.push_back(Followed::ResetRequired { position: start.position });
    }
    Ok(Follower {
        app: app.clone(),
        listener,
        attendance,
        replay: Replay::new(Reach {
            user_id: following.user_id,
            only: following.only.map(ConversationId::key),
            chatrooms: start.chatrooms,
        }),
        position: start.position,
        reading: Some(up_to),
        has_caught_up: false,
        ready,
    })
}

/// Somebody who follows; stops when it is dropped.
#[derive(Debug)]
pub struct Follower {
    app: App,
    listener: Listener,
    attendance: Attendance,
    /// What they are told of, at the position, and what was found of it.
    replay: Replay,
    /// What comes after this has not been told.
    position: i64,
    /// The log is to be read up to here.
    reading: Option<i64>,
    has_caught_up: bool,
    ready: VecDeque<Followed>,
}

impl Follower {
    /// Who follows.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.replay.reach.user_id
    }

    /// The next thing to tell; `None` when nothing more will come.
    pub async fn next(&mut self) -> Result<Option<Followed>, DomainError> {
        loop {
            self.attendance.keep_up().await;
            while let Some(ready) = self.ready.pop_front() {
                if self.may_be_told(&ready) {
                    return Ok(Some(ready));
                }
            }
            match self.reading {
                Some(up_to) if self.position < up_to => self.read_log(up_to).await?,
                Some(_) => self.stop_reading(),
                None => tokio::select! {
                    () = self.attendance.due() => {}
                    heard = self.listener.hear() => match heard {
                        Heard::Entry(entry) => self.take(entry),
                        Heard::Notice(notice) => self.ready.push_back(Followed::Notice(notice)),
                        Heard::ReadLog { up_to } => self.reading = Some(up_to),
                        Heard::Nothing => return Ok(None),
                    },
                },
            }
        }
    }

    /// Whoever has left a chatroom is told nothing more of it, also of what has waited for them, but that they left.
    fn may_be_told(&self, followed: &Followed) -> bool {
        let conversation = match followed {
            Followed::Entry(entry) if entry.event.movement() == Some((self.user_id(), false)) => return true,
            Followed::Entry(entry) => &entry.conversation,
            Followed::Notice(notice) => match &**notice {
                Notice::Typing(notice) => &notice.conversation,
                Notice::Presence(_) => return true,
            },
            Followed::CaughtUp { .. } | Followed::ResetRequired { .. } => return true,
        };
        conversation.pair().is_some() || self.listener.is_in(conversation.key)
    }

    fn stop_reading(&mut self) {
        self.reading = None;
        if !self.has_caught_up {
            self.has_caught_up = true;
            self.ready.push_back(Followed::CaughtUp { position: self.position });
        }
    }

    async fn read_log(&mut self, up_to: i64) -> Result<(), DomainError> {
        let span = Span { after: self.position, up_to };
        let mut replay = self.replay.lend();
        let read = move |connection: &mut Connection| {
            if event::oldest_position(connection)?.is_none_or(|oldest| oldest > span.after + 1) {
                return Ok(Err(Start::at(connection, replay.reach.user_id, Some(span.after))?));
            }
            let piece = replay.read(connection, span)?;
            Ok::<_, DomainError>(Ok((replay, piece)))
        };
        match self.app.store.read(read).await? {
            Ok((replay, piece)) => {
                (self.replay, self.position) = (replay, piece.up_to);
                self.ready.extend(piece.entries.into_iter().map(|entry| Followed::Entry(Arc::new(entry))));
            }
            Err(start) => self.begin_anew(start, up_to),
        }
        Ok(())
    }

    /// What was to be read has been forgotten meanwhile.
    fn begin_anew(&mut self, start: Start, up_to: i64) {
        (self.position, self.replay.reach.chatrooms) = (start.position, start.chatrooms);
        self.reading = Some(up_to.max(self.position));
        self.ready.push_back(Followed::ResetRequired { position: self.position });
    }

    /// Tells an entry that is new and concerns the follower.
    fn take(&mut self, entry: Arc<Entry>) {
        if entry.event.position <= self.position {
            return;
        }
        self.position = entry.event.position;
        if self.replay.reach.meets(&entry.event, &entry.conversation) {
            self.ready.push_back(Followed::Entry(entry));
        }
    }
}
