//! Checks variables against the operation before anything is executed.
//!
//! GraphQL specification (September 2025), section 6.1.2, "Coercing Variable Values". The library would report a missing
//! variable only at the field that uses it, after a mutation's earlier fields have run.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Value, Variables,
    parser::types::{
        BaseType, InputValueDefinition, OperationDefinition, Type, TypeDefinition, TypeKind,
        VariableDefinition,
    },
};
use foldhash::fast::RandomState;

use crate::graphql::error::{ErrorCode, RequestError};

/// The input types of the schema, by name.
#[derive(Clone, Debug)]
pub(super) struct InputTypes {
    types: HashMap<Name, InputType, RandomState>,
    /// Whether messages tell what is wanted.
    tells: bool,
}

#[derive(Clone, Debug)]
enum InputType {
    Enum(Vec<Name>),
    Object { fields: Vec<InputValueDefinition>, one_of: bool },
}

impl InputTypes {
    /// Reads them from the types of the schema; scalars need no entry.
    pub(super) fn of(types: &[TypeDefinition], tells: bool) -> Self {
        let types = types.iter().filter_map(|definition| {
            let kind = InputType::read(&definition.kind, is_one_of(definition))?;
            Some((definition.name.node.clone(), kind))
        });
        Self { types: types.collect(), tells }
    }

    /// Refuses variables that are missing or of the wrong type.
    pub(super) fn check(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), RequestError> {
        for definition in &operation.variable_definitions {
            let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
            let name = &name.node;
            let checked = match variables.get(name) {
                Some(value) => self.fits(&format!("${name}"), value, &var_type.node),
                None if var_type.node.nullable || default_value.is_some() => Ok(()),
                None => Err(format!("${name} is missing; it must be {}", var_type.node)),
            };
            checked.map_err(|message| {
                let message = if self.tells { message } else { format!("${name} does not fit its type") };
                invalid(&message, definition.pos)
            })?;
        }
        Ok(())
    }

    fn fits(&self, place: &str, value: &Value, wanted: &Type) -> Result<(), String> {
        match (value, &wanted.base) {
            (Value::Null, _) if wanted.nullable => Ok(()),
            (Value::Null, _) => Err(format!("{place} is null; it must be {wanted}")),
            (Value::List(items), BaseType::List(item)) => {
                let mut numbered = items.iter().enumerate();
                numbered.try_for_each(|(number, value)| self.fits(&format!("{place}[{number}]"), value, item))
            }
            // A single value stands for a list of one.
            (value, BaseType::List(item)) => self.fits(place, value, item),
            (value, BaseType::Named(name)) => self.fits_named(place, value, name),
        }
    }

    fn fits_named(&self, place: &str, value: &Value, name: &Name) -> Result<(), String> {
        let fits = match (self.types.get(name), value) {
            (Some(InputType::Object { fields, one_of }), Value::Object(values)) => {
                self.fits_fields(place, values, fields, name)?;
                let one = values.len() == 1 && values.values().all(|value| *value != Value::Null);
                if *one_of && !one {
                    return Err(format!(
                        "{place} must have exactly one of the fields of {name}, and it must not be null"
                    ));
                }
                true
            }
            (Some(InputType::Enum(values)), Value::String(value)) => values.iter().any(|name| name == value),
            (Some(_), _) => false,
            (None, value) => fits_scalar(value, name),
        };
        let meaning = if name == "Int" { " (a whole number of 32 bits)" } else { "" };
        if fits { Ok(()) } else { Err(format!("{place} must be {name}{meaning}, and is {}", kind_of(value))) }
    }

    fn fits_fields(
        &self,
        place: &str,
        values: &async_graphql::indexmap::IndexMap<Name, Value>,
        fields: &[InputValueDefinition],
        name: &Name,
    ) -> Result<(), String> {
        if let Some(unknown) = values.keys().find(|key| fields.iter().all(|field| field.name.node != **key)) {
            return Err(format!("{place}.{unknown} does not exist: {name} has no such field"));
        }
        for InputValueDefinition { name, ty, default_value, .. } in fields {
            let place = format!("{place}.{}", name.node);
            match values.get(&name.node) {
                Some(value) => self.fits(&place, value, &ty.node)?,
                None if ty.node.nullable || default_value.is_some() => {}
                None => return Err(format!("{place} is missing; it must be {}", ty.node)),
            }
        }
        Ok(())
    }
}

/// Whether exactly one of the fields of an input object must be given.
pub(super) fn is_one_of(definition: &TypeDefinition) -> bool {
    let mut directives = definition.directives.iter();
    directives.any(|directive| directive.node.name.node == "oneOf")
}

impl InputType {
    fn read(kind: &TypeKind, one_of: bool) -> Option<Self> {
        match kind {
            TypeKind::Enum(kind) => {
                Some(Self::Enum(kind.values.iter().map(|value| value.node.value.node.clone()).collect()))
            }
            TypeKind::InputObject(kind) => Some(Self::Object {
                fields: kind.fields.iter().map(|field| field.node.clone()).collect(),
                one_of,
            }),
            _ => None,
        }
    }
}

/// The built-in scalars of the specification, section 3.5; any other scalar judges for itself.
fn fits_scalar(value: &Value, name: &Name) -> bool {
    match (name.as_str(), value) {
        ("Int", Value::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        ("Float", Value::Number(_))
        | ("String" | "ID", Value::String(_))
        | ("Boolean", Value::Boolean(_)) => true,
        ("ID", Value::Number(number)) => !number.is_f64(),
        ("Int" | "Float" | "String" | "Boolean" | "ID", _) => false,
        _ => true,
    }
}

/// The variables that the operation declares, with the defaults of those that were left out: the library forgets defaults in
/// `@include` and `@skip`, and what is not declared would be kept for as long as the operation runs.
pub(in crate::graphql) fn declared(operation: &OperationDefinition, mut variables: Variables) -> Variables {
    let definitions = || operation.variable_definitions.iter().map(|definition| &definition.node);
    variables.retain(|name, _| definitions().any(|definition| definition.name.node == *name));
    for VariableDefinition { name, default_value, .. } in definitions() {
        if let Some(default) = default_value
            && !variables.contains_key(&name.node)
        {
            variables.insert(name.node.clone(), default.node.clone());
        }
    }
    variables
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

fn invalid(message: &str, pos: Pos) -> RequestError {
    RequestError::new(ErrorCode::VariablesInvalid, format!("variable {message}")).at([pos])
}
