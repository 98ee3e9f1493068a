//! What has no fields, and lists.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

use async_graphql::{
    ContextSelectionSet, ID, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry, resolver_utils,
};

use super::{NeedsResolver, NotRendered, Out, Plan, RenderJson, SelectionRef, text};
use crate::graphql::{
    cursor::EncodedCursor,
    id::GlobalId,
    types::{ChatroomRole, DateTime, InvitationsFrom},
};

/// Values whose text is their JSON, or needs no escapes between quotation marks, and how it is written.
macro_rules! plain {
    ($($leaf:ty = $quote:literal, $write:expr;)+) => {$(
        impl RenderJson for $leaf {
            fn plan<'a>(_: &SelectionRef<'a>) -> Option<Plan<'a>> {
                Some(Plan::Leaf)
            }

            fn write(&self, _: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
                let write: fn($leaf, &mut String) -> fmt::Result = $write;
                out.push_str($quote);
                write(*self, out).map_err(|_| NeedsResolver)?;
                out.push_str($quote);
                Ok(())
            }
        }
    )+};
}

plain! {
    bool = "", |value, out| out.write_str(if value { "true" } else { "false" });
    i64 = "", |value, out| write!(out, "{value}");
    u32 = "", |value, out| write!(out, "{value}");
    DateTime = "\"", DateTime::write;
    GlobalId = "\"", GlobalId::write;
    EncodedCursor = "\"", |value, out| write!(out, "{value}");
}

/// Values that are a scalar of the schema, and get their text when it is written.
macro_rules! scalars {
    ($($leaf:ty as $scalar:ty,)+) => {$(
        impl OutputType for $leaf {
            fn type_name() -> Cow<'static, str> {
                <$scalar as OutputType>::type_name()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                <$scalar as OutputType>::create_type_info(registry)
            }

            async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
                Ok(Value::String(self.to_string()))
            }
        }
    )+};
}

scalars! {
    GlobalId as ID,
    EncodedCursor as String,
}

/// Enums, by their names in the schema.
macro_rules! enums {
    ($($leaf:ty,)+) => {$(
        impl RenderJson for $leaf {
            fn plan<'a>(_: &SelectionRef<'a>) -> Option<Plan<'a>> {
                Some(Plan::Leaf)
            }

            fn write(&self, _: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
                let value = resolver_utils::enum_value(*self);
                let Value::Enum(name) = value else { return Err(NotRendered::NeedsResolver) };
                text::write(&name, out);
                Ok(())
            }
        }
    )+};
}

enums! {
    ChatroomRole,
    InvitationsFrom,
}

impl RenderJson for str {
    fn plan<'a>(_: &SelectionRef<'a>) -> Option<Plan<'a>> {
        Some(Plan::Leaf)
    }

    fn write(&self, _: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        text::write(self, out);
        out.check()
    }
}

impl RenderJson for String {
    fn plan<'a>(_: &SelectionRef<'a>) -> Option<Plan<'a>> {
        Some(Plan::Leaf)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        self.as_str().write(plan, out)
    }
}

impl<T: RenderJson + ?Sized> RenderJson for &T {
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
        T::plan(selection)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        T::write(self, plan, out)
    }
}

impl<T: RenderJson> RenderJson for Option<T> {
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
        T::plan(selection)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        let Some(value) = self else {
            out.push_str("null");
            return Ok(());
        };
        value.write(plan, out)
    }
}

/// What fails is told by the library.
impl<T: RenderJson, E> RenderJson for Result<T, E> {
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
        T::plan(selection)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        self.as_ref().map_err(|_| NeedsResolver)?.write(plan, out)
    }
}

impl<T: RenderJson> RenderJson for [T] {
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
        T::plan(selection)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        out.push('[');
        write_items(self, plan, out)?;
        out.push(']');
        Ok(())
    }
}

impl<T: RenderJson> RenderJson for Vec<T> {
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
        T::plan(selection)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
        self.as_slice().write(plan, out)
    }
}

fn write_items<T: RenderJson>(items: &[T], plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if out.is_too_long() {
            return Err(NotRendered::Long);
        }
        item.write(plan, out)?;
    }
    Ok(())
}
