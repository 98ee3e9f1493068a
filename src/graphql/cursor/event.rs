//! Places in the event log, the same for everybody.

use async_graphql::Result;

use super::{Cursor, EncodedCursor, ListId, refused};
use crate::types::{EventPosition, LogId};

/// A position. The list that it belongs to is its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) struct EventCursor(i64);

impl EventCursor {
    /// The encoded cursor of a position.
    pub(in crate::graphql) fn of(EventPosition { log, position }: EventPosition) -> EncodedCursor {
        Self(position).encode(ListId(log.0.cast_unsigned()))
    }

    /// Reads what [`EventCursor::of`] made, here or on another server: whoever follows from there is told what that means.
    pub(in crate::graphql) fn read_position(argument: &str, text: &str) -> Result<EventPosition> {
        let (list, Self(position)) = Self::open(text).ok_or_else(|| refused::<Self>(argument))?;
        Ok(LogId(list.0.cast_signed()).at(position))
    }
}

impl Cursor for EventCursor {
    const LIST: u8 = b'e';
    const SOURCE: &str = "that an event had as its cursor, or a page as its eventCursor";

    fn write(&self, out: &mut EncodedCursor) {
        out.push(&self.0.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(i64::from_be_bytes).filter(|position| *position >= 0).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_place_survives_its_text_with_its_log(log: i64, position in 0..=i64::MAX) {
            let position = LogId(log).at(position);
            let text = EventCursor::of(position).to_string();
            prop_assert_eq!(EventCursor::read_position("after", &text).ok(), Some(position));
        }
    }
}
