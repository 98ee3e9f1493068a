//! A validated document as the executor takes it.
//!
//! It is built from what was validated, never from the text anew: escapes and block strings are resolved, numbers are of
//! the types that they stand for, and the root of a subscription is one plain field. Positions stay those of the text.

use std::collections::HashMap;

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Argument, Type, VariableDefinition},
    executable::{
        Directive, ExecutableDocument, Field, FragmentSpread, InlineFragment, Operation, Selection,
        SelectionSet,
    },
    parser::SourceSpan,
};
use async_graphql::{
    Name as RunName, Pos, Positioned,
    parser::types::{
        self, BaseType, DocumentOperations, ExecutableDocument as RunDocument, Selection as RunSelection,
    },
};
use async_graphql_value::Value;

use super::{positions::Positions, reader::kind, roots, values};

/// What the executor runs, and about how many bytes of memory it takes.
pub(super) fn normalise(
    schema: &Schema,
    document: &ExecutableDocument,
    positions: &Positions<'_>,
) -> (RunDocument, usize) {
    let mut writer = Writer { schema, document, positions, bytes: 0 };
    let fragments = writer.fragments();
    let operations = writer.operations();
    (RunDocument { operations, fragments }, writer.bytes)
}

struct Writer<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    positions: &'a Positions<'a>,
    bytes: usize,
}

impl Writer<'_> {
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

    fn fragments(&mut self) -> HashMap<RunName, Positioned<types::FragmentDefinition>> {
        let fragments = self.document.fragments.iter();
        fragments
            .map(|(name, fragment)| {
                let pos = self.pos(fragment.location());
                let definition = types::FragmentDefinition {
                    type_condition: self.condition(&fragment.selection_set.ty, pos),
                    directives: self.directives(&fragment.directives),
                    selection_set: self.set(&fragment.selection_set, pos),
                };
                self.bytes += size_of::<types::FragmentDefinition>();
                (self.name(name), Positioned::new(definition, pos))
            })
            .collect()
    }

    fn operation(&mut self, operation: &Node<Operation>) -> Positioned<types::OperationDefinition> {
        let pos = self.pos(operation.location());
        let single = operation.is_subscription().then(|| roots::single(self.document, operation)).flatten();
        let selection_set = match single {
            Some(field) => {
                let set = SelectionSet {
                    ty: operation.selection_set.ty.clone(),
                    selections: vec![Selection::Field(field)],
                };
                self.set(&set, pos)
            }
            None => self.set(&operation.selection_set, pos),
        };
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
            var_type: Positioned::new(self.of_type(&variable.ty), pos),
            directives: self.directives(&variable.directives),
            default_value: default.map(|value| Positioned::new(value, pos)),
        };
        self.bytes += size_of::<types::VariableDefinition>();
        Positioned::new(definition, pos)
    }

    fn set(&mut self, set: &SelectionSet, pos: Pos) -> Positioned<types::SelectionSet> {
        let items: Vec<_> = set.selections.iter().map(|selection| self.selection(selection)).collect();
        self.bytes += items.len() * size_of::<Positioned<RunSelection>>();
        Positioned::new(types::SelectionSet { items }, pos)
    }

    fn selection(&mut self, selection: &Selection) -> Positioned<RunSelection> {
        let (selection, pos) = match selection {
            Selection::Field(field) => {
                let pos = self.pos(field.location());
                (RunSelection::Field(Positioned::new(self.field(field, pos), pos)), pos)
            }
            Selection::InlineFragment(inline) => {
                let pos = self.pos(inline.location());
                (RunSelection::InlineFragment(Positioned::new(self.inline(inline, pos), pos)), pos)
            }
            Selection::FragmentSpread(spread) => {
                let pos = self.pos(spread.location());
                (RunSelection::FragmentSpread(Positioned::new(self.spread(spread, pos), pos)), pos)
            }
        };
        Positioned::new(selection, pos)
    }

    fn field(&mut self, field: &Field, pos: Pos) -> types::Field {
        let arguments = field.arguments.iter().map(|argument| {
            let definition = field.definition.argument_by_name(&argument.name);
            self.argument(argument, definition.map(|definition| &*definition.ty))
        });
        let arguments = arguments.collect();
        types::Field {
            alias: field.alias.as_ref().map(|alias| Positioned::new(self.name(alias), pos)),
            name: Positioned::new(self.name(&field.name), self.pos(field.name.location())),
            arguments,
            directives: self.directives(&field.directives),
            selection_set: field.selection_set.as_ref().map_or_else(
                || Positioned::new(types::SelectionSet::default(), pos),
                |set| self.set(set, pos),
            ),
        }
    }

    fn inline(&mut self, inline: &InlineFragment, pos: Pos) -> types::InlineFragment {
        types::InlineFragment {
            type_condition: inline.type_condition.as_ref().map(|on| self.condition(on, pos)),
            directives: self.directives(&inline.directives),
            selection_set: self.set(&inline.selection_set, pos),
        }
    }

    fn spread(&mut self, spread: &FragmentSpread, pos: Pos) -> types::FragmentSpread {
        types::FragmentSpread {
            fragment_name: Positioned::new(self.name(&spread.fragment_name), pos),
            directives: self.directives(&spread.directives),
        }
    }

    fn condition(&mut self, on: &Name, pos: Pos) -> Positioned<types::TypeCondition> {
        Positioned::new(types::TypeCondition { on: Positioned::new(self.name(on), pos) }, pos)
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

    fn of_type(&mut self, wanted: &Type) -> types::Type {
        let base = match wanted {
            Type::Named(name) | Type::NonNullNamed(name) => BaseType::Named(self.name(name)),
            Type::List(item) | Type::NonNullList(item) => BaseType::List(Box::new(self.of_type(item))),
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
