//! The text of a message.

use super::{stored::stored_text, visible::is_blank};

stored_text! {
    /// A message's text, exactly as it was sent: 1–5,000 Unicode scalar values, at least one of them seen, and
    /// no U+0000, which PostgreSQL cannot store.
    MessageText
}

/// Why a text cannot be a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageTextError {
    /// Empty, or nothing that is seen.
    #[error("the text is empty; a message has at least one visible character")]
    Blank,
    /// More than [`MessageText::MAX_CHARACTERS`].
    #[error("the text has {actual} characters; a message has at most {}", MessageText::MAX_CHARACTERS)]
    TooLong {
        /// How many Unicode scalar values there were.
        actual: usize,
    },
    /// Holds U+0000.
    #[error("the text holds the character U+0000, which cannot be stored")]
    Nul,
}

impl MessageText {
    /// The most Unicode scalar values a message may have.
    pub const MAX_CHARACTERS: usize = 5_000;

    /// The text of a message that was deleted: empty, which no message has when it is sent.
    #[must_use]
    pub fn deleted() -> Self {
        Self(String::new())
    }

    /// Takes a text that keeps the rules.
    pub fn parse(text: String) -> Result<Self, MessageTextError> {
        if text.contains('\0') {
            return Err(MessageTextError::Nul);
        }
        let actual = text.chars().count();
        if actual > Self::MAX_CHARACTERS {
            return Err(MessageTextError::TooLong { actual });
        }
        if is_blank(&text) {
            return Err(MessageTextError::Blank);
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::visible::is_invisible;

    #[test]
    fn a_text_of_which_nothing_is_seen_is_blank() {
        for text in [
            "",
            " \n\t",
            "\u{200b}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{ffa0}",
            "\u{2800} \u{2800}",
            "\u{202e}\u{feff}",
        ] {
            assert_eq!(MessageText::parse(text.to_owned()), Err(MessageTextError::Blank), "{text:?}");
        }
        for text in ["a\u{200b}", "\u{202e}a", "❤\u{fe0f}", "⠁"] {
            assert_eq!(MessageText::parse(text.to_owned()).map(|text| text.0), Ok(text.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn a_text_is_taken_as_it_is_or_refused(text in "\\PC*|\\s*|(?s).{0,40}") {
            let blank = is_blank(&text);
            let expected = match text.contains('\0') {
                true => Err(MessageTextError::Nul),
                false if blank => Err(MessageTextError::Blank),
                false => Ok(text.clone()),
            };
            prop_assert_eq!(MessageText::parse(text).map(|text| text.as_str().to_owned()), expected);
        }

        #[test]
        fn length_is_counted_in_characters(character: char, count in 4_990..5_010_usize) {
            prop_assume!(character != '\0' && !is_invisible(character));
            let parsed = MessageText::parse(character.to_string().repeat(count));
            let expected = if count <= 5_000 { Ok(()) } else { Err(MessageTextError::TooLong { actual: count }) };
            prop_assert_eq!(parsed.map(drop), expected);
        }
    }
}
