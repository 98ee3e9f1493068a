//! What everybody knows of a life of the server: how far it has come, and whether it is over.

use tokio::sync::watch;

/// Counts what is acknowledged, from a start of the server to its end.
pub struct Pulse {
    beats: watch::Sender<Beat>,
    /// Whether somebody may wait until others have come further.
    waits: bool,
}

#[derive(Clone, Copy, Default)]
struct Beat {
    acknowledged: usize,
    is_over: bool,
}

impl Pulse {
    /// Of a life that ends with a kill.
    pub fn new() -> Self {
        Self { beats: watch::Sender::default(), waits: true }
    }

    /// Of the last life, in which nobody waits for others: they may have nothing more to do.
    pub fn last() -> Self {
        Self { waits: false, ..Self::new() }
    }

    pub fn beat(&self) {
        self.beats.send_modify(|beat| beat.acknowledged += 1);
    }

    pub fn end(&self) {
        self.beats.send_modify(|beat| beat.is_over = true);
    }

    pub fn is_over(&self) -> bool {
        self.beats.borrow().is_over
    }

    pub fn count(&self) -> usize {
        self.beats.borrow().acknowledged
    }

    /// Waits until so much is acknowledged, or it is over.
    pub async fn reaches(&self, count: usize) {
        if self.waits {
            let mut beats = self.beats.subscribe();
            let there = beats.wait_for(|beat| beat.is_over || beat.acknowledged >= count).await;
            drop(there.expect("it beats"));
        }
    }
}
