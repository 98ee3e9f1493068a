//! What validation found wrong, as clients are told it.
//!
//! The library's messages in the words of graphql-js, and its names of the rules, are not promised to stay: the version is
//! pinned, and the story `documents` holds them.

use std::collections::HashSet;

use apollo_compiler::{
    Name, Schema,
    ast::Document,
    diagnostic::ToCliReport,
    schema::{EnumType, ExtendedType},
    validation::{DiagnosticData, DiagnosticList},
};

use super::{nulls, positions::Positions, variables::INT};
use crate::graphql::{
    error::{ErrorCode, RequestError},
    limits::MAX_ERRORS,
};

/// The rule that is checked here in [`roots`](super::roots): the library counts one field twice.
const SINGLE_ROOT: &str = "SubscriptionUsesMultipleFields";

/// The most errors of one place of which messages are made, such as those of a variable in each of many operations.
const MAX_AT_ONE_PLACE: usize = 100;

/// The most characters of one message: a name may be as long as the document.
const MAX_MESSAGE: usize = 400;

/// The most bytes of a name for which a similar one is sought; those of the schema are shorter.
const MAX_NAME: usize = 64;

/// A mistake that the library found.
pub(super) struct Mistake<'f> {
    /// The byte of the document at which it is.
    pub(super) offset: usize,
    pub(super) error: &'f DiagnosticData,
    /// Whether what is said to be left out was given as null.
    pub(super) is_null: bool,
}

/// What clients are told of the mistakes in a document.
#[derive(Default)]
pub(super) struct Refusals {
    /// The first ones in the order of the document, at most [`MAX_ERRORS`].
    pub(super) told: Vec<RequestError>,
    /// How many more there are at least.
    pub(super) more: usize,
}

/// What validation `found` in a document as it was `written`. With a schema to `suggest` from, messages tell what may have
/// been meant.
pub(super) fn refusals(
    found: &DiagnosticList,
    written: &Document,
    positions: &Positions<'_>,
    suggest: Option<&Schema>,
) -> Refusals {
    let mut told: Vec<(usize, String)> = Vec::new();
    let mut more = 0;
    // There may be thousands, and to find the words for one takes long.
    for at_one_place in mistakes(found, written).chunk_by(|mistake, next| mistake.offset == next.offset) {
        if told.len() >= MAX_ERRORS {
            let kinds: HashSet<_> =
                at_one_place.iter().map(|mistake| mistake.error.unstable_error_name()).collect();
            more += kinds.len();
            continue;
        }
        let messages = at_one_place.iter().take(MAX_AT_ONE_PLACE);
        let mut messages: Vec<_> =
            messages.map(|mistake| (mistake.offset, message(mistake, positions, suggest))).collect();
        // The library goes through some of what it finds in the order of a map.
        messages.sort_unstable();
        messages.dedup();
        told.append(&mut messages);
    }
    more += told.len().saturating_sub(MAX_ERRORS);
    told.truncate(MAX_ERRORS);
    let told = told.into_iter().map(|(offset, message)| {
        RequestError::new(ErrorCode::GraphqlValidationFailed, message).at([positions.at(offset)])
    });
    Refusals { told: told.collect(), more }
}

/// What the library found, in the order of the document.
fn mistakes<'f>(found: &'f DiagnosticList, written: &Document) -> Vec<Mistake<'f>> {
    let found = found.iter().filter(|found| found.error.unstable_error_name() != Some(SINGLE_ROOT));
    let mut found: Vec<_> = found
        .map(|found| Mistake {
            offset: found.error.location().map_or(0, |place| place.offset()),
            error: found.error,
            is_null: false,
        })
        .collect();
    nulls::tell_once(&mut found, written);
    found.sort_by_key(|mistake| mistake.offset);
    found
}

fn message(mistake: &Mistake<'_>, positions: &Positions<'_>, suggest: Option<&Schema>) -> String {
    let error = mistake.error;
    let told = error.unstable_compat_message().unwrap_or_else(|| error.to_string().replace('`', "\""));
    let told = match error.unstable_error_name() {
        _ if mistake.is_null => given_as_null(&told),
        // It names the field, and what collides is the name in the answer.
        Some("ConflictingFieldArgument") => differing_arguments(positions.name(mistake.offset)),
        Some("UnsupportedValueType") => null(error).unwrap_or_else(|| corrected(&told)),
        _ => corrected(&told),
    };
    let advice = suggest.and_then(|schema| advice(schema, error.unstable_error_name()?, &told));
    shortened(told) + &advice.unwrap_or_default()
}

/// A message of at most [`MAX_MESSAGE`] characters.
pub(super) fn shortened(message: String) -> String {
    match message.char_indices().nth(MAX_MESSAGE) {
        None => message,
        Some((end, _)) => format!("{}…", &message[..end]),
    }
}

