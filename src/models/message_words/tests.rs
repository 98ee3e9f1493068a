//! What is found in a table like the migration's, through the expression that is made of a text.

use diesel::{Connection as _, QueryResult, connection::SimpleConnection, sqlite::SqliteConnection};
use proptest::prelude::*;

use super::*;

/// How many of the messages, of which there is one, have all the words.
fn found(message: &str, text: String) -> QueryResult<usize> {
    let Ok(text) = SearchText::parse(text) else {
        return Ok(0);
    };
    let mut connection = SqliteConnection::establish(":memory:").expect("a database");
    let table =
        "CREATE VIRTUAL TABLE message_words USING fts5 (text, scope, tokenize = 'ascii', prefix = '1 2')";
    connection.batch_execute(table)?;
    sql_query("INSERT INTO message_words VALUES (?, 'somewhere')")
        .bind::<Text, _>(search_words(message))
        .execute(&mut connection)?;
    sql_query("SELECT rowid AS number FROM message_words WHERE message_words MATCH ?")
        .bind::<Text, _>(format!("text : ({}) AND scope : (somewhere)", words(&text)))
        .load::<Numbered>(&mut connection)
        .map(|found| found.len())
}

/// One to five letters of the scripts that people write in, composed, and some of what stands between and among them.
const WORD: &str = "[a-zA-Z0-9]{1,5}|[À-ÖØ-öø-ſƠ-ưẠ-ỹ]{1,5}|[α-ωΑ-ΡΣ-Ωά-ώ]{1,5}|[а-яА-ЯёЁїЇ]{1,5}|[א-ת]{1,5}\
    |[ء-غف-ي]{1,5}|[क-ह][ा-्][क-ह]|[가-힣]{1,4}|[ぁ-んァ-ヴー]{1,5}|[一-龥]{1,5}|[ก-ฮ][ะ-ฺ][ก-ฮ]|[ក-អ][ា-្][ក-អ]";

/// Up to nine words with something between them.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec((WORD, "[ \"'*:^(){}+,.。🎉\u{2019}-]{1,3}"), 1..9)
        .prop_map(|words| words.into_iter().flat_map(|(word, between)| [word, between]).collect())
}

proptest! {
    /// A message is found alike before it is indexed and after that.
    #[test]
    fn the_messages_that_wait_are_searched_as_the_index_is(
        message in text(), words in text(), from in 0_usize..9, length in 1_usize..9
    ) {
        let part: String = message.chars().skip(from).take(length).collect();
        for text in [words, part] {
            let Ok(wanted) = SearchText::parse(text.clone()) else { continue };
            let is_in = wanted.is_in(&search_words(&message));
            prop_assert_eq!(found(&message, text.clone()), Ok(usize::from(is_in)), "{} in {}", text, message);
        }
    }

    #[test]
    fn every_text_finds_itself(text in text()) {
        prop_assert_eq!(found(&text, text.clone()), Ok(1));
    }

    #[test]
    fn a_beginning_finds_the_word(word in WORD, letters in 1_usize..5, before in "[a-zа-я一-龥 ]{0,3}[ .,]") {
        let beginning: String = word.chars().take(letters).collect();
        prop_assert_eq!(found(&format!("{before}{word}"), beginning), Ok(1));
    }

    #[test]
    fn any_part_finds_a_stretch_without_spaces(stretch in "[ぁ-んァ-ヴー一-龥ก-ฮ]{1,9}", place in 0_usize..9, letters in 1_usize..9) {
        let part: String = stretch.chars().skip(place.min(stretch.chars().count() - 1)).take(letters).collect();
        for text in [stretch.clone(), format!("x{stretch}7")] {
            prop_assert_eq!(found(&text, part.clone()), Ok(1), "{} in {}", part, text);
        }
    }

    #[test]
    fn no_text_is_syntax(text in "\\PC{1,60}|([a-z]|[\"*:^(){}+-]| AND | NOT |NEAR\\(|scope ?: ?){1,12}") {
        prop_assert!(found("somewhere else", text.clone()).is_ok(), "{}", text);
        prop_assert_eq!(found("", text), Ok(0));
    }
}
