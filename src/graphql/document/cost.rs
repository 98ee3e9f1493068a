//! How many values an operation may give, by the types of its fields.

use std::collections::HashMap;

use apollo_compiler::{
    Name,
    ast::{Type, Value},
    executable::{ExecutableDocument, Field, Operation, Selection, SelectionSet},
};
use async_graphql::{Value as GivenValue, Variables};

use crate::graphql::limits::{COSTLY, LISTS, PageSize, USER_ERRORS};

/// What every type answers.
const TYPENAME: &str = "__typename";

/// What an operation costs, as far as its variables leave it open: worked out once for each document.
#[derive(Clone, Debug, Default)]
pub(super) struct Cost {
    fixed: usize,
    pages: Vec<Page>,
}

/// Pages whose size is in a variable.
#[derive(Clone, Debug)]
struct Page {
    /// How many of them there are.
    times: usize,
    size: PageSize,
    /// The first of these variables that is not null has the size.
    variables: Vec<String>,
    /// The size if all of them are null.
    otherwise: Option<i64>,
    item: Cost,
}

impl Cost {
    /// What an operation costs. Every fragment is counted once and its cost remembered.
    pub(super) fn of(document: &ExecutableDocument, operation: &Operation) -> Self {
        let mut count = Count { document, known: HashMap::new() };
        count.set(&operation.selection_set)
    }

    /// What it comes to with these variables, of which those that were left out have their defaults.
    pub(super) fn with(&self, variables: &Variables) -> usize {
        let pages = self.pages.iter().map(|page| {
            let items = page.size.items(page.asked(variables));
            page.times.saturating_mul(items).saturating_mul(page.item.with(variables))
        });
        pages.fold(self.fixed, usize::saturating_add)
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let pages = self.pages.iter().map(|page| {
            let names: usize = page.variables.iter().map(|name| size_of::<String>() + name.len()).sum();
            size_of::<Page>() + names + page.item.bytes()
        });
        pages.sum()
    }

    fn add(&mut self, other: Self) {
        self.fixed = self.fixed.saturating_add(other.fixed);
        self.pages.extend(other.pages);
    }

    fn times(mut self, times: usize) -> Self {
        self.fixed = self.fixed.saturating_mul(times);
        self.pages.iter_mut().for_each(|page| page.times = page.times.saturating_mul(times));
        self
    }
}

impl Page {
    fn asked(&self, variables: &Variables) -> Option<i64> {
        let mut given = self.variables.iter().filter_map(|name| variables.get(name.as_str()));
        let number = given.find_map(|value| match value {
            GivenValue::Number(number) => number.as_i64(),
            _ => None,
        });
        number.or(self.otherwise)
    }
}

struct Count<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a Name, Cost>,
}

impl<'a> Count<'a> {
    /// What a selection costs. Clients add `__typename` to every one of theirs, so one beside something that costs is free; more
    /// than one, or one alone, counts like any field, so that nobody gets more than twice what is counted.
    fn set(&mut self, set: &'a SelectionSet) -> Cost {
        let (mut cost, mut typenames) = (Cost::default(), 0_usize);
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if field.name == TYPENAME => typenames += 1,
                Selection::Field(field) => cost.add(self.field(&set.ty, field)),
                Selection::InlineFragment(inline) => cost.add(self.set(&inline.selection_set)),
                Selection::FragmentSpread(spread) => cost.add(self.fragment(&spread.fragment_name)),
            }
        }
        let is_something = cost.fixed > 0 || !cost.pages.is_empty();
        let counted = if is_something { typenames.saturating_sub(1) } else { typenames };
        cost.fixed = cost.fixed.saturating_add(counted);
        cost
    }

    fn field(&mut self, parent: &Name, field: &'a Field) -> Cost {
        let item = field.selection_set.as_ref().map_or_else(Cost::default, |set| self.set(set));
        let own = COSTLY.iter().find(|(of_type, name, _)| field.name == *name && parent == *of_type);
        let mut cost = match size(parent, &field.name, &field.definition.ty) {
            Some(size) => of_page(size, field, item),
            None => item,
        };
        cost.fixed = cost.fixed.saturating_add(own.map_or(1, |(.., cost)| *cost));
        cost
    }

    fn fragment(&mut self, name: &Name) -> Cost {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Cost::default();
        };
        if let Some(cost) = self.known.get(name) {
            return cost.clone();
        }
        let cost = self.set(&fragment.selection_set);
        self.known.insert(name, cost.clone());
        cost
    }
}

