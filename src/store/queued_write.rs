//! A queued write: its work, and its answer, which waits for the commit.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use diesel::QueryResult;
use tokio::sync::oneshot;

use super::{Connection, StoreError, error::PANICKED_BESIDE, threads::panic_message, undo::Undo};

/// What happens to a write that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnError {
    /// It is rolled back alone, whatever it has changed.
    RollBack,
    /// It has changed nothing: it refuses before it changes anything.
    NothingChanged,
}

impl OnError {
    /// How to undo a write that begins now.
    fn undo(self, connection: &mut Connection, at_the_start: bool) -> QueryResult<Undo> {
        match self {
            _ if at_the_start => Ok(Undo::Start),
            Self::RollBack => Undo::savepoint(connection),
            Self::NothingChanged => Undo::changes(connection),
        }
    }
}

/// A write whose answer waits for the commit.
pub(super) trait Write: Send {
    /// Does the work at the start of a transaction, or after others in it, or takes it back; tells whether it was kept.
    ///
    /// An error here means that the transaction can no longer be trusted.
    fn run(&mut self, connection: &mut Connection, at_the_start: bool) -> Result<bool, StoreError>;

    /// Whether it may change many rows; one that refuses before it changes anything is a single message.
    fn may_be_long(&self) -> bool;

    /// Tells the caller how it ended; with a failure, nothing was committed.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

pub(super) struct QueuedWrite<W, T, E> {
    work: Option<W>,
    on_error: OnError,
    outcome: Option<Result<T, E>>,
    /// Whether it is why the group was not committed: it has its own words for that.
    is_the_cause: bool,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<W, T, E> QueuedWrite<W, T, E> {
    pub(super) fn new(on_error: OnError, work: W, answer: oneshot::Sender<Result<T, E>>) -> Self {
        Self { work: Some(work), on_error, outcome: None, is_the_cause: false, answer }
    }
}

impl<W, T, E> Write for QueuedWrite<W, T, E>
where
    T: Send,
    E: From<StoreError> + fmt::Display + Send,
    W: FnOnce(&mut Connection) -> Result<T, E> + Send,
{
    fn run(&mut self, connection: &mut Connection, at_the_start: bool) -> Result<bool, StoreError> {
        let Some(work) = self.work.take() else {
            return Ok(false);
        };
        let undo = self.on_error.undo(connection, at_the_start)?;
        let ended = match catch_unwind(AssertUnwindSafe(|| work(connection))) {
            Ok(outcome) => end(undo, connection, self.outcome.insert(outcome)),
            Err(panic) => {
                self.outcome = Some(Err(panic_message(panic.as_ref()).into()));
                Err(StoreError::NotCommitted(PANICKED_BESIDE.into()))
            }
        };
        let was_kept = matches!(self.outcome, Some(Ok(_)));
        self.is_the_cause = ended.is_err() && !was_kept;
        ended.map(|()| was_kept)
    }

    fn may_be_long(&self) -> bool {
        self.on_error == OnError::RollBack
    }

    fn answer(self: Box<Self>, failure: Option<StoreError>) {
        let answer = match failure.filter(|_| !self.is_the_cause) {
            Some(failure) => Err(failure.into()),
            None => self.outcome.unwrap_or_else(|| Err(StoreError::Closed.into())),
        };
        // Whoever asked may be gone; what was committed stays.
        drop(self.answer.send(answer));
    }
}

/// Keeps the write, or rolls it back.
fn end<T, E: fmt::Display>(
    undo: Undo,
    connection: &mut Connection,
    outcome: &Result<T, E>,
) -> Result<(), StoreError> {
    let Err(failure) = outcome else {
        return Ok(undo.keep(connection)?);
    };
    undo.roll_back(connection).map_err(|error| match error {
        // A full disk takes back the whole transaction: there is no savepoint left, and the work knows why.
        StoreError::Database(_) => StoreError::NotCommitted(failure.to_string()),
        error => error,
    })
}
