//! Brings variables to the types of an operation before anything of it is executed.
//!
//! GraphQL specification (September 2025), section 6.1.2, "Coercing Variable Values". The executor would find a variable that
//! does not fit only at the field that uses it, after a mutation's earlier fields have run.

use apollo_compiler::{
    Schema,
    ast::{Type, VariableDefinition},
    schema::{EnumType, ExtendedType, InputObjectType},
};
use async_graphql::{Name, Pos, Value, Variables};

use super::{
    Operation,
    diagnostics::{one_of, shortened},
    misfit::{Misfit, VariablePath},
    positions::Positions,
    reader::Reader,
    values,
};
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

    fn variable(&self, variable: &Variable, given: Option<Value>) -> Result<Option<Value>, Misfit> {
        let Variable { name, of_type, default, must_not_be_null, .. } = variable;
        match given {
            Some(Value::Null) if *must_not_be_null && !of_type.is_non_null() => {
                Err(Misfit::open(format!("${name} is null, and stands where null may not")))
            }
            Some(mut value) => {
                fit(&self.schema, VariablePath::Variable(name), &mut value, of_type)?;
                Ok(Some(value))
            }
            None if default.is_some() => Ok(default.clone()),
            // The client has named the type.
            None if of_type.is_non_null() => {
                Err(Misfit::open(format!("${name} is missing; it must be {of_type}")))
            }
            None => Ok(None),
        }
    }

    fn refusal(&self, variable: &Variable, problem: &Misfit) -> RequestError {
        let message = shortened(format!("variable {}", problem.message(self.introspection)));
        RequestError::new(ErrorCode::VariablesInvalid, message).at([variable.pos])
    }
}

/// Brings a value to the form of its type, or says why it is not of it. Recurses as deep as types are nested in each other.
fn fit(schema: &Schema, path: VariablePath<'_>, value: &mut Value, wanted: &Type) -> Result<(), Misfit> {
    match (value, wanted) {
        (Value::Null, wanted) if !wanted.is_non_null() => Ok(()),
        (Value::Null, _) => Err(Misfit::null(path, wanted)),
        (Value::List(items), Type::List(item) | Type::NonNullList(item)) => {
            let mut numbered = items.iter_mut().enumerate();
            numbered
                .try_for_each(|(number, value)| fit(schema, VariablePath::Item(&path, number), value, item))
        }
        // A single value stands for a list of one.
        (value, Type::List(item) | Type::NonNullList(item)) => fit(schema, path, value, item),
        (value, Type::Named(name) | Type::NonNullNamed(name)) => fit_named(schema, path, value, name),
    }
}

fn fit_named(schema: &Schema, path: VariablePath<'_>, value: &mut Value, name: &str) -> Result<(), Misfit> {
    let (fits, allowed) = match (schema.types.get(name), &mut *value) {
        (Some(ExtendedType::InputObject(input)), Value::Object(values)) => {
            return fit_object(schema, path, values, input);
        }
        (Some(ExtendedType::Enum(known)), value) => (is_one_of(known, value), Some(one_of(known))),
        (Some(ExtendedType::Scalar(_)) | None, value) => (fit_scalar(value, name), what_is(name)),
        _ => (false, None),
    };
    if fits { Ok(()) } else { Err(Misfit::of_type(path, name, allowed.as_deref(), value)) }
}

fn is_one_of(known: &EnumType, value: &Value) -> bool {
    matches!(value, Value::String(value) if known.values.contains_key(value.as_str()))
}

/// What a built-in scalar takes, where its name does not say it.
fn what_is(scalar: &str) -> Option<String> {
    match scalar {
        "Int" => Some(INT.to_owned()),
        "ID" => Some("a string, or a whole number".to_owned()),
        _ => None,
    }
}

fn fit_object(
    schema: &Schema,
    path: VariablePath<'_>,
    values: &mut async_graphql::indexmap::IndexMap<Name, Value>,
    input: &InputObjectType,
) -> Result<(), Misfit> {
    if let Some(unknown) = values.keys().find(|key| !input.fields.contains_key(key.as_str())) {
        return Err(Misfit::unknown_field(path, unknown, &input.name));
    }
    for field in input.fields.values() {
        let here = VariablePath::Field(&path, &field.name);
        match values.get_mut(field.name.as_str()) {
            Some(value) => fit(schema, here, value, &field.ty)?,
            None if !field.is_required() => {}
            None => return Err(Misfit::missing_field(path, &field.name, &field.ty)),
        }
    }
    let one = values.len() == 1 && values.values().all(|value| *value != Value::Null);
    if input.is_one_of() && !one {
        return Err(Misfit::not_one(path, input, values));
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
