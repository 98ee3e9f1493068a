//! JSON written by hand: ids, times and cursors.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use messenger::types::EntityId;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 16 bytes of an id, whatever it names.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Id(pub [u8; 16]);

impl Id {
    /// What is mixed into the cursors of a list about this.
    pub fn key(self) -> u64 {
        u128::from_be_bytes(self.0) as u64
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = <&str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)?;
        Ok(Self(match id {
            EntityId::User(id) => *id.uuid().as_bytes(),
            EntityId::Chatroom(id) => *id.uuid().as_bytes(),
            EntityId::DirectConversation(id) => *id.uuid().as_bytes(),
            EntityId::Message(id) => *id.uuid().as_bytes(),
        }))
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

    /// A text, a number or a truth.
    pub fn value(&mut self, value: impl Serialize) {
        serde_json::to_writer(&mut self.0, &value).expect("JSON");
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

    /// Milliseconds since 1970 as RFC 3339, in quotes.
    pub fn time(&mut self, millis: i64) {
        let (days, millis) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000) as u32);
        let (year, month, day) = date(days);
        let mut text = *b"\"0000-00-00T00:00:00.000Z\"";
        let mut put = |start: usize, digits: usize, mut number: u32| {
            for place in (start..start + digits).rev() {
                text[place] += (number % 10) as u8;
                number /= 10;
            }
        };
        put(1, 4, year);
        put(6, 2, month);
        put(9, 2, day);
        put(12, 2, millis / 3_600_000);
        put(15, 2, millis / 60_000 % 60);
        put(18, 2, millis / 1_000 % 60);
        put(21, 3, millis % 1_000);
        self.0.extend_from_slice(&text);
    }

    /// A cursor in quotes: the kind of list, which list it is, and the place in it.
    pub fn cursor(&mut self, kind: u8, list: u64, place: &[u8]) {
        let bytes = [&[kind], list.to_be_bytes().as_slice(), place].concat();
        self.raw("\"");
        self.raw(&BASE64_URL_SAFE_NO_PAD.encode(bytes));
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
