//! What is in the schema.

use std::collections::BTreeSet;

use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};

use crate::support::schema;

/// All fields of objects and interfaces, as `Type.field`.
pub fn fields() -> BTreeSet<String> {
    let definitions = schema().0.definitions;
    let fields = definitions.into_iter().flat_map(|definition| {
        let TypeSystemDefinition::Type(of_type) = definition else { return Vec::new() };
        let fields = match of_type.node.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            _ => return Vec::new(),
        };
        let name = of_type.node.name.node;
        fields.into_iter().map(|field| format!("{name}.{}", field.node.name.node)).collect()
    });
    fields.collect()
}

/// Whether what is asked for with operations.
pub fn is_root(field: &str) -> bool {
    ["Query.", "Mutation.", "Subscription."].iter().any(|root| field.starts_with(root))
}

/// What must be written behind a field so that it can be asked for: nothing, or a selection of something.
pub fn selection(field: &str) -> &'static str {
    let (name, field) = field.split_once('.').expect("a type and a field");
    let definitions = schema().0.definitions;
    let has_fields = |name: &str| {
        definitions.iter().any(|definition| match definition {
            TypeSystemDefinition::Type(of_type) if of_type.node.name.node == name => {
                matches!(of_type.node.kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
            }
            _ => false,
        })
    };
    let of_type = definitions.iter().find_map(|definition| match definition {
        TypeSystemDefinition::Type(of_type) if of_type.node.name.node == name => Some(&of_type.node.kind),
        _ => None,
    });
    let Some(TypeKind::Object(object)) = of_type else { panic!("{name} is no object") };
    let found: &FieldDefinition = object
        .fields
        .iter()
        .map(|found| &found.node)
        .find(|found| found.name.node == field)
        .expect("a field of the type");
    let given = found.ty.node.to_string();
    if has_fields(given.trim_matches(['[', ']', '!'])) { "{ __typename }" } else { "" }
}
