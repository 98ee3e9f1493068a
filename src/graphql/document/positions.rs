//! Line and column of a place in a document, counted as the specification says.

use async_graphql::Pos;

/// Every how many bytes the characters of a text are counted in advance.
const BLOCK: usize = 64;

/// Turns byte offsets into lines and columns, each in a few steps wherever it is.
pub(super) struct Positions<'t> {
    text: &'t str,
    /// Where each line starts.
    lines: Vec<usize>,
    /// How many characters stand before each block; empty where every character is one byte.
    before: Vec<usize>,
}

impl<'t> Positions<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let before = if text.is_ascii() { Vec::new() } else { counted(text.as_bytes()) };
        Self { text, lines: line_starts(text.as_bytes()), before }
    }

    /// The line and the column of a byte, both from 1. A column counts Unicode scalar values.
    pub(super) fn at(&self, offset: usize) -> Pos {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or(0);
        let column = self.characters(offset).saturating_sub(self.characters(start)) + 1;
        Pos { line: line.max(1), column }
    }

    /// The name that begins at a byte; empty when none does.
    pub(super) fn name(&self, offset: usize) -> &'t str {
        let rest = self.text.get(offset..).unwrap_or_default();
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        &rest[..end.unwrap_or(rest.len())]
    }

    fn characters(&self, offset: usize) -> usize {
        let Some(before) = self.before.get(offset / BLOCK) else {
            return offset;
        };
        let block = offset / BLOCK * BLOCK;
        before + starts(self.text.as_bytes().get(block..offset).unwrap_or_default())
    }
}

/// How many characters start in these bytes: in UTF-8 every byte but a continuation starts one.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

fn counted(bytes: &[u8]) -> Vec<usize> {
    let mut sum = 0;
    let mut before: Vec<usize> = bytes
        .chunks(BLOCK)
        .map(|block| {
            let so_far = sum;
            sum += starts(block);
            so_far
        })
        .collect();
    before.push(sum);
    before
}

/// Line terminators: `\n`, `\r\n` and `\r` (<https://spec.graphql.org/September2025/#sec-Line-Terminators>).
fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let mut lines = vec![0];
    let mut follows_return = false;
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            // The second half of `\r\n`: the line starts after it.
            b'\n' if follows_return => lines.last_mut().into_iter().for_each(|start| *start = place + 1),
            b'\n' | b'\r' => lines.push(place + 1),
            _ => {}
        }
        follows_return = *byte == b'\r';
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Counted one character after the other.
    fn walked(text: &str, offset: usize) -> Pos {
        let (mut line, mut column) = (1, 1);
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if at >= offset {
                break;
            }
            let next_is_feed = characters.peek().is_some_and(|(_, next)| *next == '\n');
            match character {
                '\n' => (line, column) = (line + 1, 1),
                '\r' if !next_is_feed => (line, column) = (line + 1, 1),
                _ => column += 1,
            }
        }
        Pos { line, column }
    }

    proptest! {
        #[test]
        fn every_place_is_where_counting_finds_it(text in "[ab\n\ré👍–\u{2028}]{0,200}") {
            let positions = Positions::of(&text);
            for (offset, _) in text.char_indices() {
                // What stands between the two halves of `\r\n` is no place of anything.
                if text.as_bytes().get(offset) == Some(&b'\n') && text[..offset].ends_with('\r') {
                    continue;
                }
                prop_assert_eq!(positions.at(offset), walked(&text, offset), "{} in {:?}", offset, text);
            }
        }
    }
}
