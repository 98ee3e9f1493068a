//! Brings variables to the types of an operation before anything of it is executed.
//!
//! GraphQL specification (September 2025), section 6.1.2, "Coercing Variable Values". The executor would find a variable that
//! does not fit only at the field that uses it, after a mutation's earlier fields have run.

use std::fmt;

use apollo_compiler::{
    Schema,
    ast::{Type, VariableDefinition},
    schema::{EnumType, ExtendedType, InputObjectType},
};
use async_graphql::{Name, Pos, Value, Variables};

use super::{Operation, positions::Positions, reader::Reader, values};
use crate::graphql::error::{ErrorCode, RequestError};

/// What an Int is.
pub(super) const INT: &str = "a whole number from -2147483648 to 2147483647";

/// A variable of an operation.
pub(super) struct Variable {
    name: Name,
    of_type: Type,
    default: Option<Value>,
    /// Whether it stands where null may not, whatever its type says.
    must_not_be_null: bool,
    pos: Pos,
}

impl Variable {
    pub(super) fn of(
        schema: &Schema,
        definition: &apollo_compiler::Node<VariableDefinition>,
        must_not_be_null: bool,
        positions: &Positions<'_>,
    ) -> Self {
        let default = definition.default_value.as_ref();
        Self {
            name: Name::new(&definition.name),
            of_type: Type::clone(&definition.ty),
            default: default.and_then(|literal| values::constant(schema, literal, &definition.ty)),
            must_not_be_null,
            pos: definition.location().map_or_else(Pos::default, |location| positions.at(location.offset())),
        }
    }
}

impl Reader {
    /// The variables that an operation declares, each of its type, with the defaults of those that were left out. What it
    /// does not declare is dropped.
    pub(in crate::graphql) fn variables(
        &self,
        operation: &Operation,
        mut given: Variables,
    ) -> Result<Variables, RequestError> {
        let mut variables = Variables::default();
        for variable in &operation.variables {
            let value = given.remove(&variable.name);
            let value = self.variable(variable, value).map_err(|problem| self.refusal(variable, &problem))?;
            if let Some(value) = value {
                variables.insert(variable.name.clone(), value);
            }
        }
        Ok(variables)
    }

    fn variable(&self, variable: &Variable, given: Option<Value>) -> Result<Option<Value>, String> {
        let Variable { name, of_type, default, must_not_be_null, .. } = variable;
        match given {
            Some(Value::Null) if *must_not_be_null && !of_type.is_non_null() => {
                Err(format!("${name} is null, and stands where null may not"))
            }
            Some(mut value) => {
                fit(&self.schema, Place::Variable(name), &mut value, of_type)?;
                Ok(Some(value))
            }
            None if default.is_some() => Ok(default.clone()),
            None if of_type.is_non_null() => Err(format!("${name} is missing; it must be {of_type}")),
            None => Ok(None),
        }
    }

    fn refusal(&self, variable: &Variable, problem: &str) -> RequestError {
        let message = if self.introspection {
            format!("variable {problem}")
        } else {
            format!("variable ${} does not fit its type", variable.name)
        };
        RequestError::new(ErrorCode::VariablesInvalid, message).at([variable.pos])
    }
}

/// Where in a variable a value is.
#[derive(Clone, Copy)]
enum Place<'a> {
    Variable(&'a str),
    Item(&'a Place<'a>, usize),
    Field(&'a Place<'a>, &'a str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "${name}"),
            Self::Item(list, number) => write!(f, "{list}[{number}]"),
            Self::Field(object, name) => write!(f, "{object}.{name}"),
        }
    }
}

