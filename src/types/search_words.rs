//! The words of a text as they are indexed and searched for, in every script and for every database.

use icu_normalizer::{DecomposingNormalizerBorrowed, properties::CanonicalCompositionBorrowed};

use super::search_letters::{Role, is_symbol, respelled, role, without_case};

/// Longer words are known by as much of their beginning. PostgreSQL has 2,046 bytes for one.
const MAX_WORD_BYTES: usize = 1_024;

const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();
const COMPOSITION: CanonicalCompositionBorrowed<'static> = CanonicalCompositionBorrowed::new();

/// The words of a text, with one space between each and the next. What has no letter or digit has no words.
///
/// - Symbols are no letters, also those that contain some.
/// - Letters are without their case, accents and points, and in one form: decomposed by compatibility (NFKD), then by
///   `respelled` in `search_letters.rs`.
/// - A word is what stands between two characters that are no letters, digits or marks on them.
/// - Where a script has no spaces between words, every character begins a word of two: `東京都` is `東京 京都 都`. So each part
///   of it is a sequence of words, the last one perhaps only the beginning of one.
///
/// **The index holds what this returns.** When it returns anything else for some text, a migration has to note all messages
/// in `unindexed_messages`, as `2026-11-27-000030_search_words` does.
#[must_use]
pub fn search_words(text: &str) -> String {
    let mut words = Words::with_capacity(text.len());
    words.read(text);
    words.close();
    words.text
}

/// The words of what is looked for: the last one finds whatever begins with it.
pub(super) fn words_to_find(text: &str) -> String {
    let mut words = Words::with_capacity(text.len());
    words.read(text);
    // The last two characters are a word already, which says more than the last alone.
    if !matches!(words.open, Open::Unspaced { is_first: false, .. }) {
        words.close();
    }
    words.text
}

/// Words that are being written.
struct Words {
    text: String,
    open: Open,
}

/// What the next character may belong to.
#[derive(Clone, Copy)]
enum Open {
    Nothing,
    Word {
        /// Where it begins in the text.
        start: usize,
    },
    /// A stretch of a script without spaces.
    Unspaced {
        last: char,
        /// Whether the last character is the first as well.
        is_first: bool,
    },
}

impl Words {
    fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), open: Open::Nothing }
    }

    /// Stretches of ASCII, which most texts are, need no tables; and nothing combines across their borders but marks.
    fn read(&mut self, mut text: &str) {
        while !text.is_empty() {
            let (ascii, rest) = text.split_at(text.find(|next: char| !next.is_ascii()).unwrap_or(text.len()));
            let (other, rest) = rest.split_at(rest.find(|next: char| next.is_ascii()).unwrap_or(rest.len()));
            self.read_ascii(ascii);
            let other = other.chars().map(|character| if is_symbol(character) { ' ' } else { character });
            NFKD.normalize_iter(other).for_each(|character| self.read_decomposed(character));
            text = rest;
        }
    }

    fn read_ascii(&mut self, text: &str) {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                self.letter(byte.to_ascii_lowercase().into());
            } else {
                self.close();
            }
        }
    }

    fn read_decomposed(&mut self, character: char) {
        match role(character) {
            Role::Letter => {
                let folded = without_case(character);
                match respelled(folded) {
                    Some(letters) => letters.chars().for_each(|letter| self.letter(letter)),
                    None => self.letter(folded),
                }
            }
            Role::Unspaced => self.unspaced(character),
            Role::Mark => match self.open {
                Open::Word { .. } => self.letter(character),
                Open::Unspaced { .. } => self.unspaced(character),
                Open::Nothing => {}
            },
            Role::KanaMark => self.mark_kana(character),
            Role::Ignored => {}
            Role::Separator => self.close(),
        }
    }

    fn letter(&mut self, letter: char) {
        let start = match self.open {
            Open::Word { start } => start,
            Open::Nothing | Open::Unspaced { .. } => self.begin_word(),
        };
        if self.text.len() - start + letter.len_utf8() <= MAX_WORD_BYTES {
            self.text.push(letter);
        }
    }

    fn begin_word(&mut self) -> usize {
        self.close();
        self.space();
        let start = self.text.len();
        self.open = Open::Word { start };
        start
    }

    fn unspaced(&mut self, character: char) {
        let is_first = match self.open {
            Open::Unspaced { last, .. } => {
                self.space();
                self.text.extend([last, character]);
                false
            }
            Open::Nothing | Open::Word { .. } => {
                self.open = Open::Nothing;
                true
            }
        };
        self.open = Open::Unspaced { last: character, is_first };
    }

    /// The marks make `が` of `か`, which are letters as different as `g` and `k`.
    fn mark_kana(&mut self, mark: char) {
        let Open::Unspaced { last, is_first } = self.open else {
            return;
        };
        if let Some(marked) = COMPOSITION.compose(last, mark) {
            if !is_first {
                self.text.pop();
                self.text.push(marked);
            }
            self.open = Open::Unspaced { last: marked, is_first };
        }
    }

    fn space(&mut self) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
    }

    fn close(&mut self) {
        if let Open::Unspaced { last, .. } = self.open {
            self.space();
            self.text.push(last);
        }
        self.open = Open::Nothing;
    }
}

#[cfg(test)]
mod tests;
