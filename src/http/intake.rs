//! What a connection has received and the server has not yet taken as a whole request head or WebSocket message.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    budget::{Budget, FREE_BYTES, Reservation},
    seat::Seat,
};
use crate::rates::RateKey;

/// How much more than its payload a message may take on the wire: each of its frames has a header of up to 14 bytes, and
/// clients split messages into frames of some kilobytes.
const MAX_FRAMING_BYTES: usize = 4 * 1024;

/// Counts what one connection has received. It draws on a budget for all connections, so that many slow clients cannot
/// fill the memory with halves of requests.
#[derive(Debug)]
pub(super) struct Intake {
    /// The most bytes; 0 while nothing is counted, because somebody else counts a body.
    most: AtomicUsize,
    pending: AtomicUsize,
    reservation: Mutex<Reservation>,
    refusal: Mutex<Option<Refusal>>,
}

/// Why a connection is read no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// One message has more bytes than it may have.
    TooLong,
    /// The server holds as much for all, or for this address, as it may.
    Overloaded,
}

impl Intake {
    pub(super) fn new(budget: &Budget, peer: Option<RateKey>) -> Self {
        Self {
            most: AtomicUsize::new(usize::MAX),
            pending: AtomicUsize::new(0),
            reservation: Mutex::new(budget.reserve(peer)),
            refusal: Mutex::default(),
        }
    }

    /// A request's head was received whole. Its body is counted where it is read.
    pub(super) fn pause(&self) {
        self.most.store(0, Ordering::Relaxed);
        self.taken();
    }

    /// What comes next is the head of a request; the HTTP library bounds it.
    pub(super) fn count_head(&self) {
        self.most.store(usize::MAX, Ordering::Relaxed);
    }

    /// What comes next is messages with so many bytes of payload at most.
    pub(super) fn count_messages(&self, most: usize) {
        self.most.store(2 * most + MAX_FRAMING_BYTES, Ordering::Relaxed);
    }

    /// Everything was taken.
    pub(super) fn taken(&self) {
        self.pending.store(0, Ordering::Relaxed);
        self.reservation().release();
    }

    /// A control frame with so many bytes of payload was taken; the message that it came in the middle of was not.
    pub(super) fn taken_control(&self, payload: usize) {
        // A client's frame has two bytes and a mask of four before its payload.
        let frame = payload + 6;
        let rest = self.pending.load(Ordering::Relaxed).saturating_sub(frame);
        self.pending.store(rest, Ordering::Relaxed);
    }

    /// Why nothing more was read, if that is so.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, bytes: usize) -> Result<(), Refusal> {
        let most = self.most.load(Ordering::Relaxed);
        if most == 0 {
            return Ok(());
        }
        // Only the connection's own task reads.
        let pending = self.pending.load(Ordering::Relaxed) + bytes;
        self.pending.store(pending, Ordering::Relaxed);
        let refused = if pending > most {
            Err(Refusal::TooLong)
        } else if pending > FREE_BYTES {
            self.reservation().grow_to(pending).map_err(|_| Refusal::Overloaded)
        } else {
            Ok(())
        };
        if let Err(refusal) = refused {
            *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
        }
        refused
    }

    fn reservation(&self) -> MutexGuard<'_, Reservation> {
        self.reservation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream whose bytes are counted as they are received.
pub(super) struct Metered<S> {
    stream: S,
    seat: Arc<Seat>,
}

impl<S> Metered<S> {
    pub(super) fn new(stream: S, seat: Arc<Seat>) -> Self {
        Self { stream, seat }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let received = buffer.filled().len() - before;
        let refused = |refusal| io::Error::other(format!("the connection is read no further: {refusal:?}"));
        Poll::Ready(self.seat.intake.add(received).map_err(refused))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: usize = 1024;

    #[test]
    fn halves_of_requests_are_bounded_in_all() {
        let budget = Budget::new(100 * KIB, 0);
        let intakes = [(); 4].map(|()| Intake::new(&budget, None));
        for intake in &intakes[..2] {
            assert_eq!(intake.add(50 * KIB), Ok(()));
        }
        assert_eq!(intakes[2].add(8 * KIB), Ok(()), "a small head always fits");
        assert_eq!(intakes[2].add(17 * KIB), Err(Refusal::Overloaded));
        assert_eq!(intakes[2].refusal(), Some(Refusal::Overloaded));
        intakes[0].pause();
        assert_eq!(intakes[0].add(1_000 * KIB), Ok(()), "a body is counted elsewhere");
        assert_eq!(intakes[3].add(25 * KIB), Ok(()));
    }

    #[test]
    fn control_frames_take_nothing_and_hide_nothing() {
        let intake = Intake::new(&Budget::new(KIB * KIB, 0), None);
        intake.count_messages(8 * KIB);
        for _ in 0..10_000 {
            assert_eq!(intake.add(11), Ok(()));
            intake.taken_control(5);
        }
        let mut received = 0;
        while intake.add(KIB).is_ok() {
            received += KIB;
            let _ = intake.add(6);
            intake.taken_control(0);
        }
        assert_eq!(received, 20 * KIB, "twice a message, and its frames' headers");
        assert_eq!(intake.refusal(), Some(Refusal::TooLong));
    }
}
