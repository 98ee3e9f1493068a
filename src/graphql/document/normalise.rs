//! A validated document as the executor takes it.
//!
//! It is built from what was validated, never from the text anew: escapes and block strings are resolved, and numbers are of
//! the types that they stand for. Each field of an object stands there once, whatever fragments it was in: there are no named
//! fragments, and `@skip` and `@include` stand at fields only. Positions are those of the text, of a field that of its first
//! place.

use std::collections::HashMap;

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Argument, Type, VariableDefinition},
    executable::{Directive, ExecutableDocument, Field, Operation, SelectionSet},
    parser::SourceSpan,
};
use async_graphql::{
    Name as RunName, Pos, Positioned,
    parser::types::{
        self, BaseType, DocumentOperations, ExecutableDocument as RunDocument, Selection as RunSelection,
    },
};
use async_graphql_value::Value;

use super::{
    collect::{Collected, Collector, Conditional},
    conditions::{Alternative, Condition, Conditions},
    positions::Positions,
    reader::kind,
    values,
};

/// After so many selections, the objects of an abstract type are not told apart any more: a document has 2,000 fields at most,
/// and an abstract type inside of another one multiplies them.
const MOST_SELECTIONS: usize = 10_000;

/// What the executor runs.
pub(super) struct Normal {
    pub(super) document: RunDocument,
    /// The variables that it has beside those of the client.
    pub(super) alternatives: Vec<Alternative>,
    /// About how many bytes of memory it takes.
    pub(super) bytes: usize,
}

/// The normal form of a document.
pub(super) fn normalise(schema: &Schema, document: &ExecutableDocument, positions: &Positions<'_>) -> Normal {
    let collector = Collector { schema, document };
    let mut writer =
        Writer { schema, document, positions, collector, alternatives: Vec::new(), selections: 0, bytes: 0 };
    let operations = writer.operations();
    let Writer { alternatives, bytes, .. } = writer;
    let bytes = bytes + alternatives.iter().map(Alternative::bytes).sum::<usize>();
    Normal { document: RunDocument { operations, fragments: HashMap::new() }, alternatives, bytes }
}

struct Writer<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    positions: &'a Positions<'a>,
    collector: Collector<'a>,
    alternatives: Vec<Alternative>,
    selections: usize,
    bytes: usize,
}

impl<'a> Writer<'a> {
    fn operations(&mut self) -> DocumentOperations {
        let document = self.document;
        if let Some(operation) = &document.operations.anonymous {
            return DocumentOperations::Single(self.operation(operation));
        }
        let named = document.operations.named.iter();
        DocumentOperations::Multiple(
            named.map(|(name, operation)| (RunName::new(name), self.operation(operation))).collect(),
        )
    }

    fn operation(&mut self, operation: &'a Node<Operation>) -> Positioned<types::OperationDefinition> {
        let pos = self.pos(operation.location());
        let set = &operation.selection_set;
        let selection_set = self.set(&set.ty, &[always(set)], pos);
        let definition = types::OperationDefinition {
            ty: kind(operation.operation_type),
            variable_definitions: operation.variables.iter().map(|it| self.variable(it)).collect(),
            directives: self.directives(&operation.directives),
            selection_set,
        };
        self.bytes += size_of::<types::OperationDefinition>();
        Positioned::new(definition, pos)
    }

    fn variable(&mut self, variable: &Node<VariableDefinition>) -> Positioned<types::VariableDefinition> {
        let pos = self.pos(variable.location());
        let default = variable.default_value.as_ref();
        let default = default.and_then(|value| values::constant(self.schema, value, &variable.ty));
        let definition = types::VariableDefinition {
            name: Positioned::new(self.name(&variable.name), pos),
            var_type: Positioned::new(self.typed(&variable.ty), pos),
            directives: self.directives(&variable.directives),
            default_value: default.map(|value| Positioned::new(value, pos)),
        };
        self.bytes += size_of::<types::VariableDefinition>();
        Positioned::new(definition, pos)
    }

