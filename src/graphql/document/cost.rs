//! How many values an operation may give, counted before it is validated.
//!
//! The library counts, too, but forgets page sizes where a list is asked for through an interface, and fails on a variable
//! that was left out.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{
        BaseType, ExecutableDocument, Field, FieldDefinition, OperationDefinition, OperationType, Selection,
        SelectionSet, TypeDefinition, TypeKind,
    },
};
use foldhash::fast::RandomState;

use crate::{
    config::Limits,
    graphql::{
        error::{ErrorCode, RequestError},
        limits::{COSTLY, INTROSPECTION, PageSize, UNPAGED},
    },
};

/// What every type answers.
const TYPENAME: &str = "__typename";

/// The fields that give a page of a list, by name.
#[derive(Clone, Debug)]
pub(super) struct Lists(HashMap<Name, PageSize, RandomState>);

impl Lists {
    /// Reads them from the types of the schema: whatever gives a connection is a list. So are the lists of introspection.
    pub(super) fn of(types: &[TypeDefinition]) -> Self {
        let fields = types.iter().flat_map(|definition| fields_of(&definition.kind));
        let pages = fields.filter_map(|field| Some((field.node.name.node.clone(), page_size(&field.node)?)));
        let introspection = INTROSPECTION.map(|(name, size)| (Name::new(name), size));
        let others = UNPAGED.map(|(name, size)| (Name::new(name), size));
        Self(pages.chain(others).chain(introspection).collect())
    }

    /// Whether a field of this name gives one of them.
    pub(super) fn contains(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }
}

/// The fields that a type gives; inputs and leaves give none.
pub(super) fn fields_of(kind: &TypeKind) -> &[Positioned<FieldDefinition>] {
    match kind {
        TypeKind::Object(object) => &object.fields,
        TypeKind::Interface(interface) => &interface.fields,
        _ => &[],
    }
}

fn page_size(field: &FieldDefinition) -> Option<PageSize> {
    match &field.ty.node.base {
        BaseType::Named(name) => PageSize::of_connection(name),
        BaseType::List(_) => None,
    }
}

/// How many values an operation may give, at most. Of a subscription: for each event.
///
/// Every fragment is counted once and its cost remembered, so this takes no longer than reading the document, which
/// [`size::check`](super::size::check) has found to have no circles.
pub(super) fn of(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    lists: &Lists,
) -> usize {
    let mut count = Count { document, operation, variables, lists, known: HashMap::new() };
    count.set(&operation.selection_set.node)
}

/// Refuses an operation that may give more values than it may.
pub(super) fn check(cost: usize, kind: OperationType, limits: &Limits) -> Result<(), RequestError> {
    let (most, message) = if kind == OperationType::Subscription {
        let most = limits.subscription_complexity;
        (
            most,
            format!(
                "the subscription may give more than {most} values for each event (serverInfo.limits.subscriptionComplexity); \
             ask for less of each, and read the rest with a query"
            ),
        )
    } else {
        let most = limits.document_complexity;
        (
            most,
            format!(
                "the operation may give more than {most} values; ask for smaller pages, or for less in each"
            ),
        )
    };
    if cost > most { Err(RequestError::new(ErrorCode::DocumentTooComplex, message)) } else { Ok(()) }
}

struct Count<'a> {
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    lists: &'a Lists,
    known: HashMap<&'a Name, usize>,
}

impl<'a> Count<'a> {
    /// What a selection costs. Clients add `__typename` to every one of theirs, so one beside something that costs is free; more
    /// than one, or one alone, counts like any field, so that nobody gets more than twice what is counted.
    fn set(&mut self, set: &'a SelectionSet) -> usize {
        let (mut cost, mut typenames) = (0_usize, 0_usize);
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if field.node.name.node == TYPENAME => typenames += 1,
                selection => cost = cost.saturating_add(self.selection(selection)),
            }
        }
        let counted = if cost > 0 { typenames.saturating_sub(1) } else { typenames };
        cost.saturating_add(counted)
    }

    fn selection(&mut self, selection: &'a Selection) -> usize {
        match selection {
            Selection::Field(field) => self.field(&field.node),
            Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
        }
    }

    fn field(&mut self, field: &'a Field) -> usize {
        let child = self.set(&field.selection_set.node);
        let items =
            self.lists.0.get(&field.name.node).map_or(1, |size| size.items(self.page_argument(field)));
        let own = COSTLY.iter().find(|(name, _)| *name == field.name.node).map_or(1, |(_, cost)| *cost);
        items.saturating_mul(child).saturating_add(own)
    }

    fn fragment(&mut self, name: &Name) -> usize {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return 0;
        };
        if let Some(cost) = self.known.get(name) {
            return *cost;
        }
        let cost = self.set(&fragment.node.selection_set.node);
        self.known.insert(name, cost);
        cost
    }

    /// What `first` or `last` says; `None` when neither says anything.
    fn page_argument(&self, field: &Field) -> Option<i64> {
        ["first", "last"].iter().find_map(|name| {
            let argument = &field.get_argument(name)?.node;
            let value = argument.clone().into_const_with(|name| self.variable(&name).ok_or(())).ok()?;
            match value {
                Value::Number(number) => number.as_i64(),
                _ => None,
            }
        })
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        let default = || {
            let definitions = &self.operation.variable_definitions;
            let definition = definitions.iter().find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value.as_ref().map(|value| value.node.clone())
        };
        self.variables.get(name).cloned().or_else(default)
    }
}
