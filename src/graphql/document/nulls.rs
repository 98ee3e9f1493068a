//! Null literals of arguments and input fields that must not be null.
//!
//! The library tells of each of them twice: at the literal, and at the field, directive or object that has it, as if nothing
//! were given there.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ast::{Document, Value},
    validation::DiagnosticData,
};

use super::{diagnostics::Mistake, walk};

/// What is required: its message names the argument or the input field.
const REQUIRED: [&str; 2] = ["RequiredArgument", "RequiredField"];

/// A value of another type.
const OTHER_TYPE: &str = "UnsupportedValueType";

/// Leaves one mistake for each null literal: at the literal, with the name of the argument or field.
pub(super) fn tell_once(found: &mut Vec<Mistake<'_>>, written: &Document) {
    let nulls = literals(written);
    if nulls.is_empty() {
        return;
    }
    let mut told = HashSet::new();
    for mistake in found.iter_mut() {
        let name = required(mistake.error);
        let place = name.and_then(|name| nulls.get(&(mistake.offset, name.as_str())).copied());
        if let Some(place) = place {
            mistake.offset = place;
            mistake.is_null = true;
            told.insert(place);
        }
    }
    found.retain(|mistake| {
        let is_told = told.contains(&mistake.offset) && !mistake.is_null;
        !is_told || mistake.error.unstable_error_name() != Some(OTHER_TYPE)
    });
}

/// Where null is given: by where the field, directive or object begins that has it, and the name of the argument or field.
fn literals(document: &Document) -> HashMap<(usize, &str), usize> {
    let mut nulls = HashMap::new();
    walk::arguments(document, &mut |owner, arguments| {
        let Some(owner) = owner else { return };
        for argument in arguments.iter().filter(|argument| argument.value.is_null()) {
            let place = argument.value.location();
            place.map(|place| nulls.insert((owner.offset(), argument.name.as_str()), place.offset()));
        }
    });
    walk::values(document, &mut |value| {
        let (Some(owner), Value::Object(fields)) = (value.location(), &**value) else { return };
        for (name, value) in fields.iter().filter(|(_, value)| value.is_null()) {
            let place = value.location();
            place.map(|place| nulls.insert((owner.offset(), name.as_str()), place.offset()));
        }
    });
    nulls
}

/// The name of the argument or input field that is said to be left out.
fn required(error: &DiagnosticData) -> Option<String> {
    let name = error.unstable_error_name()?;
    REQUIRED.contains(&name).then_some(())?;
    let message = error.unstable_compat_message()?;
    let mut quoted = message.split('"').skip(1).step_by(2);
    match name {
        // Field "Type.name" of required type …
        "RequiredField" => Some(quoted.next()?.rsplit('.').next()?.to_owned()),
        // Field "field" argument "name" of type …
        _ => quoted.nth(1).map(ToOwned::to_owned),
    }
}
