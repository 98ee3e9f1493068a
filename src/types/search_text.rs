//! What is searched for.

/// Words to search for: 1–200 Unicode scalar values, no U+0000, at least one letter or digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText(String);

/// Why a text cannot be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a text to search for has 1 to {} characters, at least one letter or digit, and no U+0000",
    SearchText::MAX_CHARACTERS
)]
pub struct SearchTextError;

impl SearchText {
    /// The most Unicode scalar values a text may have.
    pub const MAX_CHARACTERS: usize = 200;

    /// Takes a text that keeps the rules.
    pub fn parse(text: String) -> Result<Self, SearchTextError> {
        let fits = text.chars().count() <= Self::MAX_CHARACTERS;
        let says_something = text.contains(char::is_alphanumeric) && !text.contains('\0');
        if fits && says_something { Ok(Self(text)) } else { Err(SearchTextError) }
    }

    /// The text, as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands between white space, as far as it has a letter or digit; at least one.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace().filter(|word| word.contains(char::is_alphanumeric))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_has_words_or_is_refused(text in "\\PC{0,210}|[ \0*\"a9é🎉]{0,6}") {
            let refused = text.chars().count() > 200
                || text.contains('\0')
                || !text.chars().any(char::is_alphanumeric);
            let parsed = SearchText::parse(text.clone());
            prop_assert_eq!(parsed.is_err(), refused);
            for word in parsed.iter().flat_map(SearchText::words) {
                prop_assert!(text.contains(word) && word.chars().any(char::is_alphanumeric), "{}", word);
            }
            prop_assert!(parsed.iter().all(|parsed| parsed.words().next().is_some()));
        }
    }
}
