//! How people refer to each other.

use super::{EntityId, stored::stored_text};

stored_text! {
    /// A username: 1–32 of `[a-z0-9_.-]`, folded to lower case on the way in, and never in the form of an id.
    #[derive(PartialOrd, Ord, Hash)]
    Username
}

/// Why a text cannot be a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a username has 1 to {} characters, each one of a-z, 0-9, '_', '.' and '-'; upper case letters are folded to lower case; \
     what has the form of an id, such as user_01h455vb4pex5vsknk084sn02q, is none",
    Username::MAX_CHARACTERS
)]
pub struct UsernameError;

impl Username {
    /// The most characters a username may have.
    pub const MAX_CHARACTERS: usize = 32;

    /// Folds ASCII letters to lower case and checks the rest.
    ///
    /// Only ASCII is folded: Unicode would turn the Kelvin sign into a `k`, and two texts into one name.
    pub fn parse(text: &str) -> Result<Self, UsernameError> {
        let folded = text.to_ascii_lowercase();
        let right_length = (1..=Self::MAX_CHARACTERS).contains(&folded.len());
        if right_length && folded.bytes().all(is_allowed) && !is_id(&folded) {
            return Ok(Self(folded));
        }
        Err(UsernameError)
    }

    /// The same with a number behind it, as in `betty-2`, cut off so that it is not too long.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let ending = format!("-{number}");
        let stem: String = self.0.chars().take(Self::MAX_CHARACTERS - ending.len()).collect();
        Self(stem + &ending)
    }
}

/// A name that could be taken for an id would be looked for among ids, and never be found.
fn is_id(text: &str) -> bool {
    text.parse::<EntityId>().is_ok()
}

fn is_allowed(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_is_folded_once(text in "[a-zA-Z0-9_.-]{1,32}") {
            let name = Username::parse(&text).expect("a username");
            prop_assert_eq!(name.as_str(), text.to_ascii_lowercase());
            prop_assert_eq!(Username::parse(name.as_str()), Ok(name));
        }

        #[test]
        fn what_is_taken_keeps_the_rules(text in "[a-zA-Z0-9_. -]{0,34}|\\PC{0,34}") {
            if let Ok(name) = Username::parse(&text) {
                prop_assert!(name.as_str().bytes().all(is_allowed));
                prop_assert!((1..=Username::MAX_CHARACTERS).contains(&name.as_str().chars().count()));
                for numbered in [2, 17, u32::MAX].map(|number| name.numbered(number)) {
                    prop_assert_eq!(Username::parse(numbered.as_str()), Ok(numbered));
                }
            }
        }
    }

    #[test]
    fn what_only_looks_a_little_like_an_id_is_a_name() {
        for text in [
            "user_1",
            "user_01h455vb4pex5vsknk084sn02",
            "user_81h455vb4pex5vsknk084sn02q",
            "01h455vb4pex5vsknk084sn02q",
        ] {
            assert_eq!(Username::parse(text).as_ref().map(Username::as_str), Ok(text));
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = "a".repeat(33);
        for text in [
            "",
            " ",
            "a b",
            "ä",
            "\u{212a}elvin",
            "a\0",
            "@aaron",
            &long,
            "user_01h455vb4pex5vsknk084sn02q",
            "Room_01H455VB4PEX5VSKNK084SN02Q",
        ] {
            assert_eq!(Username::parse(text), Err(UsernameError), "{text:?}");
        }
    }
}
