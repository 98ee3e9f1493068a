//! What one reacts with.

use super::stored::stored_text;

stored_text! {
    /// One emoji of the Unicode list, fully qualified: `❤` and `❤️` are the same reaction, and so is any other that differs only
    /// in U+FE0F.
    Emoji
}

/// The variation selector that asks for the look of an emoji (UTS #51, section 1.4.3).
const PRESENTED_AS_EMOJI: char = '\u{fe0f}';

/// Why a text cannot be a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reaction is one emoji, such as 👍 or ❤️, and nothing else")]
pub struct EmojiError;

impl Emoji {
    /// The most bytes that are looked at: the longest emoji of Unicode 17 has 35 without U+FE0F.
    const MAX_BYTES: usize = 128;

    /// Takes a text that is one emoji, with U+FE0F wherever it stands, or without.
    pub fn parse(text: &str) -> Result<Self, EmojiError> {
        if text.len() > Self::MAX_BYTES {
            return Err(EmojiError);
        }
        let bare: String = bare(text).collect();
        // The list gives some of those with two skin tones, when U+FE0F is missing, with two others.
        let listed = emojis::get(&bare).ok_or(EmojiError)?;
        let mut tones = listed.skin_tones().into_iter().flatten().chain([listed]);
        let emoji = tones.find(|emoji| self::bare(emoji.as_str()).eq(bare.chars()));
        emoji.map(|emoji| Self(emoji.as_str().to_owned())).ok_or(EmojiError)
    }
}

/// The characters without U+FE0F.
fn bare(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| *character != PRESENTED_AS_EMOJI)
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
            ("☝🏾\u{fe0f}", "☝🏾"),
            ("👍🏽\u{fe0f}", "👍🏽"),
            ("😀\u{fe0f}", "😀"),
            ("👁\u{fe0f}\u{200d}🗨", "👁\u{fe0f}\u{200d}🗨\u{fe0f}"),
        ];
        for (given, expected) in taken {
            assert_eq!(Emoji::parse(given).as_ref().map(Emoji::as_str), Ok(expected), "{given}");
        }
        for refused in [
            "",
            " ",
            "a",
            "#",
            "5",
            "👍👍",
            "👍 ",
            "x👍",
            ":+1:",
            "🇩",
            "\u{fe0f}",
            "#\u{fe0f}",
            "\u{200d}",
            "👍\0",
            "❤\u{fe0e}",
        ] {
            assert_eq!(Emoji::parse(refused), Err(EmojiError), "{refused:?}");
        }
        assert_eq!(Emoji::parse(&"😀".repeat(10_000)), Err(EmojiError));
    }

    #[test]
    fn every_emoji_is_the_same_with_and_without_the_selector() {
        let tones = |emoji: &'static emojis::Emoji| emoji.skin_tones().into_iter().flatten();
        for emoji in emojis::iter().flat_map(|emoji| std::iter::once(emoji).chain(tones(emoji))) {
            let full = emoji.as_str();
            let nowhere: String = bare(full).collect();
            let everywhere: String =
                bare(full).flat_map(|character| [character, PRESENTED_AS_EMOJI]).collect();
            for given in [full, &nowhere, &everywhere] {
                assert_eq!(Emoji::parse(given).map(|emoji| emoji.0).as_deref(), Ok(full), "{given:?}");
            }
        }
    }
}
