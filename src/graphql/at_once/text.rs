//! Texts in JSON.

use std::fmt::Write;

/// Writes a text in quotation marks, with as little escaped as JSON lets one
/// (<https://www.rfc-editor.org/rfc/rfc8259#section-7>).
pub(super) fn write(text: &str, out: &mut String) {
    out.push('"');
    // Nearly every text is plain, and this loop looks at many bytes at a time.
    if text.bytes().fold(false, |found, byte| found | is_escaped(byte)) {
        text.chars().for_each(|character| escape(character, out));
    } else {
        out.push_str(text);
    }
    out.push('"');
}

fn is_escaped(byte: u8) -> bool {
    matches!(byte, ..0x20 | b'"' | b'\\')
}

fn escape(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        // Writing into a text cannot fail.
        control if control < ' ' => {
            let _ = write!(out, "\\u{:04x}", u32::from(control));
        }
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_written_as_serde_writes_it(text in "([a-z]|[\\x00-\\x24]|\\\\|\\PC){0,40}") {
            let mut out = String::new();
            super::write(&text, &mut out);
            prop_assert_eq!(out, serde_json::to_string(&text).expect("a text"));
        }
    }
}
