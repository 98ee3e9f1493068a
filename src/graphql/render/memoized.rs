//! Values that a page has many times.

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

use super::{NotRendered, Out, Plan, RenderJson, SelectionRef};

/// For so many there is room from the start: a page of messages has hardly more senders.
const ROOM: usize = 56;

/// A value that a page has many times, with the same JSON each time.
pub(in crate::graphql) trait Memoize: Send + Sync {
    /// What the library is given.
    type Value: OutputType + RenderJson;

    /// What tells it from others of its kind.
    fn id(&self) -> Uuid;

    /// The value itself.
    fn value(&self) -> Self::Value;
}

/// A value that is rendered once, and then copied: a hundred messages are of a few senders.
pub(in crate::graphql) struct Memoized<T>(pub(in crate::graphql) T);

/// How a memoized value is rendered, and where its text is.
pub(in crate::graphql) struct MemoizedPlan<'a> {
    plan: Plan<'a>,
    written: RefCell<HashMap<Uuid, Range<usize>, RandomState>>,
}

impl<T: Memoize> RenderJson for Memoized<T> {
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
        let plan = T::Value::plan(selection)?;
        let written = HashMap::with_capacity_and_hasher(ROOM, RandomState::default());
        Some(Plan::Memoized(Box::new(MemoizedPlan { plan, written: RefCell::new(written) })))
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        let Plan::Memoized(memo) = plan else { return Err(NotRendered::NeedsResolver) };
        match memo.written.borrow_mut().entry(self.0.id()) {
            Entry::Occupied(place) => out.extend_from_within(place.get().clone()),
            Entry::Vacant(place) => {
                let start = out.len();
                self.0.value().write(&memo.plan, out)?;
                place.insert(start..out.len());
            }
        }
        Ok(())
    }
}

impl<T: Memoize> OutputType for Memoized<T> {
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
