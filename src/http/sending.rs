//! How slowly a client may take what it is sent.
//!
//! An answer is held in memory until it has been sent, and all answers share one budget. A client that takes 16 MiB at 100 bytes
//! a second would hold its share for two days.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

/// How many bytes a second a client must take, while the server waits for it, to stay as far behind as it is. A page of
/// 1,000 ordinary messages has 220 kB.
const LEAST_RATE: f64 = 64.0 * 1024.0;
/// How far a client may be behind that rate.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far a client is behind the least rate.
#[derive(Debug, Default)]
struct Lag {
    behind: Duration,
}

impl Lag {
    /// The client took bytes after the server had waited. Whether it is too far behind now.
    fn took(&mut self, bytes: usize, waited: Duration) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "no write has 2^52 bytes")]
        let allowed = Duration::from_secs_f64(bytes as f64 / LEAST_RATE);
        self.behind = (self.behind + waited).saturating_sub(allowed);
        self.behind > PATIENCE
    }
}

/// A stream that fails when its client takes what it is sent more slowly than 64 KiB a second, for more than 10 seconds in all.
/// Time in which the server has nothing to send does not count. A client that takes nothing at all is for the stream below.
pub(super) struct Paced<S> {
    stream: S,
    lag: Lag,
    /// Since when a write waits for the client.
    waits_since: Option<Instant>,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, lag: Lag::default(), waits_since: None }
    }

    fn written(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_pending() {
            self.waits_since.get_or_insert_with(Instant::now);
            return Poll::Pending;
        }
        let bytes = ready!(written)?;
        let waited = self.waits_since.take().map_or(Duration::ZERO, |since| since.elapsed());
        if self.lag.took(bytes, waited) {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads too slowly")));
        }
        Poll::Ready(Ok(bytes))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const KIB: usize = 1024;

    /// How many seconds a client lasts that takes so many bytes in each.
    fn lasts(bytes: usize) -> Option<usize> {
        let mut lag = Lag::default();
        (1..=1_000).find(|_| lag.took(bytes, SECOND))
    }

    #[test]
    fn who_reads_fast_enough_is_never_cut_off() {
        assert_eq!(lasts(64 * KIB), None);
        assert_eq!(lasts(1024 * KIB), None);
        assert_eq!(lasts(32 * KIB), Some(21));
        assert_eq!(lasts(100), Some(11));
    }

    #[test]
    fn what_was_read_fast_makes_up_for_a_pause_and_not_for_later() {
        let mut lag = Lag::default();
        assert!(!lag.took(KIB, 9 * SECOND));
        assert!(!lag.took(640 * KIB, Duration::ZERO), "ten seconds' worth");
        assert!(!lag.took(KIB, 9 * SECOND));
        assert!(lag.took(KIB, 9 * SECOND));
    }
}
