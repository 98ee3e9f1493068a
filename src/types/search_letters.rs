//! What a character of a text is to the search.

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
    props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script},
};

const CASES: CaseMapperBorrowed<'static> = CaseMapper::new();
const CATEGORIES: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
const CLASSES: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMapBorrowed::new();
const IGNORABLE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();
const SCRIPTS: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::new();

/// What a character does in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It belongs to a word of a script that has spaces between its words.
    Letter,
    /// It belongs to a stretch of a script that has no spaces between its words.
    Unspaced,
    /// It belongs to the letter before it, whatever that belongs to: a vowel or sign that makes the word.
    Mark,
    /// It makes another kana of the one before it (U+3099 and U+309A).
    KanaMark,
    /// It counts for nothing: words with and without it are the same word.
    Ignored,
    /// It stands between words.
    Separator,
}

/// Whether a character is a symbol: it stands between words, also where a compatible form of it has letters. In `№5` the
/// number is a word, and `Messenger™` is not another one than `Messenger`.
pub(super) fn is_symbol(character: char) -> bool {
    GeneralCategoryGroup::Symbol.contains(CATEGORIES.get(character))
}

/// The role of a character that compatibility decomposition (NFKD) leaves as it is.
pub(super) fn role(character: char) -> Role {
    match character {
        '\u{3099}' | '\u{309a}' => return Role::KanaMark,
        // Tatweel only stretches an Arabic word.
        '\u{640}' => return Role::Ignored,
        // Apostrophes that are letters by their category; those on keyboards are punctuation.
        '\u{2b9}'..='\u{2bf}' => return Role::Separator,
        _ => {}
    }
    let category = CATEGORIES.get(character);
    let is_ignored = match category {
        GeneralCategory::Format | GeneralCategory::EnclosingMark => true,
        GeneralCategory::NonspacingMark => is_accent(character),
        _ => false,
    };
    if is_ignored || IGNORABLE.contains(character) {
        return Role::Ignored;
    }
    if GeneralCategoryGroup::Mark.contains(category) {
        return Role::Mark;
    }
    if !GeneralCategoryGroup::Letter.union(GeneralCategoryGroup::Number).contains(category) {
        return Role::Separator;
    }
    if is_unspaced(character) { Role::Unspaced } else { Role::Letter }
}

/// Whether a nonspacing mark is an accent, a point or the like, without which the word can still be read.
///
/// The canonical combining class tells, as the Unicode Standard assigns it (section 4.3): the vowels of Indic, Thai, Lao and
/// Tibetan words, which are marks too, have class 0 or one of their script's own, and the sign that silences a vowel has 9.
fn is_accent(mark: char) -> bool {
    !matches!(CLASSES.get_u8(mark), 0 | 9 | 84 | 91 | 103..=132)
}

/// Whether a letter is of a script without spaces between its words.
fn is_unspaced(letter: char) -> bool {
    // Of the script “common”, because Hiragana, Katakana and Han share them.
    const SHARED: [char; 2] = ['ー', '〆'];
    let scripts = [
        Script::Han,
        Script::Hiragana,
        Script::Katakana,
        Script::Bopomofo,
        Script::Yi,
        Script::Thai,
        Script::Lao,
        Script::Khmer,
        Script::Myanmar,
        Script::TaiLe,
        Script::NewTaiLue,
        Script::TaiTham,
        Script::TaiViet,
        Script::Javanese,
        Script::Balinese,
    ];
    SHARED.contains(&letter) || scripts.contains(&SCRIPTS.get(letter))
}

/// A character as it is without its case (Unicode's simple case folding; [`respelled`] has the one character that becomes
/// more than one).
pub(super) fn without_case(character: char) -> char {
    CASES.simple_fold(character)
}

/// Letters in the place of one that is a variant of them, although Unicode does not decompose it. Without case.
pub(super) fn respelled(letter: char) -> Option<&'static str> {
    Some(match letter {
        // Full case folding, which is `STRASSE` for `Straße`.
        'ß' => "ss",
        // Turkish has `I` for `ı`, which everybody else has for `i`.
        'ı' => "i",
        // A stroke through a letter is no mark of its own. On a keyboard without them people type the letter below.
        'ł' => "l",
        // Icelandic `ð` has no stroke, but looks and is typed like it.
        'đ' | 'ð' => "d",
        'ø' => "o",
        'ħ' => "h",
        'ŧ' => "t",
        // Letters that are two in every language that has no key for them.
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        // Sámi is typed so on other keyboards.
        'ŋ' => "n",
        // Arabic and Persian keyboards have characters of their own for these, which mostly look the same.
        'ی' | 'ى' => "ي",
        'ک' => "ك",
        _ => return None,
    })
}
