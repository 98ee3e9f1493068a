//! Random documents, made from the schema.

use std::fmt::Write;

use super::{
    document::{in_brackets, operation},
    kinds::{Field, Kinds},
    people::Call,
};

/// How deep fields are nested.
const DEPTH: usize = 7;

/// Arguments of pages inside others, each under an alias of its own so that fields of one name can be merged.
const PAGES: [(&str, &str); 7] = [
    ("", ""),
    ("few_", "first: 1"),
    ("some_", "first: $few"),
    ("usual_", "first: $default"),
    ("all_", "first: $unset"),
    ("end_", "last: 2"),
    ("also_", ""),
];
/// Arguments that are refused.
const REFUSED: [(&str, &str); 2] = [("none_", "first: 0"), ("lost_", "after: \"made up\"")];

/// A fragment that has been drawn, and can be spread again.
struct Fragment {
    on: String,
    text: String,
    /// Whether something in it fails.
    fails: bool,
}

/// Draws a document: each choice is a number, and where there are no more it is 0, the simplest.
pub(super) struct Draw<'a> {
    kinds: &'a Kinds,
    calls: &'a [Call],
    choices: std::slice::Iter<'a, u16>,
    /// Decides which fields this document may ask for: with all of them in every document, none could be
    /// rendered.
    menu: u16,
    has_viewer: bool,
    /// One thing in a document may fail: of several, none is always the first.
    may_fail: bool,
    selection: Vec<&'a Call>,
    fragments: Vec<Fragment>,
}

impl<'a> Draw<'a> {
    /// A document for somebody who acts or does not.
    pub(super) fn document(
        kinds: &'a Kinds,
        calls: &'a [Call],
        choices: &'a [u16],
        has_viewer: bool,
    ) -> String {
        let choices = choices.iter();
        let (selection, fragments) = (Vec::new(), Vec::new());
        let mut draw =
            Draw { kinds, calls, choices, menu: 0, has_viewer, may_fail: false, selection, fragments };
        draw.menu = draw.next();
        draw.may_fail = draw.one_in(4);
        let mut document = draw.selection("Query", 0);
        for (number, Fragment { on, text, .. }) in draw.fragments.iter().enumerate() {
            let _ = write!(document, " fragment f{number} on {on} {text}");
        }
        operation(&document)
    }

