//! What has no fields, and lists.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

use async_graphql::{
    ContextSelectionSet, ID, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry, resolver_utils,
};

use super::{Asked, Out, Plan, Stop, Waits, Written, text};
use crate::graphql::{
    cursor::Place,
    id::GlobalId,
    types::{ChatroomRole, DateTime, InvitationsFrom},
};

/// Values whose text is their JSON, or needs no escapes between quotation marks, and how it is written.
macro_rules! plain {
    ($($leaf:ty = $quote:literal, $write:expr;)+) => {$(
        impl Written for $leaf {
            fn plan<'a>(_: &Asked<'a>) -> Option<Plan<'a>> {
                Some(Plan::Leaf)
            }

            fn write(&self, _: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
                let write: fn($leaf, &mut String) -> fmt::Result = $write;
                out.push_str($quote);
                write(*self, out).map_err(|_| Waits)?;
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
    Place = "\"", |value, out| write!(out, "{value}");
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
    Place as String,
}

/// Enums, by their names in the schema.
macro_rules! enums {
    ($($leaf:ty,)+) => {$(
        impl Written for $leaf {
            fn plan<'a>(_: &Asked<'a>) -> Option<Plan<'a>> {
                Some(Plan::Leaf)
            }

            fn write(&self, _: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
                let value = resolver_utils::enum_value(*self);
                let Value::Enum(name) = value else { return Err(Stop::Waits) };
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

impl Written for str {
    fn plan<'a>(_: &Asked<'a>) -> Option<Plan<'a>> {
        Some(Plan::Leaf)
    }

    fn write(&self, _: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        text::write(self, out);
        out.check()
    }
}

impl Written for String {
    fn plan<'a>(_: &Asked<'a>) -> Option<Plan<'a>> {
        Some(Plan::Leaf)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        self.as_str().write(plan, out)
    }
}

impl<T: Written + ?Sized> Written for &T {
    fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>> {
        T::plan(asked)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        T::write(self, plan, out)
    }
}

impl<T: Written> Written for Option<T> {
    fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>> {
        T::plan(asked)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        let Some(value) = self else {
            out.push_str("null");
            return Ok(());
        };
        value.write(plan, out)
    }
}

/// What fails is told by the library.
impl<T: Written, E> Written for Result<T, E> {
    fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>> {
        T::plan(asked)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        self.as_ref().map_err(|_| Waits)?.write(plan, out)
    }
}

impl<T: Written> Written for [T] {
    fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>> {
        T::plan(asked)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        out.push('[');
        write_items(self, plan, out)?;
        out.push(']');
        Ok(())
    }
}

impl<T: Written> Written for Vec<T> {
    fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>> {
        T::plan(asked)
    }

    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
        self.as_slice().write(plan, out)
    }
}

fn write_items<T: Written>(items: &[T], plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if out.is_too_long() {
            return Err(Stop::Long);
        }
        item.write(plan, out)?;
    }
    Ok(())
}
