//! What somebody says beside their status.

use super::visible::{check_line, is_blank};

/// A status text: 1–100 Unicode scalar values, at least one that is seen, and none that hide or turn the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceText(String);

/// Why a text cannot be a status text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a status text has up to {} characters; no control characters, line separators or bidi controls, and no invisible \
     characters outside of emoji",
    PresenceText::MAX_CHARACTERS
)]
pub struct PresenceTextError;

impl PresenceText {
    /// The most Unicode scalar values a status text may have.
    pub const MAX_CHARACTERS: usize = 100;

    /// Takes a text that keeps the rules; one that shows nothing, empty or only white space, is none.
    pub fn parse(text: String) -> Result<Option<Self>, PresenceTextError> {
        check_line(&text, Self::MAX_CHARACTERS).map_err(|_| PresenceTextError)?;
        Ok((!is_blank(&text)).then_some(Self(text)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_hundred_characters_is_one_and_white_space_is_none() {
        let text = |text: &str| PresenceText::parse(text.into()).map(|text| text.map(|text| text.0));
        let long = "é".repeat(100);
        assert_eq!(text(&long), Ok(Some(long.clone())));
        assert_eq!(text(&format!("{long}!")), Err(PresenceTextError));
        for hidden in ["two\nlines", "two\u{2028}lines", "\u{202e}hcnul", "\u{3164}"] {
            assert_eq!(text(hidden), Err(PresenceTextError), "{hidden:?}");
        }
        assert_eq!((text(""), text("  ")), (Ok(None), Ok(None)));
        assert_eq!(text(" at lunch "), Ok(Some(" at lunch ".into())));
    }
}
