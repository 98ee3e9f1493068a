//! `@skip` and `@include`: the conditions under which something is selected.

use apollo_compiler::{Name, ast::Value as Literal, executable::DirectiveList};
use async_graphql::{Name as RunName, Variables};
use async_graphql_value::{ConstValue, Value};

/// A condition. Validation has seen to it that there is one value, of the right type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Condition {
    /// Of `@include`; else of `@skip`.
    includes: bool,
    if_: Flag,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Flag {
    Literal(bool),
    Variable(Name),
}

impl Condition {
    /// Whether it is one of `@include`, and its value as the executor takes it.
    pub(super) fn to_value(&self) -> (bool, Value) {
        let value = match &self.if_ {
            Flag::Literal(value) => Value::Boolean(*value),
            Flag::Variable(name) => Value::Variable(RunName::new(name)),
        };
        (self.includes, value)
    }

    fn holds(&self, variables: &Variables) -> bool {
        let value = match &self.if_ {
            Flag::Literal(value) => *value,
            Flag::Variable(name) => variables.get(name.as_str()) == Some(&ConstValue::Boolean(true)),
        };
        value == self.includes
    }
}

/// Conditions that all have to hold, each once, in an order of their own; none are always met.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Conditions(Vec<Condition>);

impl Conditions {
    /// These and those of some directives.
    pub(super) fn and(&self, directives: &DirectiveList) -> Self {
        let mut all = self.0.clone();
        for directive in directives {
            let includes = match directive.name.as_str() {
                "include" => true,
                "skip" => false,
                _ => continue,
            };
            let given = directive.arguments.iter().find(|argument| argument.name == "if");
            let if_ = match given.map(|argument| &*argument.value) {
                Some(Literal::Variable(name)) => Flag::Variable(name.clone()),
                Some(Literal::Boolean(value)) => Flag::Literal(*value),
                _ => continue,
            };
            all.push(Condition { includes, if_ });
        }
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// Whether they are always met.
    pub(super) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter()
    }

    fn hold(&self, variables: &Variables) -> bool {
        self.0.iter().all(|condition| condition.holds(variables))
    }
}

/// A variable that the normal form has beside those of the client: whether one of some conditions is met, under which a field
/// is selected in different places.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    /// No client can name a variable like this.
    pub(super) name: String,
    pub(super) any_of: Vec<Conditions>,
}

impl Alternative {
    /// The alternative of this number.
    pub(super) fn new(number: usize, any_of: Vec<Conditions>) -> Self {
        Self { name: format!("any {number}"), any_of }
    }

    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let conditions = self.any_of.iter().map(|conditions| size_of_val(conditions.0.as_slice()));
        size_of::<Self>()
            + self.name.len()
            + conditions.map(|bytes| bytes + size_of::<Conditions>()).sum::<usize>()
    }

    /// Gives the variable its value.
    pub(super) fn set(&self, variables: &mut Variables) {
        let is_met = self.any_of.iter().any(|conditions| conditions.hold(variables));
        variables.insert(RunName::new(&self.name), ConstValue::Boolean(is_met));
    }
}
