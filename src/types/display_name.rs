//! The name a user is shown by.

use super::{
    Username,
    stored::stored_text,
    visible::{check_line, is_blank},
};

stored_text! {
    /// A display name: 1–64 Unicode scalar values, at least one that is seen, and none that hide or turn the line.
    DisplayName
}

/// Why a text cannot be a display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a display name has 1 to {} characters, at least one of them visible; no control characters, line separators or bidi \
     controls, and no invisible characters outside of emoji",
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

/// Whether a text can stand on one line as a name: not too long, not blank, and nothing in it that hides or turns the line.
pub(super) fn is_showable(text: &str, max_characters: usize) -> bool {
    check_line(text, max_characters).is_ok() && !is_blank(text)
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
    use crate::types::{ChatroomName, ClientMessageId, Emoji, PresenceText, visible::is_invisible};

    /// Mostly what stands at the edge of a rule.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,110}",
            "[ \u{a0}\u{2003}]{0,70}",
            "(?s).{0,5}",
            "[a \u{301}\u{fe0f}\u{200d}🚀👩🏽\u{2028}\u{3164}\u{2800}]{0,8}",
            "[a\u{0}\u{7f}\u{9f}\u{ad}\u{200b}\u{202e}\u{feff}é🎉]{0,66}"
        ]
    }

    proptest! {
        #[test]
        fn what_names_take_keeps_their_rules(text in text()) {
            let (count, has_control) = (text.chars().count(), text.contains(char::is_control));
            let is_name = DisplayName::parse(text.clone()).is_ok();
            prop_assert_eq!(ChatroomName::parse(text.clone()).is_ok(), is_name);
            prop_assert!(!is_name || ((1..=64).contains(&count) && !has_control && !is_blank(&text)));
            // What is seen throughout, in any script, is a name.
            let is_seen = text.chars().all(|character| !is_invisible(character));
            prop_assert!(is_name || !is_seen || !(1..=64).contains(&count));
            // Taken together, as emoji are; apart, none of these is seen.
            let hidden = ['\u{ad}', '\u{200b}', '\u{202e}', '\u{feff}', '\u{2028}', '\u{3164}', '\u{2800}'];
            prop_assert!(!is_name || !text.contains(hidden));
            prop_assert_eq!(ClientMessageId::parse(text.clone()).is_ok(), (1..=64).contains(&count) && !has_control);
            let status = PresenceText::parse(text.clone());
            prop_assert_eq!(status.is_ok(), check_line(&text, 100).is_ok());
            prop_assert!(status.is_err() || status.is_ok_and(|status| status.is_some() != is_blank(&text)));
            if let Ok(emoji) = Emoji::parse(&text) {
                prop_assert_eq!(Emoji::parse(emoji.as_str()), Ok(emoji));
            }
        }
    }
}
