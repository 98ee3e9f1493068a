//! The name a user is shown by.

use super::{Username, stored::stored_text};

stored_text! {
    /// A display name: 1–64 Unicode scalar values, no control characters, not only white space.
    DisplayName
}

/// Why a text cannot be a display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a display name has 1 to {} characters, not only white space, and no control characters",
    DisplayName::MAX_CHARACTERS
)]
pub struct DisplayNameError;

impl DisplayName {
    /// The most Unicode scalar values a display name may have.
    pub const MAX_CHARACTERS: usize = 64;

    /// Takes a name that keeps the rules.
    pub fn parse(text: String) -> Result<Self, DisplayNameError> {
        if is_showable(&text, Self::MAX_CHARACTERS) { Ok(Self(text)) } else { Err(DisplayNameError) }
    }
}

/// Whether a text can stand on one line as a name: not blank, not too long, and no control characters.
pub(super) fn is_showable(text: &str, max_characters: usize) -> bool {
    let fits = text.chars().take(max_characters + 1).count() <= max_characters;
    let is_blank = text.chars().all(char::is_whitespace);
    fits && !is_blank && !text.chars().any(char::is_control)
}

/// Who gives no display name is shown by their username.
impl From<&Username> for DisplayName {
    fn from(username: &Username) -> Self {
        Self(username.as_str().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::{ChatroomName, ClientMessageId, Emoji, PresenceText};

    /// Mostly what stands at the edge of a rule.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,110}",
            "[ \u{a0}\u{2003}]{0,70}",
            "(?s).{0,5}",
            "[a\u{0}\u{7f}\u{9f}\u{ad}\u{200b}\u{202e}\u{feff}é🎉]{0,66}"
        ]
    }

    proptest! {
        #[test]
        fn what_names_take_keeps_their_rules(text in text()) {
            let (count, has_control) = (text.chars().count(), text.contains(char::is_control));
            let is_blank = text.trim().is_empty();
            let is_name = (1..=64).contains(&count) && !has_control && !is_blank;
            prop_assert_eq!(DisplayName::parse(text.clone()).is_ok(), is_name);
            prop_assert_eq!(ChatroomName::parse(text.clone()).is_ok(), is_name);
            prop_assert_eq!(ClientMessageId::parse(text.clone()).is_ok(), (1..=64).contains(&count) && !has_control);
            let status = PresenceText::parse(text.clone());
            prop_assert_eq!(status.is_ok(), count <= 100 && !has_control);
            prop_assert!(status.is_ok_and(|status| status.is_some() != is_blank) || count > 100 || has_control);
            if let Ok(emoji) = Emoji::parse(&text) {
                prop_assert_eq!(Emoji::parse(emoji.as_str()), Ok(emoji));
            }
        }
    }
}