    fn next(&mut self) -> u16 {
        self.choices.next().copied().unwrap_or_default()
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.next()) % count.max(1)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) + 1 == count
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let index = self.below(all.len());
        all.get(index).cloned()
    }

    fn selection(&mut self, on: &str, depth: usize) -> String {
        let items: Vec<String> = (0..=self.below(5)).map(|_| self.item(on, depth)).collect();
        format!("{{ {} }}", items.join(" "))
    }

    fn item(&mut self, on: &str, depth: usize) -> String {
        let is_deep = depth >= DEPTH;
        match self.below(16) {
            0..11 => self.field(on, depth),
            11 if !is_deep => format!("...{} {}", self.directive(), self.selection(on, depth + 1)),
            12 | 13 if !is_deep => self.inline(on, depth),
            14 | 15 if !is_deep => self.spread(on, depth),
            _ => format!("{}__typename{}", self.alias("kind: "), self.literal()),
        }
    }

    fn alias<'s>(&mut self, alias: &'s str) -> &'s str {
        if self.one_in(4) { alias } else { "" }
    }

    fn directive(&mut self) -> &'static str {
        const WITH_VARIABLES: [&str; 6] = [
            " @include(if: $yes)",
            " @include(if: $usual)",
            " @skip(if: $no)",
            " @skip(if: $changed)",
            " @include(if: $no)",
            " @skip(if: $yes)",
        ];
        if self.one_in(10) { self.one_of(&WITH_VARIABLES).unwrap_or_default() } else { self.literal() }
    }

    /// The library does not see variables that only a directive on `__typename` uses.
    fn literal(&mut self) -> &'static str {
        const LITERAL: [&str; 3] =
            [" @include(if: true)", " @skip(if: false) @include(if: true)", " @skip(if: true)"];
        if self.one_in(20) { self.one_of(&LITERAL).unwrap_or_default() } else { "" }
    }

    /// A type that a fragment may be on.
    fn condition(&mut self, on: &str) -> String {
        let conditions = self.kinds.overlapping(on);
        self.one_of(&conditions).unwrap_or(on).to_owned()
    }

    fn inline(&mut self, on: &str, depth: usize) -> String {
        let condition = self.condition(on);
        format!("... on {condition}{} {}", self.directive(), self.selection(&condition, depth + 1))
    }

    fn spread(&mut self, on: &str, depth: usize) -> String {
        let condition = self.condition(on);
        let fits = |(_, known): &(usize, &Fragment)| known.on == condition && !known.fails;
        let known: Vec<usize> =
            self.fragments.iter().enumerate().filter(fits).map(|(number, _)| number).collect();
        if self.one_in(2)
            && let Some(number) = self.one_of(&known)
        {
            return format!("...f{number}{}", self.directive());
        }
        let could_fail = self.may_fail;
        let text = self.selection(&condition, depth + 1);
        self.fragments.push(Fragment { on: condition, text, fails: could_fail != self.may_fail });
        format!("...f{}{}", self.fragments.len() - 1, self.directive())
    }

    fn field(&mut self, on: &str, depth: usize) -> String {
        if on == "Query" {
            return self.call(depth);
        }
        let kinds = self.kinds;
        let kind = &kinds.get(on).expect("a type with fields");
        let is_offered = |field: &&Field| {
            (depth < DEPTH || kinds.get(&field.gives).is_none())
                && self.is_on_menu(on, &field.name)
                && (!field.needs_viewer || self.has_viewer || self.may_fail)
        };
        let offered: Vec<&Field> = kind.fields.iter().filter(is_offered).collect();
        let Some(field) = self.one_of(&offered) else {
            return "__typename".to_owned();
        };
        self.may_fail &= !field.needs_viewer || self.has_viewer;
        let (alias, arguments) = self.key(on, field);
        self.ask(&format!("{alias}{}{}", field.name, in_brackets(arguments)), &field.gives, depth)
    }

    /// An alias, and the arguments that go with it.
    fn key(&mut self, on: &str, field: &Field) -> (String, &'static str) {
        if self.is_crossed(on, field) && self.one_in(3) {
            return ("x: ".to_owned(), "");
        }
        let refuses = !field.arguments.is_empty() && self.may_fail && self.one_in(3);
        self.may_fail &= !refuses;
        let (prefix, arguments) =
            self.one_of(if refuses { &REFUSED } else { &PAGES[..] }).unwrap_or_default();
        let argument = arguments.split(':').next().unwrap_or_default();
        let takes = argument.is_empty() || field.arguments.iter().any(|known| known == argument);
        if prefix.is_empty() || !takes {
            return (String::new(), "");
        }
        (format!("{prefix}{}: ", field.name), arguments)
    }

    /// Whether a field is the one of its object that may be called `x`. Other objects call another one so.
    fn is_crossed(&self, on: &str, field: &Field) -> bool {
        let Some(kind) = self.kinds.get(on).filter(|kind| kind.objects.contains(on)) else {
            return false;
        };
        let all: Vec<&Field> = kind.fields.iter().filter(|field| self.is_on_menu(on, &field.name)).collect();
        all.get(usize::from(self.menu) % all.len().max(1)).is_some_and(|crossed| crossed.name == field.name)
    }

    fn call(&mut self, depth: usize) -> String {
        let fails = |call: &Call| call.fails[usize::from(self.has_viewer)];
        let offered: Vec<&'a Call> = self.calls.iter().filter(|call| self.may_fail || !fails(call)).collect();
        let known = self.selection.clone();
        let memo = if self.one_in(3) { self.one_of(&known) } else { None };
        let Some(call) = memo.or_else(|| self.one_of(&offered)) else {
            return "__typename".to_owned();
        };
        self.may_fail &= !call.fails[usize::from(self.has_viewer)];
        self.selection.push(call);
        let number = self.calls.iter().position(|known| std::ptr::eq(known, call)).unwrap_or_default();
        let gives = self
            .kinds
            .get("Query")
            .and_then(|root| root.fields.iter().find(|field| field.name == call.field));
        let gives = gives.map(|field| field.gives.clone()).unwrap_or_default();
        self.ask(&format!("r{number}: {}{}", call.field, in_brackets(&call.arguments)), &gives, depth)
    }

    fn ask(&mut self, field: &str, gives: &str, depth: usize) -> String {
        let directive = self.directive();
        if self.kinds.get(gives).is_none() {
            return format!("{field}{directive}");
        }
        format!("{field}{directive} {}", self.selection(gives, depth + 1))
    }

    /// Three of four fields are.
    fn is_on_menu(&self, on: &str, field: &str) -> bool {
        let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        let hash = on.bytes().chain(field.bytes()).fold(u32::from(self.menu), mix);
        self.menu == 0 || !(hash >> 7).is_multiple_of(4)
    }
}
