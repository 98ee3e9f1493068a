//! One pass over the text, before it is parsed: no recursion, no allocation.

use std::{iter::Peekable, str::Bytes};

use crate::graphql::{
    error::{ErrorCode, RequestError},
    limits::{MAX_DOCUMENT_BYTES, MAX_DOCUMENT_TOKENS, MAX_FRAGMENTS, MAX_NESTING},
};

/// Refuses texts that are too long, have too many tokens or fragments, or are nested too deep.
pub(super) fn check(text: &str) -> Result<(), RequestError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(too_large(&format!("{} bytes, at most {MAX_DOCUMENT_BYTES} are allowed", text.len())));
    }
    let mut scan = Scan { rest: text, tokens: 0, fragments: 0, nesting: 0 };
    while scan.step()? {}
    Ok(())
}

fn too_large(what: &str) -> RequestError {
    RequestError::new(ErrorCode::DocumentTooLarge, format!("the document is too large: {what}"))
}

struct Scan<'a> {
    rest: &'a str,
    tokens: usize,
    fragments: usize,
    nesting: usize,
}

impl Scan<'_> {
    /// Passes over one token; false at the end.
    fn step(&mut self) -> Result<bool, RequestError> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n', ',', '\u{feff}']);
        let Some(first) = self.rest.bytes().next() else {
            return Ok(false);
        };
        if first == b'#' {
            self.skip(comment(self.rest));
            return Ok(true);
        }
        self.count_token()?;
        let length = match first {
            b'"' => string(self.rest),
            b'{' | b'[' | b'(' => self.open()?,
            b'}' | b']' | b')' => self.close(),
            _ if is_word(first) => self.word()?,
            _ => self.rest.chars().next().map_or(1, char::len_utf8),
        };
        self.skip(length);
        Ok(true)
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn count_token(&mut self) -> Result<(), RequestError> {
        self.tokens += 1;
        if self.tokens > MAX_DOCUMENT_TOKENS {
            return Err(too_large(&format!("more than {MAX_DOCUMENT_TOKENS} tokens")));
        }
        Ok(())
    }

    fn open(&mut self) -> Result<usize, RequestError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            let message = format!("the document is nested more than {MAX_NESTING} deep");
            return Err(RequestError::new(ErrorCode::DocumentTooDeep, message));
        }
        Ok(1)
    }

    fn close(&mut self) -> usize {
        self.nesting = self.nesting.saturating_sub(1);
        1
    }

    fn word(&mut self) -> Result<usize, RequestError> {
        let length = self.rest.bytes().take_while(|byte| is_word(*byte)).count();
        if self.nesting == 0 && self.rest.starts_with("fragment") && length == "fragment".len() {
            self.fragments += 1;
        }
        if self.fragments > MAX_FRAGMENTS {
            return Err(too_large(&format!("more than {MAX_FRAGMENTS} fragments")));
        }
        Ok(length)
    }
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

fn comment(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// The length of the string that the text starts with, up to the end of the text when it is not closed.
fn string(text: &str) -> usize {
    if text.starts_with("\"\"\"") { block_string(text) } else { plain_string(text) }
}

fn plain_string(text: &str) -> usize {
    let mut bytes = text.bytes().skip(1).peekable();
    let mut length = 1;
    while let Some(byte) = bytes.next() {
        length += 1;
        match byte {
            b'"' | b'\n' | b'\r' => break,
            b'\\' => length += usize::from(skip_escaped(&mut bytes)),
            _ => {}
        }
    }
    // A line end, or an escape before a longer character, may leave the length inside a character.
    (length..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn skip_escaped(bytes: &mut Peekable<std::iter::Skip<Bytes<'_>>>) -> bool {
    bytes.next_if(|byte| *byte != b'\n' && *byte != b'\r').is_some()
}

fn block_string(text: &str) -> usize {
    let mut from = 3;
    while let Some(end) = text[from..].find("\"\"\"") {
        let at = from + end;
        if !text[..at].ends_with('\\') {
            return at + 3;
        }
        from = at + 3;
    }
    text.len()
}
