//! Where an argument, or a field of an input object, has no value.

use super::scan::each_token;

/// The first name in brackets that no value follows, and where it begins in this part of a text.
pub(super) fn find(written: &str) -> Option<(usize, &str)> {
    let tokens: Vec<(usize, &str)> = each_token(written).collect();
    let at = |index: Option<usize>| index.and_then(|index| tokens.get(index)).map_or("", |(_, token)| token);
    // The brackets around a token, from the first round one on.
    let mut open: Vec<&str> = Vec::new();
    for (index, (offset, token)) in tokens.iter().enumerate() {
        match *token {
            "(" => open.push(token),
            "{" | "[" if !open.is_empty() => open.push(token),
            ")" | "}" | "]" => drop(open.pop()),
            name if open.last().is_some_and(|bracket| *bracket != "[")
                && is_name(name)
                // After these it is a value, a variable, a directive or a default.
                && ![":", "$", "@", "="].contains(&at(index.checked_sub(1)))
                && at(Some(index + 1)) != ":" =>
            {
                return Some((*offset, name));
            }
            _ => {}
        }
    }
    None
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}