/// Brings a value to the form of its type, or says why it is not of it. Recurses as deep as types are nested in each other.
fn fit(schema: &Schema, place: Place<'_>, value: &mut Value, wanted: &Type) -> Result<(), String> {
    match (value, wanted) {
        (Value::Null, wanted) if !wanted.is_non_null() => Ok(()),
        (Value::Null, _) => Err(format!("{place} is null; it must be {wanted}")),
        (Value::List(items), Type::List(item) | Type::NonNullList(item)) => {
            let mut numbered = items.iter_mut().enumerate();
            numbered.try_for_each(|(number, value)| fit(schema, Place::Item(&place, number), value, item))
        }
        // A single value stands for a list of one.
        (value, Type::List(item) | Type::NonNullList(item)) => fit(schema, place, value, item),
        (value, Type::Named(name) | Type::NonNullNamed(name)) => fit_named(schema, place, value, name),
    }
}

fn fit_named(schema: &Schema, place: Place<'_>, value: &mut Value, name: &str) -> Result<(), String> {
    let fits = match (schema.types.get(name), &mut *value) {
        (Some(ExtendedType::InputObject(input)), Value::Object(values)) => {
            return fit_object(schema, place, values, input);
        }
        (Some(ExtendedType::Enum(known)), Value::String(value)) => is_one_of(known, value),
        (Some(ExtendedType::Scalar(_)) | None, value) => fit_scalar(value, name),
        _ => false,
    };
    match &*value {
        _ if fits => Ok(()),
        Value::Number(number) if name == "Int" => {
            Err(format!("{place} must be Int ({INT}), and is {number}"))
        }
        other if name == "Int" => Err(format!("{place} must be Int ({INT}), and is {}", kind_of(other))),
        other => Err(format!("{place} must be {name}, and is {}", kind_of(other))),
    }
}

fn is_one_of(known: &EnumType, value: &str) -> bool {
    known.values.contains_key(value)
}

fn fit_object(
    schema: &Schema,
    place: Place<'_>,
    values: &mut async_graphql::indexmap::IndexMap<Name, Value>,
    input: &InputObjectType,
) -> Result<(), String> {
    let name = &input.name;
    if let Some(unknown) = values.keys().find(|key| !input.fields.contains_key(key.as_str())) {
        return Err(format!("{place}.{unknown} does not exist: {name} has no such field"));
    }
    for field in input.fields.values() {
        let place = Place::Field(&place, &field.name);
        match values.get_mut(field.name.as_str()) {
            Some(value) => fit(schema, place, value, &field.ty)?,
            None if !field.is_required() => {}
            None => return Err(format!("{place} is missing; it must be {}", field.ty)),
        }
    }
    let one = values.len() == 1 && values.values().all(|value| *value != Value::Null);
    if input.is_one_of() && !one {
        return Err(format!(
            "{place} must have exactly one of the fields of {name}, and it must not be null"
        ));
    }
    Ok(())
}

/// The built-in scalars of the specification, section 3.5; any other scalar judges for itself.
///
/// `1.0` is an Int, as for graphql-js: languages without whole numbers write it so. A number is an ID, and becomes a text.
fn fit_scalar(value: &mut Value, name: &str) -> bool {
    match (name, &*value) {
        ("Int", Value::Number(number)) => match whole(number) {
            Some(number) => {
                *value = Value::Number(number.into());
                true
            }
            None => false,
        },
        ("ID", Value::Number(number)) if !number.is_f64() => {
            *value = Value::String(number.to_string());
            true
        }
        ("Float", Value::Number(_))
        | ("String" | "ID", Value::String(_))
        | ("Boolean", Value::Boolean(_)) => true,
        ("Int" | "Float" | "String" | "Boolean" | "ID", _) => false,
        _ => true,
    }
}

/// A number that is whole and has 32 bits.
fn whole(number: &async_graphql::Number) -> Option<i32> {
    if let Some(number) = number.as_i64() {
        return i32::try_from(number).ok();
    }
    let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
    #[expect(clippy::cast_possible_truncation, reason = "it is in the range")]
    (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number).then_some(number as i32)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Number(_) => "a number",
        Value::String(_) | Value::Enum(_) => "a string",
        Value::Boolean(_) => "a boolean",
        Value::Binary(_) => "bytes",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    }
}
