//! What a subscription asks, prepared once for all who subscribe with the same document.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use async_graphql::{
    Name,
    parser::types::{DocumentOperations, ExecutableDocument, OperationType},
};

use super::{kind::KINDS, selection::asked_alike};

/// What a subscription asks of an event.
pub(in crate::graphql) struct Plan {
    /// Its document, in which the subscription is a query.
    document: ExecutableDocument,
    /// What it asks of each type of event, where the answer is the same for everybody.
    alike: HashMap<&'static str, Arc<str>>,
    /// The types of events of which it asks nothing but what they are.
    unasked: HashSet<&'static str>,
}

impl Plan {
    /// The plan of a document that is sound; `None` when it has no such operation.
    fn of(mut document: ExecutableDocument, operation_name: Option<&str>) -> Option<Self> {
        let mut operation = match document.operations {
            DocumentOperations::Single(operation) => operation,
            DocumentOperations::Multiple(mut operations) => match operation_name {
                Some(name) => operations.remove(&Name::new(name))?,
                None => operations.into_values().next()?,
            },
        };
        operation.node.ty = OperationType::Query;
        document.operations = DocumentOperations::Single(operation.clone());
        let (mut alike, mut unasked) = (HashMap::new(), HashSet::new());
        for event in KINDS {
            let Some(asked) = asked_alike(&document, &operation.node, event) else {
                continue;
            };
            if asked.is_nothing {
                unasked.insert(event);
            }
            alike.insert(event, asked.text.into());
        }
        Some(Self { document, alike, unasked })
    }

    /// Whether it asks for anything that an event of this type has.
    pub(super) fn asks_for(&self, event: &str) -> bool {
        !self.unasked.contains(event)
    }

    pub(super) fn document(&self) -> ExecutableDocument {
        self.document.clone()
    }

    /// What it asks of events of a type, if the answer is the same for everybody.
    pub(super) fn alike(&self, event: &str) -> Option<&Arc<str>> {
        self.alike.get(event)
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("alike", &self.alike).finish_non_exhaustive()
    }
}

/// A text, and the name of its operation.
type Key = (String, Option<String>);

/// The plans that somebody follows, each once.
#[derive(Debug, Default)]
pub(super) struct Plans(Mutex<HashMap<Key, Weak<Plan>>>);

impl Plans {
    /// The plan for a text, made from its document when nobody follows it yet.
    pub(super) fn plan(
        &self,
        text: &str,
        operation_name: Option<&str>,
        document: &ExecutableDocument,
    ) -> Option<Arc<Plan>> {
        let key = (text.to_owned(), operation_name.map(str::to_owned));
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = plans.get(&key).and_then(Weak::upgrade) {
            return Some(plan);
        }
        let plan = Arc::new(Plan::of(document.clone(), operation_name)?);
        // What nobody follows any more goes when the map would have to grow for something new.
        if plans.len() == plans.capacity() {
            plans.retain(|_, plan| plan.strong_count() > 0);
        }
        plans.insert(key, Arc::downgrade(&plan));
        Some(plan)
    }
}