    /// What selections have of a type.
    fn set(
        &mut self,
        of: &Name,
        sets: &[Conditional<'a, SelectionSet>],
        pos: Pos,
    ) -> Positioned<types::SelectionSet> {
        let collected = self.collector.collect(of, sets);
        let objects = if self.selections < MOST_SELECTIONS {
            self.collector.objects_to_tell_apart(of, &collected)
        } else {
            Vec::new()
        };
        let items: Vec<_> = if objects.is_empty() {
            collected.into_iter().map(|part| self.part(part, pos)).collect()
        } else {
            let fragments = objects.into_iter().map(|object| self.of_type(object, sets, pos));
            fragments.filter(|fragment| !is_empty(fragment)).collect()
        };
        self.selections += items.len();
        self.bytes += items.len() * size_of::<Positioned<RunSelection>>();
        Positioned::new(types::SelectionSet { items }, pos)
    }

    fn part(&mut self, part: Collected<'a>, pos: Pos) -> Positioned<RunSelection> {
        match part {
            Collected::Field(places) => self.field(&places),
            Collected::OfType(on, set) => self.of_type(on, &[set], pos),
        }
    }

    /// What is selected of the objects of one type.
    fn of_type(
        &mut self,
        on: &Name,
        sets: &[Conditional<'a, SelectionSet>],
        pos: Pos,
    ) -> Positioned<RunSelection> {
        let condition = types::TypeCondition { on: Positioned::new(self.name(on), pos) };
        let fragment = types::InlineFragment {
            type_condition: Some(Positioned::new(condition, pos)),
            directives: Vec::new(),
            selection_set: self.set(on, sets, pos),
        };
        Positioned::new(RunSelection::InlineFragment(Positioned::new(fragment, pos)), pos)
    }

    /// A field with all that is selected below it, in each of its places. Validation has compared their arguments.
    fn field(&mut self, places: &[Conditional<'a, Node<Field>>]) -> Positioned<RunSelection> {
        let field: &'a Node<Field> = places[0].of;
        let pos = self.pos(field.location());
        let (conditions, are_equal) = self.conditions(places);
        let arguments = field.arguments.iter().map(|argument| {
            let definition = field.definition.argument_by_name(&argument.name);
            self.argument(argument, definition.map(|definition| &*definition.ty))
        });
        let arguments = arguments.collect();
        let below: Vec<_> = places
            .iter()
            .filter_map(|place| {
                // What is asked of the field itself need not be asked again below it.
                let conditions = if are_equal { Conditions::default() } else { place.conditions.clone() };
                place.of.selection_set.as_ref().map(|of| Conditional { conditions, of })
            })
            .collect();
        let selection_set = match below.as_slice() {
            [] => Positioned::new(types::SelectionSet::default(), pos),
            [..] => self.set(field.definition.ty.inner_named_type(), &below, pos),
        };
        let field = types::Field {
            alias: field.alias.as_ref().map(|alias| Positioned::new(self.name(alias), pos)),
            name: Positioned::new(self.name(&field.name), self.pos(field.name.location())),
            arguments,
            directives: conditions.into_iter().map(|condition| self.condition(&condition, pos)).collect(),
            selection_set,
        };
        Positioned::new(RunSelection::Field(Positioned::new(field, pos)), pos)
    }

    /// Under which conditions a field is selected, and whether they are the same in each of its places.
    fn conditions(&mut self, places: &[Conditional<'a, Node<Field>>]) -> (Vec<(bool, Value)>, bool) {
        let mut any_of: Vec<Conditions> = places.iter().map(|place| place.conditions.clone()).collect();
        any_of.sort_unstable();
        any_of.dedup();
        let values = |conditions: &Conditions| conditions.iter().map(Condition::to_value).collect();
        match any_of.as_slice() {
            [only] => (values(only), true),
            [first, ..] if first.are_none() => (Vec::new(), false),
            _ => {
                let alternative = Alternative::new(self.alternatives.len(), any_of);
                let value = Value::Variable(RunName::new(&alternative.name));
                self.alternatives.push(alternative);
                (vec![(true, value)], false)
            }
        }
    }

    fn condition(&mut self, (includes, value): &(bool, Value), pos: Pos) -> Positioned<types::Directive> {
        let name = if *includes { "include" } else { "skip" };
        self.bytes += size_of::<Positioned<types::Directive>>() + values::bytes(value);
        let argument = (Positioned::new(RunName::new("if"), pos), Positioned::new(value.clone(), pos));
        let directive =
            types::Directive { name: Positioned::new(RunName::new(name), pos), arguments: vec![argument] };
        Positioned::new(directive, pos)
    }

    fn directives(&mut self, directives: &[Node<Directive>]) -> Vec<Positioned<types::Directive>> {
        let schema = self.schema;
        let directives = directives.iter().map(|directive| {
            let pos = self.pos(directive.location());
            let definition = schema.directive_definitions.get(&directive.name);
            let arguments = directive.arguments.iter().map(|argument| {
                let known = definition.and_then(|definition| definition.argument_by_name(&argument.name));
                self.argument(argument, known.map(|known| &*known.ty))
            });
            let arguments = arguments.collect();
            self.bytes += size_of::<Positioned<types::Directive>>();
            Positioned::new(
                types::Directive { name: Positioned::new(self.name(&directive.name), pos), arguments },
                pos,
            )
        });
        directives.collect()
    }

    fn argument(
        &mut self,
        argument: &Node<Argument>,
        wanted: Option<&Type>,
    ) -> (Positioned<RunName>, Positioned<Value>) {
        let pos = self.pos(argument.value.location());
        let value = values::value(self.schema, &argument.value, wanted);
        self.bytes += size_of::<(Positioned<RunName>, Positioned<Value>)>() + values::bytes(&value);
        let name = Positioned::new(self.name(&argument.name), self.pos(argument.location()));
        (name, Positioned::new(value, pos))
    }

    fn typed(&mut self, wanted: &Type) -> types::Type {
        let base = match wanted {
            Type::Named(name) | Type::NonNullNamed(name) => BaseType::Named(self.name(name)),
            Type::List(item) | Type::NonNullList(item) => BaseType::List(Box::new(self.typed(item))),
        };
        types::Type { base, nullable: !wanted.is_non_null() }
    }

    fn name(&mut self, name: &Name) -> RunName {
        self.bytes += values::NAME_BYTES + name.len();
        RunName::new(name)
    }

    fn pos(&self, location: Option<SourceSpan>) -> Pos {
        location.map_or_else(Pos::default, |location| self.positions.at(location.offset()))
    }
}

fn always<T>(of: &T) -> Conditional<'_, T> {
    Conditional { conditions: Conditions::default(), of }
}

fn is_empty(selection: &Positioned<RunSelection>) -> bool {
    matches!(&selection.node, RunSelection::InlineFragment(inline) if inline.node.selection_set.node.items.is_empty())
}
