//! Operations and their variables.

use serde_json::{Value, json};

/// Variables that a document may use, and their types. Of those with a default, some are sent all the same.
const VARIABLES: [(&str, &str); 7] = [
    ("$yes", "Boolean!"),
    ("$no", "Boolean!"),
    ("$usual", "Boolean = true"),
    ("$changed", "Boolean! = true"),
    ("$few", "Int"),
    ("$default", "Int = 3"),
    ("$unset", "Int"),
];

/// What is sent for them.
pub(super) fn variables() -> Value {
    json!({ "yes": true, "no": false, "changed": false, "few": 2 })
}

/// The operation with this selection, and with the fragments that follow it: it defines the variables that are used.
pub(super) fn operation(text: &str) -> String {
    let used = VARIABLES.iter().filter(|(name, _)| text.contains(name));
    let definitions: Vec<String> = used.map(|(name, of_type)| format!("{name}: {of_type}")).collect();
    if definitions.is_empty() {
        return text.to_owned();
    }
    format!("query ({}) {text}", definitions.join(", "))
}

/// Arguments as they stand behind a field.
pub(super) fn in_brackets(arguments: &str) -> String {
    if arguments.is_empty() { String::new() } else { format!("({arguments})") }
}
