//! What is searched for.

use super::{
    search_parts::{addresses, parts},
    search_words::words_to_find,
};

/// Words to search for: 1–200 Unicode scalar values, no U+0000, at least one letter or digit, at most 10 different words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText {
    text: String,
    words: Vec<String>,
}

/// Why a text cannot be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchTextError {
    /// Has neither a letter nor a digit.
    #[error("the text to search for has no letter and no digit; it must have at least one")]
    NoWord,
    /// More than [`SearchText::MAX_CHARACTERS`].
    #[error(
        "the text to search for has {actual} characters; it may have at most {}",
        SearchText::MAX_CHARACTERS
    )]
    TooLong {
        /// How many Unicode scalar values there were.
        actual: usize,
    },
    /// More than [`SearchText::MAX_WORDS`].
    #[error(
        "the text to search for has {actual} different words; it may have at most {}",
        SearchText::MAX_WORDS
    )]
    TooManyWords {
        /// How many there were, without those that begin another one.
        actual: usize,
    },
    /// Holds U+0000.
    #[error("the text to search for holds the character U+0000, which no message has")]
    Nul,
}

impl SearchText {
    /// The most Unicode scalar values a text may have.
    pub const MAX_CHARACTERS: usize = 200;
    /// The most different words a text may have. A word that begins another one does not count.
    pub const MAX_WORDS: usize = 10;

    /// Takes a text that keeps the rules.
    pub fn parse(text: String) -> Result<Self, SearchTextError> {
        if text.contains('\0') {
            return Err(SearchTextError::Nul);
        }
        let actual = text.chars().count();
        if actual > Self::MAX_CHARACTERS {
            return Err(SearchTextError::TooLong { actual });
        }
        let mut words = different_words(parts(&text));
        if words.len() > Self::MAX_WORDS {
            // The address of a page may have more, which stand one after the other in what has it.
            words = different_words(addresses(&text));
        }
        match words.len() {
            0 => Err(SearchTextError::NoWord),
            1..=Self::MAX_WORDS => Ok(Self { text, words }),
            actual => Err(SearchTextError::TooManyWords { actual }),
        }
    }

    /// The text, as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The words in the form of [`search_words`]: 1–10 entries, none of which begins another. What a mark joins is one entry, its
    /// parts one after the other: `e-mail` is `e mail`.
    ///
    /// A message has to have all of them; the end of each may be the beginning of a longer word.
    ///
    /// [`search_words`]: super::search_words()
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether a message has all of the words, by what [`search_words`] returns of its text.
    ///
    /// [`search_words`]: super::search_words()
    #[must_use]
    pub fn is_in(&self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        self.words.iter().all(|entry| has(&words, entry))
    }
}

/// Whether words have those of an entry, one after the other, of which the last may be the beginning of a longer one.
fn has(words: &[&str], entry: &str) -> bool {
    let (whole, last) = entry.rsplit_once(' ').map_or((None, entry), |(whole, last)| (Some(whole), last));
    let whole: Vec<&str> = whole.iter().flat_map(|whole| whole.split(' ')).collect();
    words.windows(whole.len() + 1).any(|window| {
        let (begin, end) = window.split_at(whole.len());
        end.iter().all(|word| word.starts_with(last)) && begin == whole
    })
}

/// The words of some parts of a text, each once, without those that begin another word.
fn different_words<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    without_beginnings(parts.map(words_to_find).filter(|word| !word.is_empty()).collect())
}

/// Each word once, without those that begin another word: whoever has the longer one has them as well.
fn without_beginnings(mut words: Vec<String>) -> Vec<String> {
    // Right before what it begins stands each, or another one that it begins.
    words.sort_unstable();
    words.dedup_by(|longer, shorter| {
        let is_begun = longer.starts_with(shorter.as_str());
        if is_begun {
            std::mem::swap(longer, shorter);
        }
        is_begun
    });
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::search_words;

    fn words(text: &str) -> Vec<String> {
        SearchText::parse(text.into()).expect("words").words().to_vec()
    }

    #[test]
    fn a_word_that_begins_another_is_not_looked_for() {
        assert_eq!(words("b a ab abc a-b B"), ["a b", "abc", "b"]);
        assert_eq!(words("mail e-mail E"), ["e mail", "mail"]);
        assert_eq!(words("海 上 上海 上海东"), ["上海 海东", "海"]);
        assert_eq!(
            words("上海，东京！"),
            words("上海 东京"),
            "the punctuation of unspaced scripts is between words"
        );
        assert_eq!(words("明日、東京"), words("明日 東京"));
        assert_eq!(words("ＡＢ"), ["ab"], "a letter of full width is a letter");
        let ten = "a1 a2 a3 a4 a5 a6 a7 a8 a9 a0";
        assert_eq!(words(&format!("{ten} a A1 ?")).len(), 10);
        assert_eq!(SearchText::parse(format!("{ten} b")), Err(SearchTextError::TooManyWords { actual: 11 }));
    }

    #[test]
    fn what_is_wrong_with_a_text_is_told() {
        let table = [
            (
                "",
                SearchTextError::NoWord,
                "the text to search for has no letter and no digit; it must have at least one",
            ),
            (
                "a\0",
                SearchTextError::Nul,
                "the text to search for holds the character U+0000, which no message has",
            ),
            (
                &"x".repeat(201),
                SearchTextError::TooLong { actual: 201 },
                "the text to search for has 201 characters; it may have at most 200",
            ),
            (
                "a b c d e f g h i j k",
                SearchTextError::TooManyWords { actual: 11 },
                "the text to search for has 11 different words; it may have at most 10",
            ),
        ];
        for (text, error, message) in table {
            assert_eq!(SearchText::parse(text.to_owned()), Err(error));
            assert_eq!(error.to_string(), message);
        }
    }

    proptest! {
        #[test]
        fn a_text_has_words_or_is_refused(text in "\\PC{0,210}|[ \0*\"a9é🎉上]{0,6}|([a-c]{1,2} ){0,20}") {
            let parsed = SearchText::parse(text.clone());
            let has_words = !search_words(&text).is_empty();
            let fits = text.chars().count() <= 200 && !text.contains('\0');
            prop_assert!(parsed.is_err() || (has_words && fits));
            let counted = addresses(&text).count();
            prop_assert!(parsed.is_ok() || !has_words || !fits || counted > SearchText::MAX_WORDS);
            let words = parsed.iter().flat_map(SearchText::words).collect::<Vec<_>>();
            for (place, word) in words.iter().enumerate() {
                prop_assert!(word.chars().any(|letter| letter != ' '));
                let others = words.iter().enumerate().filter(|(other, _)| *other != place);
                prop_assert!(others.into_iter().all(|(_, other)| !other.starts_with(word.as_str())));
            }
        }
    }
}
