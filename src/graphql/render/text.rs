//! Texts in JSON.

/// How many bytes each byte of a text becomes, by <https://www.rfc-editor.org/rfc/rfc8259#section-7>: two or six where it is
/// escaped, else one.
const LENGTHS: [usize; 256] = {
    let mut lengths = [1; 256];
    let mut byte = 0;
    while byte < CONTROLS.len() {
        lengths[byte] = CONTROLS[byte].len();
        byte += 1;
    }
    lengths[b'"' as usize] = 2;
    lengths[b'\\' as usize] = 2;
    lengths
};

/// What stands for each control character.
const CONTROLS: [&str; 32] = [
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007", "\\b", "\\t",
    "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013",
    "\\u0014", "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c",
    "\\u001d", "\\u001e", "\\u001f",
];

/// How many bytes a text has in JSON, with its quotation marks.
pub(super) fn length(text: &str) -> usize {
    2 + text.bytes().map(|byte| LENGTHS[usize::from(byte)]).sum::<usize>()
}

/// Writes a text in quotation marks, with as little escaped as JSON lets one.
pub(super) fn write(text: &str, out: &mut String) {
    out.push('"');
    // Nearly every text is plain, and this loop looks at many bytes at a time.
    if text.bytes().fold(false, |found, byte| found | is_escaped(byte)) {
        escape(text, out);
    } else {
        out.push_str(text);
    }
    out.push('"');
}

fn is_escaped(byte: u8) -> bool {
    matches!(byte, ..0x20 | b'"' | b'\\')
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(place) = rest.bytes().position(is_escaped) {
        // What is escaped has one byte, so both sides are whole characters.
        let (plain, escaped) = rest.split_at(place);
        out.push_str(plain);
        let (escaped, after) = escaped.split_at(1);
        out.push_str(match escaped.as_bytes() {
            b"\"" => "\\\"",
            b"\\" => "\\\\",
            control => CONTROLS[usize::from(control[0])],
        });
        rest = after;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_written_as_serde_writes_it(text in "([a-z]|[\\x00-\\x24]|\\\\|\\PC){0,40}") {
            let mut out = String::new();
            super::write(&text, &mut out);
            prop_assert_eq!(super::length(&text), out.len());
            prop_assert_eq!(out, serde_json::to_string(&text).expect("a text"));
        }
    }
}
