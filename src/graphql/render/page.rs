//! A page that the library gets as one text where it can be rendered.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value, indexmap::IndexMap,
    parser::types::Field, registry::Registry,
};

use super::{Merging, NeedsResolver, NotRendered, Out, RenderJson, SelectionRef};
use crate::graphql::{
    memory::{Meter, STEP},
    wire::RAW,
};

/// What is reserved for the text of a page, and of each item in it: a message with its sender takes 220 bytes. A text that
/// outgrows its place is copied to a larger one.
const PAGE_BYTES: usize = 512;
const ITEM_BYTES: usize = 256;

/// A page that is rendered in one pass where it can be, and else left to the library's resolvers.
pub(in crate::graphql) struct RenderedPage<T> {
    value: T,
    /// How many items it has.
    items: usize,
}

impl<T> RenderedPage<T> {
    /// A page with so many items.
    pub(in crate::graphql) fn new(value: T, items: usize) -> Self {
        Self { value, items }
    }
}

/// Something of which it is known how much memory it takes.
pub(in crate::graphql) trait Weigh {
    /// How many bytes, with the texts in it.
    fn weight(&self) -> usize;
}

impl<T: OutputType + RenderJson + Weigh> OutputType for RenderedPage<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.value.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let meter = ctx.data::<Arc<Meter>>().map_err(|error| error.into_server_error(field.pos))?;
        let is_long = self.items * ITEM_BYTES > STEP;
        let mut written = if is_long { Err(NotRendered::Long) } else { self.write(ctx, meter, false) };
        if matches!(written, Err(NotRendered::Long)) {
            // The page stays in memory until it is its turn.
            let Ok(_held) = meter.hold(self.value.weight()) else { return meter.stop().await };
            written = meter.write_long(|| self.write(ctx, meter, true)).await;
        }
        match written {
            Ok(text) => Ok(raw(text)),
            Err(NotRendered::GivenUp) => meter.stop().await,
            Err(NotRendered::NeedsResolver | NotRendered::Long) => {
                // The page stays in memory while its fields wait for what they ask for.
                let Ok(_held) = meter.hold(self.value.weight()) else { return meter.stop().await };
                self.value.resolve(ctx, field).await
            }
        }
    }
}

impl<T: RenderJson> RenderedPage<T> {
    fn write(
        &self,
        ctx: &ContextSelectionSet<'_>,
        meter: &Meter,
        may_be_long: bool,
    ) -> Result<String, NotRendered> {
        // Whoever sets nothing, such as a schema for something else, gets what is always right.
        if ctx.data_opt::<Merging>() != Some(&Merging::Nothing) {
            return Err(NotRendered::NeedsResolver);
        }
        let plan = T::plan(&SelectionRef::of(ctx)).ok_or(NeedsResolver)?;
        let mut out = Out::new((PAGE_BYTES + self.items * ITEM_BYTES).min(STEP), meter, may_be_long);
        self.value.write(&plan, &mut out)?;
        out.finish()
    }
}

/// A text that is JSON already, as a value of the library.
fn raw(text: String) -> Value {
    Value::Object(IndexMap::from([(Name::new(RAW), Value::String(text))]))
}
