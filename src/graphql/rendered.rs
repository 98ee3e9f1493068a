//! An answer as JSON.

use std::{
    fmt,
    io::{self, Write},
    str,
    sync::Arc,
};

use async_graphql::{Response, parser::types::OperationType};
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    memory::{GivenUp, Meter, STEP},
    wire,
};
use crate::types::EventPosition;

/// What is reserved for an answer beside its pages.
const SMALL_BYTES: usize = 512;

/// An answer as JSON. What it has of the memory for answers is given back when it is dropped, so it is kept until it has been
/// sent.
pub struct Rendered {
    json: Vec<u8>,
    /// What kind of operation it answers.
    kind: OperationType,
    /// Of an event: its position in the log, if it has one.
    position: Option<EventPosition>,
    /// Gives back what it has reserved; `None` when that is nothing.
    _meter: Option<Arc<Meter>>,
}

impl Rendered {
    /// Writes a response, unless it has more bytes than it may have. A long one is written while other tasks run.
    pub(super) async fn of(response: Response, meter: &Arc<Meter>) -> Result<Self, GivenUp> {
        let room = wire::bytes_of_texts(&response.data) + SMALL_BYTES;
        let json = if room.max(meter.taken()) > STEP {
            meter.write_long(|| write(response, meter, room)).await
        } else {
            write(response, meter, room)
        };
        let (json, before) = json?;
        // All that was taken for the response is free again.
        meter.free(before);
        let kind = meter.kind();
        let meter = meter.is_reserving().then(|| Arc::clone(meter));
        Ok(Self { json, kind, position: None, _meter: meter })
    }

    /// The same answer, to an event at this position.
    pub(super) fn at(self, position: Option<EventPosition>) -> Self {
        Self { position, ..self }
    }

    /// Of an event: its position in the log, if it has one.
    pub(super) fn position(&self) -> Option<EventPosition> {
        self.position
    }

    /// What kind of operation it answers.
    #[must_use]
    pub fn kind(&self) -> OperationType {
        self.kind
    }

    /// How many bytes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.json.len()
    }

    /// Whether it has none, which no answer has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.json.is_empty()
    }

    /// The same between what a transport puts around it.
    #[must_use]
    pub fn between(mut self, before: &[u8], after: &[u8]) -> Self {
        self.json.reserve_exact(before.len() + after.len());
        self.json.splice(0..0, before.iter().copied());
        self.json.extend_from_slice(after);
        self
    }
}

/// The JSON of a response, and how much memory was taken before it was written.
fn write(response: Response, meter: &Meter, room: usize) -> Result<(Vec<u8>, usize), GivenUp> {
    let before = meter.taken();
    let mut out = Bounded { json: Vec::new(), meter, room: 0, given_up: None };
    out.make_room(room.min(meter.most()))?;
    let written = serde_json::to_writer(&mut out, &Wire(&response));
    drop(response);
    match (written, out.given_up) {
        (Ok(()), _) => Ok((out.json, before)),
        (Err(_), Some(given_up)) => Err(given_up),
        // Nothing else fails: keys are texts, and a buffer takes everything.
        (Err(error), None) => {
            tracing::error!(%error, "an answer could not be written");
            Err(meter.refuse_size())
        }
    }
}

struct Wire<'a>(&'a Response);

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        wire::response(self.0, serializer)
    }
}

/// A buffer that takes no more bytes than an answer may have.
struct Bounded<'a> {
    json: Vec<u8>,
    meter: &'a Meter,
    /// How much memory the meter has counted.
    room: usize,
    given_up: Option<GivenUp>,
}

impl Bounded<'_> {
    fn make_room(&mut self, room: usize) -> Result<(), GivenUp> {
        self.meter.check()?;
        self.meter.take(room - self.room)?;
        self.room = room;
        self.json.reserve_exact(room - self.json.len());
        Ok(())
    }

    #[cold]
    fn grow(&mut self, bytes: usize) -> Result<(), GivenUp> {
        let length = self.json.len() + bytes;
        if length > self.meter.most() {
            return Err(self.meter.refuse_size());
        }
        self.make_room((length + (length / 2).max(SMALL_BYTES)).min(self.meter.most()))
    }
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.json.len() + bytes.len() > self.room
            && let Err(given_up) = self.grow(bytes.len())
        {
            self.given_up = Some(given_up);
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.json.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsRef<[u8]> for Rendered {
    fn as_ref(&self) -> &[u8] {
        &self.json
    }
}

impl Serialize for Rendered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = str::from_utf8(&self.json).map_err(serde::ser::Error::custom)?;
        let mut raw = serializer.serialize_struct(wire::RAW, 1)?;
        raw.serialize_field(wire::RAW, text)?;
        raw.end()
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.json))
    }
}
