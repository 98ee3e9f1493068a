//! Literals as the executor takes them.

use apollo_compiler::{
    Schema,
    ast::{Type, Value as Literal},
};
use async_graphql::{Name, indexmap::IndexMap};
use async_graphql_value::{ConstValue, Number, Value};

/// What a name takes beside its text: the reference counts.
pub(super) const NAME_BYTES: usize = 16;

/// The value of a literal where a type is wanted: a number is an ID where one is wanted, however long it is.
pub(super) fn value(schema: &Schema, literal: &Literal, wanted: Option<&Type>) -> Value {
    named(schema, literal, wanted.map_or("", |wanted| wanted.inner_named_type().as_str()))
}

/// The same for a literal in which no variable may stand.
pub(super) fn constant(schema: &Schema, literal: &Literal, wanted: &Type) -> Option<ConstValue> {
    value(schema, literal, Some(wanted)).into_const()
}

/// Lists are of the type that is named inside of them.
fn named(schema: &Schema, literal: &Literal, wanted: &str) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Enum(name) => Value::Enum(Name::new(name)),
        Literal::Variable(name) => Value::Variable(Name::new(name)),
        Literal::String(text) => Value::String(text.clone()),
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Int(number) if wanted == "ID" => Value::String(number.as_str().to_owned()),
        Literal::Int(number) if wanted != "Float" => match number.as_str().parse::<i64>() {
            Ok(number) => Value::Number(number.into()),
            Err(_) => float(number.try_to_f64().ok()),
        },
        Literal::Int(number) => float(number.try_to_f64().ok()),
        Literal::Float(number) => float(number.try_to_f64().ok()),
        Literal::List(items) => Value::List(items.iter().map(|item| named(schema, item, wanted)).collect()),
        Literal::Object(fields) => Value::Object(object(schema, fields, wanted)),
    }
}

fn object(
    schema: &Schema,
    fields: &[(apollo_compiler::Name, apollo_compiler::Node<Literal>)],
    wanted: &str,
) -> IndexMap<Name, Value> {
    let input = schema.get_input_object(wanted);
    let fields = fields.iter().map(|(name, literal)| {
        let field = input.and_then(|input| input.fields.get(name));
        (Name::new(name), value(schema, literal, field.map(|field| &*field.ty)))
    });
    fields.collect()
}

fn float(number: Option<f64>) -> Value {
    number.and_then(Number::from_f64).map_or(Value::Null, Value::Number)
}

/// About how many bytes a value takes beside its own size.
pub(super) fn bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Enum(name) | Value::Variable(name) => NAME_BYTES + name.len(),
        Value::List(items) => items.iter().map(|item| size_of::<Value>() + bytes(item)).sum(),
        Value::Object(fields) => fields
            .iter()
            // An entry has its hash, and the table an index.
            .map(|(name, value)| NAME_BYTES + name.len() + 2 * size_of::<(Name, Value)>() + bytes(value))
            .sum(),
        _ => 0,
    }
}
