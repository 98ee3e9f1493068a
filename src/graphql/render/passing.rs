//! How the library's way through a page is counted.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};

use super::{NotRendered, Out, Plan, RenderJson, SelectionRef, text};
use crate::graphql::memory::Meter;

/// Counts a field that the library resolves, and lets other tasks run after some of them.
pub(in crate::graphql) async fn pass(ctx: &Context<'_>) {
    if let Some(meter) = ctx.data_opt::<Arc<Meter>>() {
        meter.pass().await;
    }
}

/// Counts something that stays in memory until the request ends.
pub(in crate::graphql) async fn keep(ctx: &Context<'_>, bytes: usize) {
    if let Some(meter) = ctx.data_opt::<Arc<Meter>>()
        && meter.take(bytes).is_err()
    {
        meter.stop::<()>().await;
    }
}

/// A text that may be long, of which the library makes a copy.
pub(in crate::graphql) struct Text<'a>(pub(in crate::graphql) &'a str);

impl RenderJson for Text<'_> {
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
        str::plan(selection)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        self.0.write(plan, out)
    }
}

impl OutputType for Text<'_> {
    fn type_name() -> Cow<'static, str> {
        <str as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <str as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        if let Some(meter) = ctx.data_opt::<Arc<Meter>>() {
            let counted = meter.write(text::length(self.0)).and_then(|()| meter.take(self.0.len()));
            if counted.is_err() {
                return meter.stop().await;
            }
        }
        Ok(Value::String(self.0.to_owned()))
    }
}
