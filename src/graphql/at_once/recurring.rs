//! What a page has many times.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{HashMap, hash_map::Entry},
    ops::Range,
};

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};
use foldhash::fast::RandomState;
use uuid::Uuid;

use super::{Asked, Out, Plan, Stop, Written};

/// For so many there is room from the start: a page of messages has hardly more senders.
const ROOM: usize = 56;

/// Something that stands in a page many times, and reads the same each time.
pub(in crate::graphql) trait Recurs: Send + Sync {
    /// What the library is given.
    type Value: OutputType + Written;

    /// What tells it from others of its kind.
    fn id(&self) -> Uuid;

    /// The value itself.
    fn value(&self) -> Self::Value;
}

/// It is written once, and then copied: a hundred messages are of a few senders.
pub(in crate::graphql) struct Recurring<T>(pub(in crate::graphql) T);

/// How something that recurs is written, and where it was.
pub(in crate::graphql) struct Again<'a> {
    plan: Plan<'a>,
    written: RefCell<HashMap<Uuid, Range<usize>, RandomState>>,
}

impl<T: Recurs> Written for Recurring<T> {
    fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>> {
        let plan = T::Value::plan(asked)?;
        let written = HashMap::with_capacity_and_hasher(ROOM, RandomState::default());
        Some(Plan::Again(Box::new(Again { plan, written: RefCell::new(written) })))
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        let Plan::Again(again) = plan else { return Err(Stop::Waits) };
        match again.written.borrow_mut().entry(self.0.id()) {
            Entry::Occupied(place) => out.extend_from_within(place.get().clone()),
            Entry::Vacant(place) => {
                let start = out.len();
                self.0.value().write(&again.plan, out)?;
                place.insert(start..out.len());
            }
        }
        Ok(())
    }
}

impl<T: Recurs> OutputType for Recurring<T> {
    fn type_name() -> Cow<'static, str> {
        T::Value::type_name()
    }

    fn qualified_type_name() -> String {
        T::Value::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::Value::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.value().resolve(ctx, field).await
    }
}
