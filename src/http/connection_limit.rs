//! How many connections there may be at a time, of all and of one address.

use std::{net::IpAddr, sync::Arc, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use super::{
    caller::Proxies,
    seat::{Seat, Seats},
    socket::QuotaExceeded,
};

/// The files that the server has open beside its connections; those of the database are some thirty.
const OWN_FILES: u64 = 128;
/// The most files where the system names no limit and refuses an unlimited number, as macOS does.
const FILES_WITHOUT_LIMIT: u64 = 10_240;
/// How long it is not said again that nobody more may come.
const SILENCE: Duration = Duration::from_mins(1);
/// How soon it is looked again whether a connection has become idle.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Whom it lets in. When as many are there as may be, a connection that has been idle for a second makes place; when there is
/// none, who comes waits to be accepted.
#[derive(Debug)]
pub struct ConnectionLimit {
    free: Arc<Semaphore>,
    count: u32,
    told: Option<Instant>,
    seats: Seats,
    proxies: Proxies,
}

impl ConnectionLimit {
    /// Lets in so many at a time, or fewer when the process may not open as many files, and so many of one address. This
    /// machine's own and those of the proxies are not counted by address. From now on the process may open all files that it
    /// needs, as far as it is granted them: what a process begins with is often 1,024.
    #[must_use]
    pub fn new(most: u32, most_of_address: usize, proxies: Vec<IpAddr>) -> Self {
        let count = most.min(room(most));
        let (free, seats) = (Arc::new(Semaphore::new(count as usize)), Seats::new(most_of_address));
        Self { free, count, told: None, seats, proxies: Proxies(proxies.into()) }
    }

    /// Waits until one more may come.
    pub(super) async fn next(&mut self) -> Result<OwnedSemaphorePermit, AcquireError> {
        loop {
            if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
                return Ok(permit);
            }
            self.tell();
            self.seats.let_idlest_go();
            if let Ok(acquired) = timeout(LOOK_AGAIN, Arc::clone(&self.free).acquire_owned()).await {
                return acquired;
            }
        }
    }

    /// A seat for a connection from an address, unless it has as many as it may and none of them is idle.
    pub(super) fn seat(&self, peer: IpAddr, permit: OwnedSemaphorePermit) -> Result<Seat, QuotaExceeded> {
        self.seats.take(self.proxies.rate_key(peer), permit)
    }

    /// Returns when everybody has left.
    pub(super) async fn all_have_left(&self) {
        drop(self.free.acquire_many(self.count).await);
    }

    fn tell(&mut self) {
        if self.told.is_some_and(|told| told.elapsed() < SILENCE) {
            return;
        }
        self.told = Some(Instant::now());
        tracing::warn!(
            connections = self.count,
            "all connections that there may be are open: idle ones are closed for new ones, and where none is idle, new ones \
             wait; raise MESSENGER_MAX_CONNECTIONS, and the limit of open files if that is lower"
        );
    }
}

/// For how many connections there can be files.
fn room(most: u32) -> u32 {
    let limit = getrlimit(Resource::Nofile);
    for current in wanted(limit, u64::from(most) + OWN_FILES) {
        if setrlimit(Resource::Nofile, Rlimit { current: Some(current), ..limit }).is_ok() {
            break;
        }
    }
    let Some(files) = getrlimit(Resource::Nofile).current else {
        return u32::MAX;
    };
    u32::try_from(files.saturating_sub(OWN_FILES).max(1)).unwrap_or(u32::MAX)
}

/// The limits to ask for, best first; none when there is enough already. An unlimited number is never asked for: some
/// systems grant it to nobody.
fn wanted(Rlimit { current, maximum }: Rlimit, files: u64) -> impl Iterator<Item = u64> {
    let granted = maximum.unwrap_or(u64::MAX);
    let has = current.unwrap_or(u64::MAX);
    [files, FILES_WITHOUT_LIMIT].map(|files| files.min(granted)).into_iter().filter(move |files| *files > has)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::seat::InFlight;

    #[test]
    fn no_more_files_are_asked_for_than_are_needed_and_granted() {
        let asked = |current, maximum| wanted(Rlimit { current, maximum }, 16_128).collect::<Vec<_>>();
        assert_eq!(asked(Some(1_024), Some(1_048_576)), [16_128, 10_240]);
        assert_eq!(asked(Some(256), None), [16_128, 10_240]);
        assert_eq!(asked(Some(1_024), Some(4_096)), [4_096, 4_096]);
        assert_eq!(asked(Some(12_000), None), [16_128]);
        assert_eq!(asked(Some(20_000), None), [0; 0]);
        assert_eq!(asked(None, None), [0; 0]);
    }

    #[tokio::test]
    async fn an_address_has_so_many_connections_and_its_idle_ones_make_place() {
        let proxy: IpAddr = [10, 0, 0, 9].into();
        let mut connection_limit = ConnectionLimit::new(100, 2, vec![proxy]);
        let mut take = async |peer: [u8; 4]| {
            let permit = connection_limit.next().await.expect("a permit");
            connection_limit.seat(peer.into(), permit).map(Arc::new)
        };
        let (mallory, betty) = ([203, 0, 113, 5], [203, 0, 113, 6]);
        let first = take(mallory).await.expect("a seat");
        let second = take(mallory).await.expect("a seat");
        let asking = InFlight::begin(&first);
        let third = take(mallory).await.expect("the idle one makes place");
        second.told_to_leave().await;
        let more = InFlight::begin(&third);
        assert!(take(mallory).await.is_err(), "nobody is idle");
        drop((betty, take(betty).await.expect("another address has its own")));
        let mut others = Vec::new();
        for _ in 0..5 {
            others.push(take([127, 0, 0, 1]).await.expect("this machine is not counted"));
            others.push(take([10, 0, 0, 9]).await.expect("a trusted proxy is not counted"));
        }
        drop(more);
        drop(take(mallory).await.expect("the one that has answered makes place"));
        third.told_to_leave().await;
        drop(asking);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_never_asked_makes_place_before_one_that_did() {
        let mut connection_limit = ConnectionLimit::new(3, 3, Vec::new());
        let peer: IpAddr = [127, 0, 0, 1].into();
        let mut seats = Vec::new();
        for asks in [true, false, true] {
            let permit = connection_limit.next().await.expect("a permit");
            let seat = Arc::new(connection_limit.seat(peer, permit).expect("a seat"));
            if asks {
                drop(InFlight::begin(&seat));
            }
            seats.push(seat);
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert!(!connection_limit.seats.let_idlest_go(), "none has been idle for a second");
        tokio::time::advance(Duration::from_secs(1)).await;
        for leaving in [1, 0, 2] {
            assert!(connection_limit.seats.let_idlest_go());
            seats[leaving].told_to_leave().await;
        }
        assert!(!connection_limit.seats.let_idlest_go(), "all have been told");
    }

    #[tokio::test]
    async fn who_comes_when_all_places_are_taken_has_that_of_the_idlest() {
        let mut connection_limit = ConnectionLimit::new(2, 2, Vec::new());
        let peer: IpAddr = [127, 0, 0, 1].into();
        let permit = connection_limit.next().await.expect("a permit");
        let busy = Arc::new(connection_limit.seat(peer, permit).expect("a seat"));
        let _asking = InFlight::begin(&busy);
        let permit = connection_limit.next().await.expect("a permit");
        let idle = Arc::new(connection_limit.seat(peer, permit).expect("a seat"));
        let leaving = async {
            idle.told_to_leave().await;
            drop(idle);
        };
        let (permit, ()) = tokio::join!(connection_limit.next(), leaving);
        assert!(permit.is_ok());
    }
}
