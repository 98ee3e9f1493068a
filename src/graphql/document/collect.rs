//! Which fields a selection has, each once: the specification's `CollectFields` and `MergeSelectionSets`, before anything runs
//! (<https://spec.graphql.org/September2025/#sec-Field-Collection>).
//!
//! The executor runs a field once for each place in which it stands, and then merges what came back. A mutation in two
//! fragments would run twice.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    Name, Node, Schema,
    executable::{ExecutableDocument, Field, Selection, SelectionSet},
};

use super::conditions::Conditions;

/// A selection that counts under conditions.
#[derive(Clone, Debug)]
pub(super) struct Conditional<'a, T> {
    pub(super) conditions: Conditions,
    pub(super) of: &'a T,
}

/// Part of a selection.
#[derive(Debug)]
pub(super) enum Collected<'a> {
    /// A field, in each place in which it stands.
    Field(Vec<Conditional<'a, Node<Field>>>),
    /// What is selected of the objects of one type, which are some of those that there may be.
    OfType(&'a Name, Conditional<'a, SelectionSet>),
}

/// Collects what selections have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Collector<'a> {
    pub(super) schema: &'a Schema,
    pub(super) document: &'a ExecutableDocument,
}

impl<'a> Collector<'a> {
    /// What is selected of a type, in the order of the answer.
    pub(super) fn collect(self, of: &Name, sets: &[Conditional<'a, SelectionSet>]) -> Vec<Collected<'a>> {
        let mut collection =
            Collection { collector: self, of, all: Vec::new(), by_key: HashMap::new(), seen: HashSet::new() };
        for set in sets {
            collection.take(set);
        }
        collection.all
    }

    /// The objects of an abstract type, when they have to be told apart: the same field is selected of some of them and elsewhere
    /// as well, or something of another abstract type, which the executor follows in some places only.
    pub(super) fn objects_to_tell_apart(self, of: &Name, collected: &[Collected<'a>]) -> Vec<&'a Name> {
        let is_abstract =
            |part: &Collected<'_>| matches!(part, Collected::OfType(on, _) if !self.is_object(on));
        if self.is_object(of) || !(collected.iter().any(is_abstract) || self.meet(collected)) {
            return Vec::new();
        }
        let types = self.schema.types.iter();
        types.map(|(name, _)| name).filter(|name| self.is_object(name) && self.is_always(name, of)).collect()
    }

    /// Whether an object may have the same field from two of these.
    fn meet(self, collected: &[Collected<'a>]) -> bool {
        let mut known: HashMap<&str, Vec<Option<&Name>>> = HashMap::new();
        collected.iter().any(|part| {
            let (on, keys) = match part {
                Collected::Field(places) => {
                    (None, places.iter().take(1).map(|place| key(place.of)).collect())
                }
                Collected::OfType(on, set) => (Some(*on), self.keys(set.of)),
            };
            keys.into_iter().filter(|key| *key != "__typename").any(|key| {
                let others = known.entry(key).or_default();
                let meets = others.iter().any(|other| self.may_be_both(*other, on));
                others.push(on);
                meets
            })
        })
    }

    /// The keys of all fields of a selection, whatever they are asked of.
    fn keys(self, set: &'a SelectionSet) -> HashSet<&'a str> {
        super::roots::fields_of(self.document, set).into_iter().map(key).collect()
    }

    fn may_be_both(self, one: Option<&Name>, other: Option<&Name>) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => one == other || !self.is_object(one) || !self.is_object(other),
            _ => true,
        }
    }

    fn is_object(self, name: &str) -> bool {
        self.schema.get_object(name).is_some()
    }

    /// Whether what is of one type is always of another one.
    fn is_always(self, of: &Name, on: &Name) -> bool {
        of == on || self.schema.is_subtype(on, of)
    }
}

fn key(field: &Node<Field>) -> &str {
    field.response_name().as_str()
}

struct Collection<'a, 'b> {
    collector: Collector<'a>,
    of: &'b Name,
    all: Vec<Collected<'a>>,
    by_key: HashMap<&'a str, usize>,
    /// The fragments that were spread, and under which conditions: once more would add nothing.
    seen: HashSet<(&'a Name, Conditions)>,
}

impl<'a> Collection<'a, '_> {
    fn take(&mut self, set: &Conditional<'a, SelectionSet>) {
        for selection in &set.of.selections {
            let under = |directives| set.conditions.and(directives);
            match selection {
                Selection::Field(field) => {
                    self.take_field(Conditional { conditions: under(&field.directives), of: field });
                }
                Selection::InlineFragment(inline) => {
                    let set =
                        Conditional { conditions: under(&inline.directives), of: &inline.selection_set };
                    self.take_fragment(inline.type_condition.as_ref(), set);
                }
                Selection::FragmentSpread(spread) => {
                    let Some((name, fragment)) =
                        self.collector.document.fragments.get_key_value(&spread.fragment_name)
                    else {
                        continue;
                    };
                    let set =
                        Conditional { conditions: under(&spread.directives), of: &fragment.selection_set };
                    if self.seen.insert((name, set.conditions.clone())) {
                        self.take_fragment(Some(&fragment.selection_set.ty), set);
                    }
                }
            }
        }
    }

    fn take_field(&mut self, field: Conditional<'a, Node<Field>>) {
        let place = *self.by_key.entry(key(field.of)).or_insert_with(|| {
            self.all.push(Collected::Field(Vec::new()));
            self.all.len() - 1
        });
        if let Some(Collected::Field(places)) = self.all.get_mut(place) {
            places.push(field);
        }
    }

    fn take_fragment(&mut self, on: Option<&'a Name>, set: Conditional<'a, SelectionSet>) {
        match on {
            Some(on) if !self.collector.is_always(self.of, on) => {
                // An object is of no type that it is not always of.
                if !self.collector.is_object(self.of) {
                    self.all.push(Collected::OfType(on, set));
                }
            }
            _ => self.take(&set),
        }
    }
}
