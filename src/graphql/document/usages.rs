//! Checks that variables stand where their types may.
//!
//! GraphQL specification (September 2025), section 5.8.5, "All Variable Usages Are Allowed". The library has this rule, and
//! in 8.0.0-rc.5 it never fires: a mutation would run its first fields before the wrong variable of a later one is found.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        BaseType, Directive, ExecutableDocument, Field, FieldDefinition, InputObjectType,
        InputValueDefinition, OperationDefinition, OperationType, Selection, SelectionSet, Type,
        TypeDefinition, TypeKind, VariableDefinition,
    },
};
// A value that may hold variables; the one of `async_graphql` holds none.
use async_graphql_value::Value;

use super::{cost::fields_of, variables::is_one_of};
use crate::graphql::error::{ErrorCode, RequestError};

/// How many fields may not exist before nothing more is looked at.
const MAX_UNKNOWN: usize = 100;

/// The arguments of fields and the fields of input objects, by type.
#[derive(Clone, Debug)]
pub(super) struct Places {
    fields: HashMap<Name, HashMap<Name, FieldDefinition>>,
    inputs: HashMap<Name, Vec<InputValueDefinition>>,
    /// Whether messages tell what is wanted.
    tells: bool,
}

impl Places {
    /// Reads them from the types of the schema.
    pub(super) fn of(types: &[TypeDefinition], tells: bool) -> Self {
        let mut places = Self { fields: HashMap::new(), inputs: HashMap::new(), tells };
        for definition in types {
            let name = &definition.name.node;
            places.fields.insert(name.clone(), by_name(fields_of(&definition.kind)));
            if let TypeKind::InputObject(input) = &definition.kind {
                places.inputs.insert(name.clone(), wanted_fields(definition, input));
            }
        }
        places
    }

    /// Refuses a variable that stands where its type does not fit.
    pub(super) fn check(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) -> Result<(), RequestError> {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let mut walk = Walk { places: self, document, operation, seen: HashSet::new(), unknown: 0 };
        walk.set(&operation.selection_set.node, Some(&Name::new(root)))
    }
}

fn by_name(fields: &[Positioned<FieldDefinition>]) -> HashMap<Name, FieldDefinition> {
    fields.iter().map(|field| (field.node.name.node.clone(), field.node.clone())).collect()
}

/// The fields of an input object; where exactly one of them must be given, it must not be null.
fn wanted_fields(definition: &TypeDefinition, input: &InputObjectType) -> Vec<InputValueDefinition> {
    let one_of = is_one_of(definition);
    let fields = input.fields.iter().map(|field| field.node.clone());
    fields
        .map(|mut field| {
            field.ty.node.nullable &= !one_of;
            field
        })
        .collect()
}

/// The name of the type inside lists.
fn named(base: &BaseType) -> &Name {
    match base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(&item.base),
    }
}

struct Walk<'a> {
    places: &'a Places,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    /// Fragments need one look: their type is their own, and the operation's variables are the same everywhere.
    seen: HashSet<&'a Name>,
    /// How many fields the schema does not have.
    unknown: usize,
}

