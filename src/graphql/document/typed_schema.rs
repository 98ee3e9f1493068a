//! The schema that documents are validated against.

use apollo_compiler::{
    Node, Schema,
    ast::{FieldDefinition, InputValueDefinition},
    collections::IndexMap,
    schema::ExtendedType,
    validation::Valid,
};

/// What introspection is in a later edition of the specification than the executor answers: a type, its field, and the
/// argument, or the field itself.
const LATER: [(&str, &str, Option<&str>); 3] = [
    ("__Directive", "isDeprecated", None),
    ("__Directive", "deprecationReason", None),
    ("__Schema", "directives", Some("includeDeprecated")),
];

/// Reads it from the text that the executor exports, so both know the same types.
///
/// Descriptions are dropped: validation hashes the definition of a field for each time it is selected. Of a text that is
/// no schema nothing is known, and no document fits: a unit test holds that ours is one.
pub(super) fn read(sdl: &str) -> Valid<Schema> {
    let mut schema = Schema::parse(sdl, "schema.graphql").unwrap_or_else(|problem| problem.partial);
    schema.types.values_mut().for_each(strip);
    for later in LATER {
        remove(&mut schema, later);
    }
    schema.validate().unwrap_or_else(|problem| Valid::assume_valid(problem.partial))
}

fn strip(definition: &mut ExtendedType) {
    match definition {
        ExtendedType::Object(object) => fields(&mut object.make_mut().fields),
        ExtendedType::Interface(interface) => fields(&mut interface.make_mut().fields),
        ExtendedType::InputObject(input) => input.make_mut().fields.values_mut().for_each(argument),
        _ => {}
    }
}

fn fields<Name>(fields: &mut IndexMap<Name, Node<FieldDefinition>>) {
    for field in fields.values_mut() {
        let field = field.make_mut();
        field.description = None;
        field.arguments.iter_mut().for_each(argument);
    }
}

fn argument(argument: &mut Node<InputValueDefinition>) {
    argument.make_mut().description = None;
}

fn remove(schema: &mut Schema, (of_type, field, argument): (&str, &str, Option<&str>)) {
    let Some(ExtendedType::Object(object)) = schema.types.get_mut(of_type) else {
        return;
    };
    let fields = &mut object.make_mut().fields;
    match (argument, fields.get_mut(field)) {
        (Some(argument), Some(field)) => field.make_mut().arguments.retain(|it| it.name != argument),
        _ => drop(fields.shift_remove(field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::sdl;

    #[test]
    fn our_own_schema_is_valid() {
        Schema::parse_and_validate(sdl(), "schema.graphql").expect("a valid schema");
        let schema = read(&sdl());
        assert!(schema.get_object("Query").is_some_and(|query| query.fields.contains_key("users")));
        assert!(schema.types.contains_key("__Schema"));
    }
}
