//! What clients are told of a variable that does not fit its type.

use std::fmt;

use apollo_compiler::{ast::Type, schema::InputObjectType};
use async_graphql::{Name, Value, indexmap::IndexMap};

/// The most characters of a text that a message repeats.
const MAX_TEXT: usize = 64;

/// Where in a variable a value is.
#[derive(Clone, Copy)]
pub(super) enum VariablePath<'a> {
    Variable(&'a str),
    Item(&'a VariablePath<'a>, usize),
    Field(&'a VariablePath<'a>, &'a str),
}

impl fmt::Display for VariablePath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "${name}"),
            Self::Item(list, number) => write!(f, "{list}[{number}]"),
            Self::Field(object, name) => write!(f, "{object}.{name}"),
        }
    }
}

/// Why a value does not fit, in two wordings.
pub(super) struct Misfit {
    /// With the names of the schema.
    told: String,
    /// With nothing that the client did not send.
    discreet: String,
}

impl Misfit {
    /// The message for a client that may know the schema, or for one that may not.
    pub(super) fn message(&self, may_know_schema: bool) -> &str {
        if may_know_schema { &self.told } else { &self.discreet }
    }

    /// A message that has no name of the schema but those that the client sent.
    pub(super) fn open(message: String) -> Self {
        Self { discreet: message.clone(), told: message }
    }

    /// Null where it may not be.
    pub(super) fn null(path: VariablePath<'_>, wanted: &Type) -> Self {
        Self {
            told: format!("{path} is null; it must be {wanted}"),
            discreet: format!("{path} is null, and must not be"),
        }
    }

    /// A value of another type than the one with this name. `allowed` says what that one takes.
    pub(super) fn of_type(path: VariablePath<'_>, name: &str, allowed: Option<&str>, value: &Value) -> Self {
        let allowed = allowed.map_or_else(String::new, |allowed| format!(" ({allowed})"));
        let sent = sent(value, !allowed.is_empty());
        Self {
            told: format!("{path} must be {name}{allowed}, and is {sent}"),
            discreet: format!("{path} is {sent}, which is not of its type"),
        }
    }

    /// A field that an input object does not have.
    pub(super) fn unknown_field(path: VariablePath<'_>, unknown: &str, input: &str) -> Self {
        Self {
            told: format!("{path}.{unknown} does not exist: {input} has no such field"),
            discreet: format!("{path}.{unknown} does not exist"),
        }
    }

    /// A field that was left out, and is required.
    pub(super) fn missing_field(path: VariablePath<'_>, name: &str, wanted: &Type) -> Self {
        Self {
            told: format!("{path}.{name} is missing; it must be {wanted}"),
            discreet: format!("{path} lacks a field that is required"),
        }
    }

    /// An input object of which exactly one field is to be given.
    pub(super) fn not_one(
        path: VariablePath<'_>,
        input: &InputObjectType,
        given: &IndexMap<Name, Value>,
    ) -> Self {
        let name = &input.name;
        let fields: Vec<_> = input.fields.keys().map(apollo_compiler::Name::as_str).collect();
        let fields = fields.join(", ");
        let (path, sent) = match given.first() {
            Some((field, _)) if given.len() == 1 => {
                (VariablePath::Field(&path, field).to_string(), "is null")
            }
            Some(_) => (path.to_string(), "has several fields"),
            None => (path.to_string(), "has no field"),
        };
        Self {
            told: format!("{path} {sent}; a {name} has exactly one of {fields}, which must not be null"),
            discreet: format!("{path} {sent}; exactly one must be given, and must not be null"),
        }
    }
}

/// What was sent: the value itself where only some of its kind are allowed, else its kind.
fn sent(value: &Value, is_choice: bool) -> String {
    match value {
        Value::Number(number) if is_choice => number.to_string(),
        Value::String(text) if is_choice => quoted(text),
        Value::Null => "null".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(_) | Value::Enum(_) => "a string".to_owned(),
        Value::Boolean(_) => "a boolean".to_owned(),
        Value::Binary(_) => "bytes".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// A text in quotes, cut where it is long.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}
