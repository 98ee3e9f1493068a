//! One of the connections that are open: whether it does something, and how it is told to make place.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit},
    time::Instant,
};

use super::{
    budget::Budget,
    intake::Intake,
    socket::{ConnectionQuota, QuotaExceeded, QuotaPermit},
};
use crate::rates::RateKey;

/// The most bytes of request heads and WebSocket messages that all connections may have received in part.
const INTAKE_BYTES: usize = 64 * 1024 * 1024;

/// How long a connection is idle before it makes place for others: a client that asks all the time is not cut off between two
/// requests because somebody opens many connections.
const SETTLED: Duration = Duration::from_secs(1);

/// The connections that are open. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Seats(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// When the server began, from which times are counted.
    began: Instant,
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Activity>>>,
    /// How many connections each address has.
    shares: ConnectionQuota,
    /// The most of them.
    share: usize,
    budget: Budget,
}

/// What a connection does.
#[derive(Debug)]
struct Activity {
    peer: Option<RateKey>,
    /// Its place among those of its address.
    quota_permit: Mutex<Option<QuotaPermit>>,
    /// Requests that are answered just now; a WebSocket is one that goes on.
    in_flight: AtomicUsize,
    /// Whether there was a request at all.
    has_asked: AtomicBool,
    /// Since when nothing is in flight, in microseconds.
    idle_since: AtomicU64,
    is_leaving: AtomicBool,
    leave: Notify,
}

/// One open connection. The place that it takes is free when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    number: u64,
    seats: Seats,
    activity: Arc<Activity>,
    pub(super) intake: Intake,
    _permit: OwnedSemaphorePermit,
}

impl Seats {
    /// With so many connections for each address at most.
    pub(super) fn new(share: usize) -> Self {
        let budget = Budget::new(INTAKE_BYTES, 0);
        Self(Arc::new(Shared {
            began: Instant::now(),
            next: AtomicU64::new(0),
            open: Mutex::default(),
            shares: ConnectionQuota::default(),
            share,
            budget,
        }))
    }

    /// A seat for a connection of an address. When the address has as many as it may, the one of them that has been idle for
    /// longest makes place; refused when none is idle. `None` is an address that is not counted.
    pub(super) fn take(
        &self,
        peer: Option<RateKey>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Seat, QuotaExceeded> {
        let Shared { next, shares, share, budget, .. } = &*self.0;
        let quota_permit = shares.take(peer, *share).or_else(|full| {
            if self.let_go(|one| one.peer == peer) { shares.take(peer, *share) } else { Err(full) }
        })?;
        let activity = Arc::new(Activity {
            peer,
            quota_permit: Mutex::new(quota_permit),
            in_flight: AtomicUsize::new(0),
            has_asked: AtomicBool::new(false),
            idle_since: AtomicU64::new(self.now()),
            is_leaving: AtomicBool::new(false),
            leave: Notify::new(),
        });
        let number = next.fetch_add(1, Ordering::Relaxed);
        self.open().insert(number, Arc::clone(&activity));
        let intake = Intake::new(budget, peer);
        Ok(Seat { number, seats: self.clone(), activity, intake, _permit: permit })
    }

    /// Tells a connection that has been idle for [`SETTLED`] to leave; whether there is one.
    pub(super) fn let_idlest_go(&self) -> bool {
        let latest = self.0.began.elapsed().checked_sub(SETTLED).map(microseconds);
        latest.is_some_and(|latest| self.let_go(|one| one.idle_since.load(Ordering::Relaxed) <= latest))
    }

    /// Of those that may go, one that never asked goes first, and then the one that has been idle for longest. Looks at all of
    /// them, which is for when there is no place: a request only marks its own connection.
    fn let_go(&self, may_go: impl Fn(&Activity) -> bool) -> bool {
        let open = self.open();
        let idle = open.values().filter(|one| one.is_idle() && may_go(one));
        let Some(idlest) = idle.min_by_key(|one| one.precedence()) else {
            return false;
        };
        idlest.is_leaving.store(true, Ordering::Relaxed);
        idlest.leave.notify_one();
        drop(idlest.quota_permit.lock().unwrap_or_else(PoisonError::into_inner).take());
        true
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Activity>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        microseconds(self.0.began.elapsed())
    }
}

impl Activity {
    fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::Relaxed) == 0 && !self.is_leaving.load(Ordering::Relaxed)
    }

    /// In which order idle connections go: the least first.
    fn precedence(&self) -> (bool, u64) {
        (self.has_asked.load(Ordering::Relaxed), self.idle_since.load(Ordering::Relaxed))
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl Seat {
    /// Returns when the connection is to make place for others.
    pub(super) async fn told_to_leave(&self) {
        self.activity.leave.notified().await;
    }

    /// Whether a request has come.
    pub(super) fn has_asked(&self) -> bool {
        self.activity.has_asked.load(Ordering::Relaxed)
    }

    /// Whether a request is being answered.
    pub(super) fn is_busy(&self) -> bool {
        self.activity.in_flight.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.open().remove(&self.number);
    }
}

/// A request that is being answered: while it is there, its connection is not idle.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Seat>);

impl InFlight {
    /// The head of a request was received.
    pub(super) fn begin(seat: &Arc<Seat>) -> Self {
        seat.intake.pause();
        seat.activity.has_asked.store(true, Ordering::Relaxed);
        seat.activity.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(seat))
    }

    /// What the connection has received.
    pub(super) fn intake(&self) -> &Intake {
        &self.0.intake
    }
}

impl Clone for InFlight {
    fn clone(&self) -> Self {
        self.0.activity.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&self.0))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let Seat { activity, seats, intake, .. } = &*self.0;
        if activity.in_flight.load(Ordering::Relaxed) == 1 {
            activity.idle_since.store(seats.now(), Ordering::Relaxed);
            intake.count_head();
        }
        activity.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
