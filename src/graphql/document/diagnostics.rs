//! What validation found wrong, as clients are told it.
//!
//! The library's messages in the words of graphql-js, and its names of the rules, are not promised to stay: the version is
//! pinned, and the story `documents` holds them.

use apollo_compiler::{
    Name, Schema,
    diagnostic::ToCliReport,
    schema::ExtendedType,
    validation::{DiagnosticData, DiagnosticList},
};

use super::{positions::Positions, variables::INT};
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

/// The errors in the order of the document, at most [`MAX_ERRORS`] of them. With a schema to `suggest` from they tell what
/// may have been meant.
pub(super) fn refusals(
    found: &DiagnosticList,
    positions: &Positions<'_>,
    suggest: Option<&Schema>,
) -> Vec<RequestError> {
    let found = found.iter().filter(|found| found.error.unstable_error_name() != Some(SINGLE_ROOT));
    let mut found: Vec<(usize, &DiagnosticData)> =
        found.map(|found| (found.error.location().map_or(0, |place| place.offset()), found.error)).collect();
    // There may be thousands, and to find the words for one takes long.
    found.sort_by_key(|(offset, _)| *offset);
    let mut told: Vec<(usize, String)> = Vec::new();
    for at_one_place in found.chunk_by(|(offset, _), (next, _)| offset == next) {
        let messages = at_one_place.iter().take(MAX_AT_ONE_PLACE);
        let mut messages: Vec<_> =
            messages.map(|(offset, error)| (*offset, message(error, suggest))).collect();
        // The library goes through some of what it finds in the order of a map.
        messages.sort_unstable();
        messages.dedup();
        told.append(&mut messages);
        if told.len() >= MAX_ERRORS {
            break;
        }
    }
    told.truncate(MAX_ERRORS);
    let refusals = told.into_iter().map(|(offset, message)| {
        RequestError::new(ErrorCode::GraphqlValidationFailed, message).at([positions.at(offset)])
    });
    refusals.collect()
}

fn message(error: &DiagnosticData, suggest: Option<&Schema>) -> String {
    let told = error.unstable_compat_message().unwrap_or_else(|| error.to_string().replace('`', "\""));
    let told = corrected(&told);
    let meant = suggest.and_then(|schema| suggestion(schema, error.unstable_error_name()?, &told));
    let meant = meant.map_or_else(String::new, |name| format!(" Did you mean \"{name}\"?"));
    if told.chars().nth(MAX_MESSAGE).is_none() {
        return told + &meant;
    }
    let start: String = told.chars().take(MAX_MESSAGE).collect();
    format!("{start}…{meant}")
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

/// The name of the schema that is most like one that it does not have: two letters in five may differ.
fn suggestion(schema: &Schema, rule: &str, message: &str) -> Option<String> {
    let mut quoted = message.split('"').skip(1).step_by(2);
    let (wrong, place) = (quoted.next()?, quoted.next());
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
        "UndefinedEnumValue" => {
            let values = schema.get_enum(place?)?.values.keys();
            most_like(wrong, values.map(Name::as_str))
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
