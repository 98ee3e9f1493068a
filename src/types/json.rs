//! JSON that somebody else wrote: bounded before it is parsed.
//!
//! `serde_json` recurses into what is nested, and takes an object with the key `$serde_json::private::RawValue` for JSON in
//! a string, which it parses with a new bound of its own: 68 KB of that overflow the stack. So all JSON from outside comes
//! in here, and its target is never `serde_json::Value`, the one type that gives that key a meaning.

use serde::Deserialize;
use serde_json::value::RawValue;

/// How much one JSON text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonBounds {
    /// How deep lists and objects may be nested.
    pub nesting: usize,
    /// How many values there may be: numbers, strings, lists, objects and so on. A byte pair such as `0,` takes up to 70
    /// bytes of memory as a value.
    pub values: usize,
}

impl JsonBounds {
    /// For what clients send: at most some 2 MB of values, beside the bytes of their texts.
    pub const REQUEST: Self = Self { nesting: 64, values: 10_000 };
    /// For files and documents that the operator names.
    pub const FILE: Self = Self { nesting: 64, values: 1_000_000 };
}

/// Why a text cannot be taken as JSON. Each message continues a sentence that names the text, such as "the body".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Lists and objects stand too deep in each other.
    #[error("is nested deeper than {0} levels")]
    TooDeep(usize),
    /// There are too many values.
    #[error("has more than {0} values")]
    TooManyValues(usize),
    /// It is not JSON, or not of the expected type.
    #[error("is not JSON (line {line}, column {column})")]
    Malformed {
        /// From 1 on.
        line: usize,
        /// In bytes, from 1 on.
        column: usize,
    },
    /// A string has one half of a surrogate pair without the other, as JavaScript makes when it cuts an emoji in two.
    #[error(
        "has half a character in a string (line {line}, column {column}): \\uD800 to \\uDFFF come in pairs only; cut texts \
         between characters"
    )]
    HalfCharacter {
        /// From 1 on.
        line: usize,
        /// In bytes, from 1 on.
        column: usize,
    },
    /// It is JSON, but a number has no place in 64 bits.
    #[error("has a number that is out of range (line {line}, column {column})")]
    NumberOutOfRange {
        /// From 1 on.
        line: usize,
        /// In bytes, from 1 on.
        column: usize,
    },
}

/// Parses JSON that keeps within the bounds. A byte order mark at its start is passed over (RFC 8259, section 8.1).
pub fn read_json<'a, T: Deserialize<'a>>(json: &'a [u8], bounds: JsonBounds) -> Result<T, JsonError> {
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    check(json, bounds)?;
    serde_json::from_slice(json).map_err(|error| explain(json, &error))
}

/// Parses the envelope of JSON that [`read_json`] refused: a type whose fields are texts, so that nothing in it recurses.
#[must_use]
pub fn read_envelope<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Option<T> {
    serde_json::from_slice(json).ok()
}

/// Looks at each byte once, and allocates nothing. What is not JSON may pass: the parser refuses it.
fn check(json: &[u8], bounds: JsonBounds) -> Result<(), JsonError> {
    let (mut depth, mut values) = (0_usize, 1_usize);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > bounds.nesting {
                    return Err(JsonError::TooDeep(bounds.nesting));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
    }
    if values > bounds.values { Err(JsonError::TooManyValues(bounds.values)) } else { Ok(()) }
}

/// Goes on behind the end of a string that has begun.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}

/// What the parser's error means. It does not tell what is no JSON from JSON whose texts or numbers it cannot hold.
fn explain(json: &[u8], error: &serde_json::Error) -> JsonError {
    let (line, column) = (error.line(), error.column());
    if error.is_data() || serde_json::from_slice::<&RawValue>(json).is_err() {
        return JsonError::Malformed { line, column };
    }
    match half_character(json) {
        Some(at) => {
            let before = &json[..at];
            let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let line = before.split(|byte| *byte == b'\n').count();
            JsonError::HalfCharacter { line, column: at - line_start + 1 }
        }
        None => JsonError::NumberOutOfRange { line, column },
    }
}

/// Where the first half of a surrogate pair stands alone. The text is JSON, so backslashes are in strings only.
fn half_character(json: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < json.len() {
        match (json[at], unit(json, at)) {
            (b'\\', Some(0xD800..=0xDBFF)) => match unit(json, at + 6) {
                Some(0xDC00..=0xDFFF) => at += 12,
                _ => return Some(at),
            },
            (b'\\', Some(0xDC00..=0xDFFF)) => return Some(at),
            (b'\\', _) => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// The UTF-16 code unit that an escape such as `\ud83d` at this place stands for.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Any {
        Number(f64),
        Text(String),
        List(Vec<Any>),
        Object(BTreeMap<String, Any>),
    }

    fn read(json: &str) -> Result<Any, JsonError> {
        read_json(json.as_bytes(), JsonBounds::REQUEST)
    }

    #[test]
    fn the_bounds_are_where_they_are_told() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(64)).is_ok());
        assert_eq!(read(&nested(65)), Err(JsonError::TooDeep(64)));
        assert_eq!(read(&nested(1_000_000)), Err(JsonError::TooDeep(64)));
        let list = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
        assert!(read(&list(9_998)).is_ok());
        assert_eq!(read(&list(10_000)), Err(JsonError::TooManyValues(10_000)));
        assert!(read(&format!("\"{}\"", "[{,\\\"".repeat(20_000))).is_ok(), "a string is one value");
    }

    #[test]
    fn what_cannot_be_held_is_told_from_what_is_no_json() {
        let table = [
            ("{", JsonError::Malformed { line: 1, column: 1 }),
            ("[\"\\ud83d\"", JsonError::Malformed { line: 1, column: 9 }),
            ("[1,\n \"a\\ud83d\"]", JsonError::HalfCharacter { line: 2, column: 4 }),
            ("\"\\\\\\uDE00\"", JsonError::HalfCharacter { line: 1, column: 4 }),
            ("{\"\\ud83d\\u0041\": 1}", JsonError::HalfCharacter { line: 1, column: 3 }),
            ("[1e999]", JsonError::NumberOutOfRange { line: 1, column: 6 }),
        ];
        for (json, expected) in table {
            assert_eq!(read(json), Err(expected), "{json}");
        }
        assert_eq!(read("\"\\ud83d\\ude00 \\\\ud83d\""), Ok(Any::Text("😀 \\ud83d".to_owned())));
        assert_eq!(read("\u{feff}[]"), Ok(Any::List(Vec::new())));
    }

    proptest! {
        #[test]
        fn any_bytes_are_json_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(read_json::<Any>(&bytes, JsonBounds::REQUEST));
            let _ = read_json::<IgnoredAny>(&bytes, JsonBounds::REQUEST);
        }
    }
}
