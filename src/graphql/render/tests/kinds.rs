//! The types of the schema, read off its own text.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::types::{
    BaseType, FieldDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};

use crate::graphql::schema::parsed;

/// A type that has fields, or stands for types that have some.
pub(super) struct Kind {
    pub(super) fields: Vec<Field>,
    /// The objects that its values can be: an object's own name.
    pub(super) objects: BTreeSet<String>,
}

/// A field of a type.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) name: String,
    /// What its values are, in lists or not.
    pub(super) gives: String,
    /// The names of its arguments.
    pub(super) arguments: Vec<String>,
    /// Whether it fails where nobody is named who acts.
    pub(super) needs_viewer: bool,
}

/// All of them by name.
pub(super) struct Kinds(BTreeMap<String, Kind>);

impl Kinds {
    pub(super) fn of_schema() -> Self {
        let document = parsed();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        });
        let types: Vec<TypeDefinition> = types.collect();
        let kinds = types.iter().filter_map(|definition| Some((name(definition), kind(definition, &types)?)));
        Self(kinds.collect())
    }

    /// A type with this name; `None` for what has no fields.
    pub(super) fn get(&self, name: &str) -> Option<&Kind> {
        self.0.get(name)
    }

    /// The types that a fragment may be on where there are values of this one.
    pub(super) fn overlapping(&self, name: &str) -> Vec<&str> {
        let here = &self.0[name];
        let overlaps = |other: &Kind| !other.objects.is_disjoint(&here.objects);
        self.0.iter().filter(|(_, other)| overlaps(other)).map(|(name, _)| name.as_str()).collect()
    }
}

fn name(definition: &TypeDefinition) -> String {
    definition.name.node.to_string()
}

fn kind(definition: &TypeDefinition, types: &[TypeDefinition]) -> Option<Kind> {
    let own_name = name(definition);
    let (fields, objects) = match &definition.kind {
        TypeKind::Object(object) => (object.fields.as_slice(), BTreeSet::from([own_name])),
        TypeKind::Interface(interface) => (interface.fields.as_slice(), implementing(&own_name, types)),
        TypeKind::Union(union) => (&[][..], union.members.iter().map(|name| name.node.to_string()).collect()),
        _ => return None,
    };
    let fields = fields.iter().map(|definition| field(&definition.node)).collect();
    Some(Kind { fields, objects })
}

fn implementing(interface: &str, types: &[TypeDefinition]) -> BTreeSet<String> {
    let implements = |definition: &&TypeDefinition| match &definition.kind {
        TypeKind::Object(object) => object.implements.iter().any(|name| name.node == interface),
        _ => false,
    };
    types.iter().filter(implements).map(name).collect()
}

fn field(definition: &FieldDefinition) -> Field {
    let about = definition.description.as_ref().map(|text| text.node.as_str()).unwrap_or_default();
    Field {
        name: definition.name.node.to_string(),
        gives: named(&definition.ty.node.base),
        arguments: definition.arguments.iter().map(|argument| argument.node.name.node.to_string()).collect(),
        needs_viewer: about.contains("ACTING_USER_REQUIRED"),
    }
}

fn named(base: &BaseType) -> String {
    match base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(item) => named(&item.base),
    }
}
