//! A value that the library gets as one text where it can be.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value, indexmap::IndexMap,
    parser::types::Field, registry::Registry,
};

use super::{Asked, Merging, Waits, Written};
use crate::graphql::wire::RAW;

/// The least that is reserved for a text.
const SMALLEST_BYTES: usize = 512;

/// A value that is written at once where it can be, and else left to the library.
pub(in crate::graphql) struct AtOnce<T>(pub(in crate::graphql) T);

impl<T: OutputType + Written> OutputType for AtOnce<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match write(&self.0, ctx) {
            Ok(text) => Ok(raw(text)),
            Err(Waits) => self.0.resolve(ctx, field).await,
        }
    }
}

fn write<T: Written>(value: &T, ctx: &ContextSelectionSet<'_>) -> Result<String, Waits> {
    // Whoever sets nothing, such as a schema for something else, gets what is always right.
    if ctx.data_opt::<Merging>() != Some(&Merging::Nothing) {
        return Err(Waits);
    }
    let plan = T::plan(&Asked::of(ctx)).ok_or(Waits)?;
    let mut text = String::with_capacity(SMALLEST_BYTES);
    value.write(&plan, &mut text)?;
    Ok(text)
}

/// A text that is JSON already, as a value of the library.
fn raw(text: String) -> Value {
    Value::Object(IndexMap::from([(Name::new(RAW), Value::String(text))]))
}
