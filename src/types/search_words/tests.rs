//! What becomes of every character, and of texts.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::{CodePointMapData, props::GeneralCategory};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

/// Every character that Unicode has assigned, without 98,000 ideographs that have one form and no case.
fn characters() -> impl Iterator<Item = char> {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let is_assigned = move |character: &char| {
        let category = categories.get(*character);
        !matches!(category, GeneralCategory::Unassigned | GeneralCategory::PrivateUse)
    };
    let is_ideograph =
        |character: &char| matches!(character, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    ('\0'..=char::MAX).filter(move |character| !is_ideograph(character) && is_assigned(character))
}

#[test]
fn words_are_the_same_in_every_form_that_they_are_written_in() {
    let table = [
        ("Crème brûlée", "creme brulee"),
        ("cre\u{300}me", "creme"),
        ("κόσμος ΚΟΣΜΟΣ", "κοσμοσ κοσμοσ"),
        ("Ёжик Ежик", "ежик ежик"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("İstanbul ıstanbul ISTANBUL", "istanbul istanbul istanbul"),
        ("Łódź Đà Nẵng Ærø Œuvre Þór Ħ", "lodz da nang aero oeuvre thor h"),
        ("ﬁne Ｆｕｌｌ ① ª ǅ", "fine full 1 a dz"),
        ("שָׁלוֹם שלום", "שלום שלום"),
        ("مُحَمَّد محـــمد أحمد ی", "محمد محمد احمد ي"),
        ("mes\u{ad}sen\u{200b}ger\u{feff}", "messenger"),
        ("e-mail’s ʻOkina U.S.A. v2", "e mail s okina u s a v2"),
        ("№5 messenger™ 20℃ Ⓐ ½ m²", "5 messenger 20 1 2 m2"),
        ("हिन्दी क़लम", "हिन्दी कलम"),
        ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
        ("東京都", "東京 京都 都"),
        ("上", "上"),
        ("a上海b 2024年", "a 上海 海 b 2024 年"),
        ("か\u{3099} が ガ ｶﾞー", "が が ガ ガー ー"),
        ("がか\u{3099}ば", "がが がば ば"),
        ("กรุงเทพ", "กร รุ ุง งเ เท ทพ พ"),
        ("😀 ☝🏾 — ?! \u{301} \u{3164} \u{640}", ""),
        ("\u{e000}pabc 𝅘𝅥 \u{93f}", "pabc"),
    ];
    for (text, words) in table {
        assert_eq!(search_words(text), words, "{text}");
    }
}

#[test]
fn what_is_looked_for_ends_before_the_last_character_of_a_stretch_alone() {
    for (text, words) in [("東京都", "東京 京都"), ("東", "東"), ("東京a", "東京 京 a"), ("e-mail", "e mail")]
    {
        assert_eq!(words_to_find(text), words, "{text}");
    }
}

#[test]
fn a_long_word_is_known_by_its_beginning() {
    let words = search_words(&format!("{} x", "Ж".repeat(4_000)));
    assert_eq!(words, format!("{} x", "ж".repeat(MAX_WORD_BYTES / 2)));
}

/// Every way to write a character that is the character still.
fn forms(character: char) -> Vec<String> {
    let text = character.to_string();
    let nfc = ComposingNormalizerBorrowed::new_nfc().normalize_iter(text.chars()).collect();
    let nfd: String = DecomposingNormalizerBorrowed::new_nfd().normalize_iter(text.chars()).collect();
    let mut forms = vec![text.to_lowercase()];
    // The iota below a Greek letter is an accent to the search, and a letter in upper case.
    if !nfd.contains('\u{345}') {
        // Full case folding by the standard, as one table has all of it.
        forms.extend([text.to_uppercase(), CaseMapper::new().fold_string(&text).into_owned()]);
    }
    forms.extend([nfc, nfd]);
    forms.retain(|form| *form != text);
    forms
}

#[test]
fn every_character_is_found_in_either_case_and_in_every_form() {
    let mut lost = Vec::new();
    for character in characters() {
        let words = search_words(&character.to_string());
        let forms = forms(character).into_iter().filter(|form| search_words(form) != words);
        lost.extend(forms.map(|form| (character, form)));
    }
    assert_eq!(lost, []);
}

/// When this fails, for another version of Unicode as well, the index of existing databases is no longer true: add a migration
/// as the comment of [`search_words`] says, and take over what this test tells.
#[test]
fn the_words_are_those_that_existing_databases_have_indexed() {
    let mut digest = Sha256::new();
    for character in characters() {
        digest
            .update(search_words(&format!("{character}a {character}か a{character} か{character}\u{3099}")));
    }
    let digest: [u8; 32] = digest.finalize().into();
    let first = digest.first_chunk().copied().map(u64::from_be_bytes);
    assert_eq!(first, Some(0x74cf_8ab1_a627_1aee), "{first:x?}");
}

proptest! {
    #[test]
    fn words_are_words_already(text in "\\PC{0,60}") {
        let is_unspaced = |character| role(character) == Role::Unspaced;
        let text = text.replace(is_unspaced, "x");
        let words = search_words(&text);
        prop_assert_eq!(search_words(&words), words);
    }

    #[test]
    fn there_is_one_space_between_words_and_nothing_else(text in "\\PC{0,60}|[ a.か上\u{3099}]{0,9}") {
        let words = search_words(&text);
        prop_assert!(words.is_empty() || words.split(' ').all(|word| !word.is_empty()), "{:?}", words);
        let is_in_words = |letter| letter == ' ' || matches!(role(letter), Role::Letter | Role::Unspaced | Role::Mark);
        prop_assert!(words.chars().all(is_in_words), "{:?}", words);
        prop_assert!(words.starts_with(&words_to_find(&text)));
    }

    #[test]
    fn stretches_of_ascii_are_read_as_everything_else_is(text in "[ -~]{0,40}") {
        let mut words = Words::with_capacity(0);
        text.chars().for_each(|character| words.read_decomposed(character));
        words.close();
        prop_assert_eq!(words.text, search_words(&text));
    }
}
