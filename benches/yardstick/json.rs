//! JSON written by hand: ids, times, texts and cursors.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, de::Error};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 16 bytes of an id, whatever it names.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub [u8; 16]);

impl Id {
    /// Reads `prefix_` and 26 characters.
    fn parse(text: &str) -> Option<Self> {
        let (_, digits) = text.rsplit_once('_')?;
        let value = |byte| ALPHABET.iter().position(|digit| *digit == byte);
        let digits = digits.bytes().map(value).collect::<Option<Vec<usize>>>()?;
        let bits = digits.iter().fold(0_u128, |bits, digit| bits << 5 | *digit as u128);
        (digits.len() == 26 && digits[0] < 8).then(|| Self(bits.to_be_bytes()))
    }

    /// What is mixed into the cursors of a list about this.
    pub fn key(self) -> u64 {
        u128::from_be_bytes(self.0) as u64
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        Self::parse(text).ok_or_else(|| D::Error::custom("no id"))
    }
}

/// An answer in the making.
pub struct Json(pub Vec<u8>);

impl Json {
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    pub fn bool(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    pub fn number(&mut self, number: i64) {
        self.raw(itoa::Buffer::new().format(number));
    }

    /// An id in quotes.
    pub fn id(&mut self, prefix: &str, id: Id) {
        let bits = u128::from_be_bytes(id.0);
        let digit = |place: usize| ALPHABET[(bits >> (125 - 5 * place)) as usize & 31];
        self.raw("\"");
        self.raw(prefix);
        self.0.extend_from_slice(&std::array::from_fn::<u8, 26, _>(digit));
        self.raw("\"");
    }

    /// A text in quotes.
    pub fn text(&mut self, text: &[u8]) {
        self.raw("\"");
        let mut clean = 0;
        for (place, byte) in text.iter().enumerate() {
            if *byte >= b' ' && *byte != b'"' && *byte != b'\\' {
                continue;
            }
            self.0.extend_from_slice(&text[clean..place]);
            self.escaped(*byte);
            clean = place + 1;
        }
        self.0.extend_from_slice(&text[clean..]);
        self.raw("\"");
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'"' => self.raw("\\\""),
            b'\\' => self.raw("\\\\"),
            b'\n' => self.raw("\\n"),
            b'\r' => self.raw("\\r"),
            b'\t' => self.raw("\\t"),
            0x08 => self.raw("\\b"),
            0x0c => self.raw("\\f"),
            other => self.raw(&format!("\\u{other:04x}")),
        }
    }

    /// Milliseconds since 1970 as RFC 3339, in quotes.
    pub fn time(&mut self, millis: i64) {
        let (days, millis) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000) as u32);
        let (year, month, day) = date(days);
        let mut text = *b"\"0000-00-00T00:00:00.000Z\"";
        let places = [
            (1, 4, year),
            (6, 2, month),
            (9, 2, day),
            (12, 2, millis / 3_600_000),
            (15, 2, millis / 60_000 % 60),
            (18, 2, millis / 1_000 % 60),
            (21, 3, millis % 1_000),
        ];
        for (start, digits, mut number) in places {
            for place in (start..start + digits).rev() {
                text[place] += (number % 10) as u8;
                number /= 10;
            }
        }
        self.0.extend_from_slice(&text);
    }

    /// A cursor in quotes: the kind of list, which list it is, and the place in it.
    pub fn cursor(&mut self, kind: u8, list: u64, place: &[u8]) {
        let mut bytes = [0; 29];
        let end = 9 + place.len();
        bytes[0] = kind;
        bytes[1..9].copy_from_slice(&list.to_be_bytes());
        bytes[9..end].copy_from_slice(place);
        let mut text = [0; 40];
        let length = BASE64_URL_SAFE_NO_PAD.encode_slice(&bytes[..end], &mut text).expect("it fits");
        self.raw("\"");
        self.0.extend_from_slice(&text[..length]);
        self.raw("\"");
    }
}

/// Year, month and day of a day since 1970, counted in eras of 400 years that begin in March.
fn date(days: i64) -> (u32, u32, u32) {
    let days = (days + 719_468) as u32;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + u32::from(month <= 2), month, day)
}
