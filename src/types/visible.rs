//! Which characters are seen, and which texts can stand on one line as a name.
//!
//! The properties are those of the Unicode Character Database, as `icu_properties` has them.

use icu_properties::{
    CodePointSetData,
    props::{
        BidiControl, BinaryProperty, CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji,
        EnumeratedProperty, GeneralCategory, Ideographic, JoiningType, PrependedConcatenationMark,
        VariationSelector,
    },
};

/// A blank of braille: a symbol to Unicode, and nothing to the eye.
const BRAILLE_BLANK: char = '\u{2800}';
const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
/// Begins the flags of England, Scotland and Wales: tags follow.
const BLACK_FLAG: char = '\u{1f3f4}';
/// The tags that may follow a flag; the last one ends it.
const TAGS: std::ops::RangeInclusive<char> = '\u{e0020}'..='\u{e007f}';

fn has<P: BinaryProperty>(character: char) -> bool {
    CodePointSetData::new::<P>().contains(character)
}

/// Whether a character shows nothing: white space, a control or format character, or one that is ignored by default, such as
/// the Hangul fillers.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_graphic();
    }
    character.is_whitespace() || shows_nothing(character) || character.is_control()
}

/// The same of what is not ASCII, white space aside.
fn shows_nothing(character: char) -> bool {
    let is_format = || {
        GeneralCategory::for_char(character) == GeneralCategory::Format
            && !has::<PrependedConcatenationMark>(character)
    };
    character == BRAILLE_BLANK || has::<DefaultIgnorableCodePoint>(character) || is_format()
}

/// Why a text cannot stand on one line as a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineError {
    /// It has too many characters.
    TooLong,
    /// It has a character that breaks the line, turns it round, or is not seen.
    Hidden,
}

/// Checks that a text can stand on one line between other texts: not too long; no control characters, line separators or
/// bidi controls; and invisible characters only where they belong to an emoji or to the spelling of a word. White space
/// alone passes: see [`is_blank`].
pub(super) fn check_line(text: &str, max_characters: usize) -> Result<(), LineError> {
    if text.chars().take(max_characters + 1).count() > max_characters {
        return Err(LineError::TooLong);
    }
    if text.is_ascii() {
        let has_control = text.bytes().any(|byte| byte.is_ascii_control());
        return if has_control { Err(LineError::Hidden) } else { Ok(()) };
    }
    // At most as long as a name: looking back is cheap.
    let characters: Vec<char> = text.chars().collect();
    let all_fit = (0..characters.len()).all(|place| fits(&characters[..place], &characters[place..]));
    if all_fit { Ok(()) } else { Err(LineError::Hidden) }
}

/// Whether nothing of a text is seen.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Whether the first of the characters that are left may follow those before it.
fn fits(before: &[char], rest: &[char]) -> bool {
    let [character, after @ ..] = rest else { return true };
    let is_separator = matches!(character, '\u{2028}' | '\u{2029}');
    if character.is_control() || is_separator || has::<BidiControl>(*character) {
        return false;
    }
    if character.is_ascii() || !shows_nothing(*character) {
        return true;
    }
    match *character {
        ZERO_WIDTH_JOINER => joins_emoji(before, after) || follows_virama(before),
        ZERO_WIDTH_NON_JOINER => follows_virama(before) || parts_letters(before, after),
        tag if TAGS.contains(&tag) => follows_flag(before),
        selector if has::<VariationSelector>(selector) => follows_base(before),
        _ => false,
    }
}

/// Whether a variation selector may follow: it chooses how an emoji or an ideograph looks.
fn follows_base(before: &[char]) -> bool {
    before.last().is_some_and(|base| has::<Emoji>(*base) || has::<Ideographic>(*base))
}

/// Whether a tag may follow: after the black flag and other tags.
fn follows_flag(before: &[char]) -> bool {
    before.iter().rev().find(|character| !TAGS.contains(*character)) == Some(&BLACK_FLAG)
}

/// Whether a joiner stands between two emoji; the first may have a variation selector.
fn joins_emoji(before: &[char], after: &[char]) -> bool {
    let is_emoji = |character: &char| !character.is_ascii() && has::<Emoji>(*character);
    let first = before.iter().rev().find(|character| !has::<VariationSelector>(**character));
    first.is_some_and(is_emoji) && after.first().is_some_and(is_emoji)
}

/// Whether a joiner chooses how a consonant of an Indic script is written (RFC 5892, appendix A.1 and A.2).
fn follows_virama(before: &[char]) -> bool {
    before
        .last()
        .is_some_and(|last| CanonicalCombiningClass::for_char(*last) == CanonicalCombiningClass::Virama)
}

/// Whether a non-joiner keeps two letters of a cursive script apart (RFC 5892, appendix A.1).
fn parts_letters(before: &[char], after: &[char]) -> bool {
    let joining = |character: &char| JoiningType::for_char(*character);
    let first = before.iter().rev().map(joining).find(|joining| *joining != JoiningType::Transparent);
    let second = after.iter().map(joining).find(|joining| *joining != JoiningType::Transparent);
    matches!(first, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(second, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_is_invisible() {
        let invisible = "\0\t\n \u{a0}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\
            \u{2028}\u{202e}\u{2060}\u{2066}\u{2800}\u{3000}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{e0041}\u{e0100}";
        for character in invisible.chars() {
            assert!(is_invisible(character), "{character:?}");
        }
        for character in "a.0é中ᄀ한ـ\u{600}\u{6dd}⠁🎉❤\u{301}".chars() {
            assert!(!is_invisible(character), "{character:?}");
        }
    }

    #[test]
    fn invisible_characters_stay_where_they_have_a_meaning() {
        for text in [
            "",
            "  ",
            "Aaron B.",
            "Žofie",
            "محمد",
            "علی\u{200c}رضا",
            "क्\u{200d}ष",
            "ශ්\u{200d}රී",
            "葛\u{e0100}城",
            "❤\u{fe0f}",
            "👩\u{200d}🚀",
            "🏳\u{fe0f}\u{200d}🌈",
            "👩🏽\u{200d}🚀",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "1\u{fe0f}\u{20e3}",
        ] {
            assert_eq!(check_line(text, 64), Ok(()), "{text:?}");
        }
        for text in [
            "\u{200b}",
            "a\u{200b}b",
            "\u{202e}nimda",
            "a\u{200f}",
            "a\u{2028}b",
            "a\u{2029}b",
            "a\nb",
            "a\u{85}b",
            "\u{3164}",
            "\u{115f}",
            "\u{1160}",
            "\u{ffa0}",
            "\u{2800}",
            "a\u{2800}b",
            "a\u{200d}b",
            "a\u{200c}b",
            "a\u{fe0f}",
            "\u{fe0f}",
            "\u{200d}🚀",
            "👩\u{200d}",
            "a\u{e0062}",
            "soft\u{ad}hyphen",
            "\u{feff}a",
            "علی\u{200c}",
            "a\u{2066}b\u{2069}",
        ] {
            assert_eq!(check_line(text, 64), Err(LineError::Hidden), "{text:?}");
        }
        assert_eq!(check_line(&"a".repeat(65), 64), Err(LineError::TooLong));
    }
}