/// The message of two fields that have one name in the answer and differ in their arguments.
pub(super) fn differing_arguments(response_name: &str) -> String {
    format!(
        "Fields \"{response_name}\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional."
    )
}

/// The message of something that is required and was given as null.
fn given_as_null(message: &str) -> String {
    message.replacen(" is required, but it was not provided.", " must not be null.", 1).replacen(
        " was not provided.",
        " must not be null.",
        1,
    )
}

/// The message of null where a value of this type is wanted.
fn null(error: &DiagnosticData) -> Option<String> {
    let told = error.to_string();
    let wanted = told.strip_prefix("expected value of type ")?.strip_suffix(", found null")?;
    Some(format!("Expected value of type \"{wanted}\", found null."))
}

/// A message with what it says wrongly put right, and with every name that it tells in quotes: by them those are found
/// that may not be told.
fn corrected(message: &str) -> String {
    if let Some((of_type, value)) =
        message.split_once(" cannot represent ").filter(|(of_type, _)| !of_type.contains('"'))
    {
        let value = value
            .strip_prefix("non 32-bit signed integer value: ")
            .map_or_else(|| value.to_owned(), |number| format!("{number}: it must be {INT}"));
        return format!("\"{of_type}\" cannot represent {value}");
    }
    if message.contains(" must have a selection of subfields") {
        // It names the type that has the field.
        return message.replacen(" of type ", " on type ", 1);
    }
    if let Some((fields, types)) = message.split_once(" return conflicting types ") {
        // The first type lacks its second quotation mark.
        let types = types.replacen(" and \"", "\" and \"", 1);
        return format!("{fields} return conflicting types {types}");
    }
    message.replacen(" on field \"@", " on directive \"@", 1)
}

/// What helps to put a mistake right: the values of an enum, or the name of the schema that may have been meant.
fn advice(schema: &Schema, rule: &str, message: &str) -> Option<String> {
    let quoted: Vec<_> = message.split('"').skip(1).step_by(2).collect();
    let of_type = match rule {
        "UndefinedEnumValue" => quoted.get(1),
        "UnsupportedValueType" => quoted.first(),
        _ => None,
    };
    if let Some(known) = of_type.and_then(|of_type| schema.get_enum(of_type.trim_end_matches('!'))) {
        let stop = if message.ends_with('.') { "" } else { "." };
        return Some(format!("{stop} It must be {}.", one_of(known)));
    }
    suggestion(schema, rule, &quoted).map(|name| format!(" Did you mean \"{name}\"?"))
}

/// The values of an enum, as `ONE, TWO or THREE`.
pub(super) fn one_of(known: &EnumType) -> String {
    let names: Vec<_> = known.values.keys().map(Name::as_str).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The name of the schema that is most like one that it does not have: two letters in five may differ.
fn suggestion(schema: &Schema, rule: &str, quoted: &[&str]) -> Option<String> {
    let (wrong, place) = (*quoted.first()?, quoted.get(1).copied());
    match rule {
        "UndefinedField" => most_like(wrong, field_names(schema.types.get(place?)?)),
        "UndefinedArgument" => {
            let (of_type, field) = place?.split_once('.')?;
            let arguments = schema.type_field(of_type, field).ok()?.arguments.iter();
            most_like(wrong, arguments.map(|argument| argument.name.as_str()))
        }
        "UndefinedInputValue" => {
            let fields = schema.get_input_object(place?)?.fields.keys();
            most_like(wrong, fields.map(Name::as_str))
        }
        "UndefinedDefinition"
        | "UndefinedTypeInNamedFragmentTypeCondition"
        | "UndefinedTypeInInlineFragmentTypeCondition" => {
            most_like(wrong, schema.types.keys().map(Name::as_str))
        }
        _ => None,
    }
}

fn field_names(definition: &ExtendedType) -> Box<dyn Iterator<Item = &str> + '_> {
    match definition {
        ExtendedType::Object(object) => Box::new(object.fields.keys().map(Name::as_str)),
        ExtendedType::Interface(interface) => Box::new(interface.fields.keys().map(Name::as_str)),
        _ => Box::new(std::iter::empty()),
    }
}

fn most_like<'s>(wrong: &str, names: impl Iterator<Item = &'s str>) -> Option<String> {
    // What is much longer than any name is like none, and comparing takes as long as both lengths multiplied.
    if wrong.len() > MAX_NAME {
        return None;
    }
    let distances = names.map(|name| (strsim::osa_distance(wrong, name), name));
    let (distance, name) = distances.min()?;
    (distance <= (wrong.len() * 2 / 5).max(1)).then(|| name.to_owned())
}
