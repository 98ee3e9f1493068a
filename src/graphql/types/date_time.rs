use std::fmt;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

use crate::types::Timestamp;

#[derive(Clone, Copy)]
pub(in crate::graphql) struct DateTime(pub(in crate::graphql) Timestamp);

/// A point in time by the server's clock: RFC 3339 in UTC with milliseconds, such as `2026-01-31T09:30:00.000Z`.
///
/// `new Date(text)` reads it in JavaScript. Times are for showing: lists are ordered by the server, and a conversation by
/// `seq`; neither depends on a clock.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(InputValueError::custom("no argument takes a DateTime"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl DateTime {
    /// Writes its text.
    pub(in crate::graphql) fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        self.0.write(out)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}
