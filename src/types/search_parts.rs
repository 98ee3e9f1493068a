//! Where a text to search for is cut.

use super::search_letters::{Role, is_symbol, role};

/// A text cut where its words need not follow each other: at white space, and at each sign that joins nothing.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut last = None;
    let mut start = 0;
    let ends = text.char_indices().filter_map(move |(at, sign)| {
        let before = last.replace(sign);
        let after = text[at..].chars().nth(1);
        let is_end = separates(sign) && !joins(before, sign, after);
        is_end.then_some((at, sign.len_utf8()))
    });
    ends.chain([(text.len(), 0)]).map(move |(end, length)| {
        let part = &text[start..end];
        start = end + length;
        part
    })
}

/// The same, but for signs of ASCII: they join what may be the address of a page, unless they are those between items of a list.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| {
        let is_of_address = sign.is_ascii_graphic() && !matches!(sign, ',' | ';');
        separates(sign) && !is_of_address
    })
}

/// Whether a character is no part of a word.
fn separates(character: char) -> bool {
    is_symbol(character) || role(character) == Role::Separator
}

/// Whether a sign makes one word of what stands right beside it, as in `e-mail`, `Aaron’s`, `www.example.com` and `snake_case`, or
/// one number, as in `1,000`, `12:30` and `24/12`.
fn joins(before: Option<char>, sign: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    match sign {
        '\''
        | '\u{2018}'
        | '\u{2019}'
        | '\u{2b9}'..='\u{2bf}'
        | '-'
        | '\u{2010}'
        | '\u{2011}'
        | '\u{5be}'
        | '.'
        | '_' => !separates(before) && !separates(after),
        ',' | ':' | '/' => before.is_numeric() && after.is_numeric(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::types::{SearchText, SearchTextError};

    fn words(text: &str) -> Vec<String> {
        SearchText::parse(text.into()).expect("words").words().to_vec()
    }

    #[test]
    fn punctuation_stands_between_words_unless_it_joins_them() {
        for between in [
            ",", ", ", ";", "/", "&", "+", "(", "—", "–", "…", "...", "--", ":", "!", "🎉", "\u{a0}", "、",
            "@", "'-",
        ] {
            assert_eq!(words(&format!("tea{between}coffee")), ["coffee", "tea"], "{between}");
        }
        for within in ["-", "'", "’", "ʼ", ".", "_", "\u{2010}", "\u{2011}"] {
            assert_eq!(words(&format!("e{within}mail")), ["e mail"], "{within}");
            assert_eq!(words(&format!("é{within}Ж")), ["e ж"], "{within}");
        }
        for number in ["1,000", "1.000", "1:000", "1/000", "1-000"] {
            assert_eq!(words(number), ["1 000"], "{number}");
        }
        assert_eq!(words("-e- .mail' 1, ,2"), ["1", "2", "e", "mail"]);
        assert_eq!(words("mes\u{ad}sen\u{200b}ger"), ["messenger"]);
        assert_eq!(words("e\u{301}-mail"), ["e mail"], "a mark on a letter belongs to it");
        assert_eq!(words("Aaron’s tea,coffee"), ["aaron s", "coffee", "tea"]);
        let address = "https://www.example.com/a/b?c=d&e=f&g=h&i=j&k=l#m";
        assert_eq!(
            words(address),
            ["https www example com a b c d e f g h i j k l m"],
            "too many for words of their own"
        );
    }

    #[test]
    fn a_list_of_too_many_words_is_no_address() {
        for between in [",", ";", "、", " ", "…"] {
            let list: Vec<String> = ('a'..='k').map(String::from).collect();
            let parsed = SearchText::parse(list.join(between));
            assert_eq!(parsed, Err(SearchTextError::TooManyWords { actual: 11 }), "{between}");
        }
    }
}