/// How many items a field gives, if it gives several.
fn size(parent: &Name, field: &Name, gives: &Type) -> Option<PageSize> {
    let of_type = gives.inner_named_type();
    if !gives.is_list() {
        return PageSize::of_connection(of_type);
    }
    let listed = LISTS.iter().find(|(of_type, name, _)| field == name && parent == of_type);
    listed.map(|(.., size)| *size).or_else(|| (of_type == "UserError").then_some(USER_ERRORS))
}

/// What a page costs by the arguments that say how large it is.
fn of_page(size: PageSize, field: &Field, item: Cost) -> Cost {
    let mut variables = Vec::new();
    let mut literal = None;
    for name in ["first", "last"] {
        let given = field.arguments.iter().find(|argument| argument.name == name);
        match given.map(|argument| &*argument.value) {
            Some(Value::Variable(variable)) => variables.push(variable.to_string()),
            Some(Value::Int(number)) => {
                literal = Some(number.as_str().parse().unwrap_or(i64::MAX));
                break;
            }
            _ => {}
        }
    }
    if variables.is_empty() {
        return item.times(size.items(literal));
    }
    Cost { fixed: 0, pages: vec![Page { times: 1, size, variables, otherwise: literal, item }] }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::{Schema, ast::FieldDefinition, schema::ExtendedType};

    use super::{super::typed_schema, *};
    use crate::graphql::sdl;

    fn fields(definition: &ExtendedType) -> Vec<&FieldDefinition> {
        match definition {
            ExtendedType::Object(object) => object.fields.values().map(|field| &**field).collect(),
            ExtendedType::Interface(interface) => interface.fields.values().map(|field| &**field).collect(),
            _ => Vec::new(),
        }
    }

    fn gives_objects(schema: &Schema, field: &FieldDefinition) -> bool {
        schema.types.get(field.ty.inner_named_type()).is_some_and(|of_type| !of_type.is_leaf())
    }

    #[test]
    fn every_list_of_objects_has_a_size() {
        let schema = typed_schema::read(&sdl());
        let mut unbounded = Vec::new();
        let mut sized = 0;
        // What is in a page is counted where the page is.
        let types = schema.types.iter().filter(|(name, _)| PageSize::of_connection(name).is_none());
        for (parent, definition) in types {
            let objects = fields(definition).into_iter().filter(|field| gives_objects(&schema, field));
            for field in objects {
                match size(parent, &field.name, &field.ty) {
                    None if field.ty.is_list() => unbounded.push(format!("{parent}.{}", field.name)),
                    None => {}
                    Some(_) => sized += 1,
                }
            }
        }
        assert_eq!(unbounded, [""; 0], "give it a size in `graphql/limits.rs`");
        assert!(sized > 30, "fields were looked at: {sized}");
    }

    #[test]
    fn every_field_of_the_tables_is_in_the_schema() {
        let schema = typed_schema::read(&sdl());
        for (of_type, name, _) in LISTS {
            let field = schema.type_field(of_type, name);
            assert!(field.is_ok_and(|field| field.ty.is_list()), "LISTS: {of_type}.{name}");
        }
        for (of_type, name, _) in COSTLY {
            assert!(schema.type_field(of_type, name).is_ok(), "COSTLY: {of_type}.{name}");
        }
    }
}
