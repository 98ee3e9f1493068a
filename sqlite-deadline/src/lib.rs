//! Deadlines for SQLite statements.
//!
//! Diesel 2.3 has no way to end a statement that runs. This crate has one, and nothing else, so that the
//! application can forbid unsafe code. It can go when a released Diesel has `SqliteConnection::on_progress`.
//!
//! [`install`] gives every connection that is opened afterwards a progress handler
//! (<https://www.sqlite.org/c3ref/progress_handler.html>). SQLite calls the handler on the thread that runs a
//! statement, and the handler asks for the deadline of that thread, which [`Deadline::run`] sets. A statement
//! that is ended fails with "interrupted"; its connection can be used afterwards. Waiting for a lock is not
//! ended: `PRAGMA busy_timeout` bounds that.
//!
//! Set deadlines for reads only. An interrupted write can take back the transaction that it is part of.

mod handler;

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

pub use handler::{InstallError, install};

/// When the statements of a piece of work are to end.
#[derive(Clone, Debug)]
pub struct Deadline {
    at: Option<Instant>,
    abandoned: Option<Arc<AtomicBool>>,
}

/// Why a statement was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The time was over.
    Late,
    /// Nobody waits for the outcome any more.
    Abandoned,
}

impl Deadline {
    /// Ends statements after this time, which begins now.
    #[must_use]
    pub fn after(time: Duration) -> Self {
        // A time that no clock can hold is no deadline.
        Self { at: Instant::now().checked_add(time), abandoned: None }
    }

    /// Ends statements also when the flag has been set.
    #[must_use]
    pub fn or_when(self, abandoned: Arc<AtomicBool>) -> Self {
        Self { abandoned: Some(abandoned), ..self }
    }

    /// Does the work; tells also whether a statement was ended in it, and why. All statements after that are
    /// ended as well.
    ///
    /// The deadline holds for statements on this thread. Within the work, a second deadline takes the place
    /// of the first until its own work is done.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> (T, Option<Stop>) {
        let outer = Outer(CURRENT.replace(Some(Running { deadline: self, stop: None })));
        let done = work();
        let stop = CURRENT.with_borrow(|current| current.as_ref().and_then(|running| running.stop));
        drop(outer);
        (done, stop)
    }

    fn stop(&self) -> Option<Stop> {
        if self.abandoned.as_ref().is_some_and(|abandoned| abandoned.load(Ordering::Relaxed)) {
            return Some(Stop::Abandoned);
        }
        self.at.filter(|at| *at <= Instant::now()).map(|_| Stop::Late)
    }
}

thread_local! {
    /// The deadline of this thread.
    static CURRENT: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// A deadline that holds.
struct Running {
    deadline: Deadline,
    /// Why a statement was ended.
    stop: Option<Stop>,
}

/// The deadline that holds again afterwards, also when the work panics.
struct Outer(Option<Running>);

impl Drop for Outer {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// Whether the statement that runs on this thread is to end.
fn is_over() -> bool {
    let ask = |current: &RefCell<Option<Running>>| {
        let Ok(mut current) = current.try_borrow_mut() else {
            return false;
        };
        let Some(running) = current.as_mut() else {
            return false;
        };
        running.stop = running.stop.or_else(|| running.deadline.stop());
        running.stop.is_some()
    };
    // A thread that ends has no deadline any more.
    CURRENT.try_with(ask).unwrap_or(false)
}