impl<'a> Walk<'a> {
    /// Recurses as deep as braces are nested, which the scan has bounded. `parent` is unknown inside introspection.
    fn set(&mut self, set: &'a SelectionSet, parent: Option<&Name>) -> Result<(), RequestError> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives)?;
                    let condition =
                        inline.node.type_condition.as_ref().map(|condition| &condition.node.on.node);
                    self.set(&inline.node.selection_set.node, condition.or(parent))?;
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives)?;
                    self.fragment(&spread.node.fragment_name.node)?;
                }
            }
        }
        Ok(())
    }

    fn fragment(&mut self, name: &Name) -> Result<(), RequestError> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(());
        };
        if !self.seen.insert(name) {
            return Ok(());
        }
        self.set(&fragment.node.selection_set.node, Some(&fragment.node.type_condition.node.on.node))
    }

    fn field(&mut self, field: &'a Field, parent: Option<&Name>) -> Result<(), RequestError> {
        self.directives(&field.directives)?;
        let places = self.places;
        let known = parent.and_then(|parent| places.fields.get(parent));
        let definition = known.and_then(|known| known.get(&field.name.node));
        if known.is_some() && definition.is_none() {
            self.count_unknown(field)?;
        }
        for (name, value) in &field.arguments {
            let argument = definition
                .and_then(|definition| find(definition.arguments.iter().map(|it| &it.node), &name.node));
            if let Some(argument) = argument {
                self.value(&value.node, value.pos, &argument.ty.node, argument.default_value.is_some())?;
            }
        }
        self.set(&field.selection_set.node, definition.map(|definition| named(&definition.ty.node.base)))
    }

    /// What the schema does not have is for the validator to report. It looks for something similar for each of them, so very
    /// many are refused here: 2,000 of them cost 5.4 ms, and half of that without it.
    fn count_unknown(&mut self, field: &Field) -> Result<(), RequestError> {
        self.unknown += usize::from(!field.name.node.starts_with("__"));
        if self.unknown <= MAX_UNKNOWN {
            return Ok(());
        }
        let message =
            format!("more than {MAX_UNKNOWN} fields do not exist, the last of them \"{}\"", field.name.node);
        Err(RequestError::new(ErrorCode::GraphqlValidationFailed, message).at([field.name.pos]))
    }

    /// `@skip` and `@include`, the only directives with arguments.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), RequestError> {
        let condition = Type { base: BaseType::Named(Name::new("Boolean")), nullable: false };
        let arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        arguments.into_iter().try_for_each(|(_, value)| self.value(&value.node, value.pos, &condition, false))
    }

    fn value(&self, value: &Value, pos: Pos, wanted: &Type, has_default: bool) -> Result<(), RequestError> {
        match (value, &wanted.base) {
            (Value::Variable(name), _) => self.variable(name, pos, wanted, has_default),
            (Value::List(items), BaseType::List(item)) => {
                items.iter().try_for_each(|value| self.value(value, pos, item, false))
            }
            (Value::Object(values), base) => values.iter().try_for_each(|(name, value)| {
                let fields = self.places.inputs.get(named(base));
                let field = fields.and_then(|fields| find(fields.iter(), name));
                field.map_or(Ok(()), |field| {
                    self.value(value, pos, &field.ty.node, field.default_value.is_some())
                })
            }),
            _ => Ok(()),
        }
    }

    fn variable(&self, name: &Name, pos: Pos, wanted: &Type, has_default: bool) -> Result<(), RequestError> {
        let mut definitions = self.operation.variable_definitions.iter().map(|definition| &definition.node);
        let Some(definition) = definitions.find(|definition| definition.name.node == *name) else {
            return Ok(());
        };
        if is_allowed(definition, wanted, has_default) {
            return Ok(());
        }
        let given = &definition.var_type.node;
        let message = if self.places.tells {
            format!("variable ${name} is {given} and stands where {wanted} is wanted")
        } else {
            format!("variable ${name} is {given} and stands where another type is wanted")
        };
        Err(RequestError::new(ErrorCode::GraphqlValidationFailed, message).at([pos]))
    }
}

fn find<'d>(
    mut definitions: impl Iterator<Item = &'d InputValueDefinition>,
    name: &Name,
) -> Option<&'d InputValueDefinition> {
    definitions.find(|definition| definition.name.node == *name)
}

/// A variable that may be null may still stand where null may not, when either of the two has a default.
fn is_allowed(variable: &VariableDefinition, wanted: &Type, has_default: bool) -> bool {
    let given = &variable.var_type.node;
    let defaulted = has_default
        || variable.default_value.as_ref().is_some_and(|value| value.node != async_graphql::Value::Null);
    is_compatible(given, wanted) || (defaulted && is_compatible_base(&given.base, &wanted.base))
}

fn is_compatible(given: &Type, wanted: &Type) -> bool {
    (wanted.nullable || !given.nullable) && is_compatible_base(&given.base, &wanted.base)
}

fn is_compatible_base(given: &BaseType, wanted: &BaseType) -> bool {
    match (given, wanted) {
        (BaseType::Named(given), BaseType::Named(wanted)) => given == wanted,
        (BaseType::List(given), BaseType::List(wanted)) => is_compatible(given, wanted),
        _ => false,
    }
}
