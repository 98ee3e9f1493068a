//! What people say: mostly little, and not only in English letters.

use rand::{RngExt, rngs::StdRng};

use super::skew::skewed;
use crate::types::{Emoji, MessageText};

/// The first ones are said most.
const WORDS: [&str; 120] = [
    "the", "to", "I", "you", "a", "it", "is", "and", "that", "in", "of", "for", "we", "on", "this", "have",
    "not", "be", "what", "can", "with", "me", "at", "do", "but", "so", "just", "are", "will", "if", "was",
    "they", "my", "there", "all", "one", "good", "now", "when", "get", "know", "go", "time", "see", "about",
    "from", "or", "up", "how", "out", "like", "then", "here", "she", "he", "think", "right", "today", "some",
    "would", "back", "let", "more", "our", "had", "too", "need", "well", "tomorrow", "work", "say", "who",
    "where", "come", "again", "look", "two", "still", "other", "why", "meeting", "send", "home", "call",
    "maybe", "after", "first", "week", "please", "morning", "lunch", "train", "file", "great", "sorry",
    "question", "answer", "minutes", "office", "build", "server", "weekend", "coffee", "ready", "later",
    "tonight", "message", "release", "weather", "birthday", "dinner", "holiday", "station", "invoice",
    "project", "football", "concert", "library", "mountain", "umbrella",
];

const PHRASES: [&str; 12] = [
    "👍",
    "🙂",
    "😂",
    "❤️",
    "Grüße aus Köln!",
    "à bientôt",
    "¿Qué tal?",
    "ありがとう",
    "до завтра",
    "谢谢",
    "नमस्ते",
    "👩‍👩‍👧‍👦 🎉",
];

const EMOJI: [&str; 6] = ["👍", "❤️", "😂", "🎉", "🙏", "😮"];

const SYLLABLES: [&str; 16] =
    ["ba", "do", "fe", "gu", "ha", "ki", "lo", "mi", "na", "po", "ra", "se", "ti", "vu", "wa", "ze"];

/// A text: mostly a few words, sometimes a paragraph, rarely a page.
pub(super) fn text(chance: &mut StdRng) -> Option<MessageText> {
    let words = match chance.random_range(0..1_000) {
        0..870 => chance.random_range(1..=12),
        870..995 => chance.random_range(13..=60),
        _ => chance.random_range(61..=500),
    };
    let mut text = String::with_capacity(words * 6);
    for place in 0..words {
        text.push_str(if place == 0 { "" } else { " " });
        say(&mut text, chance);
    }
    MessageText::parse(text).ok()
}

/// A word; now and then a name or a number, as no one else has them, or something in another script.
fn say(text: &mut String, chance: &mut StdRng) {
    match chance.random_range(0..100) {
        0..8 => (0..3).for_each(|_| text.push_str(SYLLABLES[chance.random_range(0..SYLLABLES.len())])),
        8..10 => text.push_str(&chance.random_range(1..10_000).to_string()),
        10..13 => text.push_str(PHRASES[chance.random_range(0..PHRASES.len())]),
        _ => text.push_str(WORDS[skewed(WORDS.len(), chance)]),
    }
}

/// What one reacts with.
pub(super) fn emoji(chance: &mut StdRng) -> Option<Emoji> {
    Emoji::parse(EMOJI[skewed(EMOJI.len(), chance)]).ok()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn all_that_is_said_can_be_sent() {
        let chance = &mut StdRng::seed_from_u64(1);
        let texts: Vec<usize> =
            (0..10_000).map(|_| text(chance).expect("a text").as_str().chars().count()).collect();
        let short = texts.iter().filter(|length| **length <= 60).count();
        assert!((7_500..9_500).contains(&short), "{short} of 10,000 are short");
        assert!(texts.iter().any(|length| *length > 1_500), "some are long");
        assert!((0..100).all(|_| emoji(chance).is_some()));
    }
}
