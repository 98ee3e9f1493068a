//! One pass over the text, before it is parsed: no recursion.

use std::{iter::Peekable, str::Bytes};

use super::positions::Positions;
use crate::{
    config::Limits,
    graphql::{
        error::{ErrorCode, RequestError},
        limits::{MAX_FRAGMENTS, MAX_NESTING},
    },
};

/// Refuses texts that are too long, have too many tokens or fragments, or are nested too deep. Gives the text for the
/// parser, in which commas between tokens are spaces: they mean the same
/// (<https://spec.graphql.org/September2025/#sec-Insignificant-Commas>), and the parser takes `..., on User` for wrong.
pub(super) fn check(text: &str, limits: &Limits) -> Result<Scanned, RequestError> {
    let most = limits.document_bytes;
    if text.len() > most {
        let message = format!("the document has {} bytes, at most {most} are allowed", text.len());
        return Err(RequestError::new(ErrorCode::DocumentTooLarge, message));
    }
    let mut scan = Scan::of(text, limits.document_tokens);
    loop {
        match scan.step() {
            Ok(true) => {}
            Ok(false) => break,
            // What was passed over is as long as what was sent.
            Err(refusal) => return Err(refusal.at([Positions::of(text).at(scan.parsed.len())])),
        }
    }
    Ok(Scanned { text: scan.parsed, tokens: scan.tokens })
}

/// A text that the parser may read.
pub(super) struct Scanned {
    pub(super) text: String,
    /// How many tokens it has.
    pub(super) tokens: usize,
}

/// How many tokens a part of a text has that was checked.
pub(super) fn tokens(text: &str) -> usize {
    let mut scan = Scan::of(text, usize::MAX);
    while scan.step().is_ok_and(|is_more| is_more) {}
    scan.tokens
}

/// The tokens of a part of a text that was checked, and where each begins.
pub(super) fn each_token(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut scan = Scan::of(text, usize::MAX);
    std::iter::from_fn(move || {
        scan.rest = first_token(scan.rest);
        let start = text.len() - scan.rest.len();
        scan.step().ok().filter(|is_more| *is_more)?;
        text.get(start..text.len() - scan.rest.len()).map(|token| (start, token))
    })
}

/// A text from its first token on.
pub(super) fn first_token(text: &str) -> &str {
    let mut scan = Scan::of(text, usize::MAX);
    loop {
        scan.skip_ignored();
        if !scan.rest.starts_with('#') {
            return scan.rest;
        }
        scan.skip(comment(scan.rest));
    }
}

struct Scan<'a> {
    rest: &'a str,
    /// What was passed over, for the parser.
    parsed: String,
    max_tokens: usize,
    tokens: usize,
    fragments: usize,
    nesting: usize,
}

impl<'a> Scan<'a> {
    fn of(text: &'a str, max_tokens: usize) -> Self {
        let parsed = String::with_capacity(text.len());
        Self { rest: text, parsed, max_tokens, tokens: 0, fragments: 0, nesting: 0 }
    }

    /// Passes over one token; false at the end.
    fn step(&mut self) -> Result<bool, RequestError> {
        self.skip_ignored();
        let Some(first) = self.rest.bytes().next() else {
            return Ok(false);
        };
        if first == b'#' {
            self.skip(comment(self.rest));
            return Ok(true);
        }
        self.count_token()?;
        let length = match first {
            b'"' => string(self.rest)?,
            b'{' | b'[' | b'(' => self.open()?,
            b'}' | b']' | b')' => self.close(),
            _ if is_word(first) => self.word()?,
            _ => self.rest.chars().next().map_or(1, char::len_utf8),
        };
        self.skip(length);
        Ok(true)
    }

    fn skip_ignored(&mut self) {
        let token = self.rest.trim_start_matches([' ', '\t', '\r', '\n', ',', '\u{feff}']);
        let ignored = &self.rest[..self.rest.len() - token.len()];
        self.parsed.extend(ignored.chars().map(|sign| if sign == ',' { ' ' } else { sign }));
        self.rest = token;
    }

    fn skip(&mut self, bytes: usize) {
        let (token, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.parsed.push_str(token);
        self.rest = rest;
    }

    fn count_token(&mut self) -> Result<(), RequestError> {
        self.tokens += 1;
        let most = self.max_tokens;
        if self.tokens > most {
            let message = format!("the document has more than {most} tokens");
            return Err(RequestError::new(ErrorCode::TooManyTokens, message));
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
        // The grammar wants no space between the keyword and the fragment's name.
        if self.nesting == 0 && self.rest.starts_with("fragment") {
            self.fragments += 1;
        }
        if self.fragments > MAX_FRAGMENTS {
            let message = format!("the document has more than {MAX_FRAGMENTS} fragments");
            return Err(RequestError::new(ErrorCode::TooManyFragments, message));
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

/// The length of the string that the text starts with.
fn string(text: &str) -> Result<usize, RequestError> {
    if !text.starts_with("\"\"\"") {
        return Ok(plain_string(text));
    }
    // The grammar would go on behind its first two quotes, as behind an empty string, and see brackets there.
    block_string(text).ok_or_else(|| {
        let message = "syntax error: a block string is not closed";
        RequestError::new(ErrorCode::GraphqlParseFailed, message)
    })
}

/// Up to the end of the line, or of the text, when it is not closed.
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

fn block_string(text: &str) -> Option<usize> {
    let mut from = 3;
    loop {
        let at = from + text[from..].find("\"\"\"")?;
        from = at + 3;
        if !text[..at].ends_with('\\') {
            return Some(from);
        }
    }
}
