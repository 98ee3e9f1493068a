//! Where a page is written.

use std::{
    mem,
    ops::{Deref, DerefMut},
};

use super::NotRendered;
use crate::graphql::memory::{Meter, STEP};

/// The text of a page, and the meter that counts it.
pub(in crate::graphql) struct Out<'a> {
    text: String,
    meter: &'a Meter,
    /// How many bytes of the text the meter has counted.
    written: usize,
    /// How many bytes of memory it has counted.
    taken: usize,
    /// At which length the meter is asked next.
    due: usize,
    /// Whether the other tasks of this thread have gone to another one.
    may_be_long: bool,
}

impl<'a> Out<'a> {
    /// An empty text with room for so many bytes.
    pub(super) fn new(room: usize, meter: &'a Meter, may_be_long: bool) -> Self {
        let text = String::with_capacity(room);
        Self { text, meter, written: 0, taken: 0, due: STEP, may_be_long }
    }

    /// Stops a text that has become too large. To be called after each object and each long text: it looks at the length only,
    /// until another [`STEP`] has been written.
    pub(super) fn check(&mut self) -> Result<(), NotRendered> {
        if self.text.len() > self.due { self.count() } else { Ok(()) }
    }

    #[cold]
    fn count(&mut self) -> Result<(), NotRendered> {
        self.meter.check()?;
        self.write_down()?;
        let length = self.text.len();
        self.due = length + STEP;
        // The next step and one text fit in: the longest one takes half of a step. So memory is counted before it is taken.
        if self.text.capacity() - length < 2 * STEP {
            let more = (length / 2).max(2 * STEP);
            self.take(length + more)?;
            self.text.reserve_exact(more);
        }
        Ok(())
    }

    fn write_down(&mut self) -> Result<(), NotRendered> {
        let more = self.text.len() - self.written;
        self.written += more;
        Ok(self.meter.write(more)?)
    }

    fn take(&mut self, bytes: usize) -> Result<(), NotRendered> {
        let more = bytes.saturating_sub(self.taken);
        self.taken += more;
        Ok(self.meter.take(more)?)
    }

    /// The text, when all of it is there. The meter goes on counting it.
    pub(super) fn finish(mut self) -> Result<String, NotRendered> {
        self.write_down()?;
        // A page of cursors alone has a hundredth of what is reserved for one with messages.
        if self.text.capacity() > 2 * self.text.len() {
            self.text.shrink_to_fit();
        }
        self.take(self.text.capacity())?;
        (self.written, self.taken) = (0, 0);
        Ok(mem::take(&mut self.text))
    }

    /// Whether this takes so long that the other tasks of the thread are not to wait for it: 64 KiB take about 50 µs.
    pub(super) fn is_too_long(&self) -> bool {
        self.written > 0 && !self.may_be_long
    }
}

/// What is not finished is written in another way, or not at all.
impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.meter.forget(self.written, self.taken);
    }
}

impl Deref for Out<'_> {
    type Target = String;

    fn deref(&self) -> &String {
        &self.text
    }
}

impl DerefMut for Out<'_> {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.text
    }
}
