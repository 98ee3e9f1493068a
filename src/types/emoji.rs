//! What one reacts with.

use super::stored::stored_text;

stored_text! {
    /// One emoji of the Unicode list, fully qualified: `❤` and `❤️` are the same reaction.
    Emoji
}

/// Why a text cannot be a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reaction is one emoji, such as 👍 or ❤️, and nothing else")]
pub struct EmojiError;

impl Emoji {
    /// Takes a text that is one emoji.
    pub fn parse(text: &str) -> Result<Self, EmojiError> {
        emojis::get(text).map(|emoji| Self(emoji.as_str().to_owned())).ok_or(EmojiError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_taken_in_its_full_form_and_nothing_else_is() {
        let taken = [
            ("👍", "👍"),
            ("👍🏽", "👍🏽"),
            ("❤", "❤\u{fe0f}"),
            ("❤\u{fe0f}", "❤\u{fe0f}"),
            ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
            ("🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
            ("🇩🇪", "🇩🇪"),
            ("#\u{fe0f}⃣", "#\u{fe0f}⃣"),
        ];
        for (given, expected) in taken {
            assert_eq!(Emoji::parse(given).as_ref().map(Emoji::as_str), Ok(expected), "{given}");
        }
        for refused in
            ["", " ", "a", "#", "5", "👍👍", "👍 ", "x👍", ":+1:", "🇩", "\u{fe0f}", "\u{200d}", "👍\0"]
        {
            assert_eq!(Emoji::parse(refused), Err(EmojiError), "{refused:?}");
        }
    }
}
