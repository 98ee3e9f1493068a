//! One definition of an object's fields, for the library and for what is written at once.

use super::{Asked, Out, Plan, Stop, plan::Piece, text};

/// A field that needs no waiting.
pub(in crate::graphql) struct Column<T> {
    /// Its name in Rust.
    pub(in crate::graphql) name: &'static str,
    /// How what is asked of its value is written.
    pub(in crate::graphql) plan: for<'a> fn(&Asked<'a>) -> Option<Plan<'a>>,
    /// Writes its value.
    pub(in crate::graphql) write: fn(&T, &Plan<'_>, &mut Out<'_>) -> Result<(), Stop>,
}

/// An object whose fields are in a table.
pub(in crate::graphql) trait Columns: Sized + 'static {
    /// Its name in the schema.
    const NAME: &'static str;
    /// The fields that need no waiting, or may not.
    const COLUMNS: &'static [Column<Self>];
}

/// How what is asked of an object is written.
pub(in crate::graphql) fn plan_columns<'a, T: Columns>(asked: &Asked<'a>) -> Option<Plan<'a>> {
    let fields = asked.fields(T::NAME);
    let mut pieces = Vec::with_capacity(fields.len());
    for asked in fields {
        if asked.is_contested {
            return None;
        }
        let mut before = String::with_capacity(asked.key.len() + 4);
        if !pieces.is_empty() {
            before.push(',');
        }
        text::write(asked.key, &mut before);
        before.push(':');
        let name = asked.field.name.node.as_str();
        if name == "__typename" {
            text::write(T::NAME, &mut before);
            pieces.push(Piece { before, value: None });
            continue;
        }
        if !asked.field.arguments.is_empty() {
            return None;
        }
        let column = T::COLUMNS.iter().position(|column| is_called(column.name, name))?;
        let plan = (T::COLUMNS[column].plan)(&asked.asked)?;
        pieces.push(Piece { before, value: Some((column, plan)) });
    }
    Some(Plan::Object(pieces))
}

/// Writes an object's fields.
pub(in crate::graphql) fn write_columns<T: Columns>(
    object: &T,
    plan: &Plan<'_>,
    out: &mut Out<'_>,
) -> Result<(), Stop> {
    let Plan::Object(pieces) = plan else { return Err(Stop::Waits) };
    out.push('{');
    for Piece { before, value } in pieces {
        out.push_str(before);
        if let Some((column, plan)) = value {
            (T::COLUMNS[*column].write)(object, plan, out)?;
        }
    }
    out.push('}');
    out.check()
}

/// Whether a name of Rust is this one in the schema: `sent_at` is `sentAt`.
fn is_called(rust: &str, schema: &str) -> bool {
    letters(rust).eq(letters(schema))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

/// Defines an object of the schema.
///
/// Of the fields before `waiting`, each is a name, its type, and its value: the library gets a resolver of it, and the
/// table a column. Each after `known` may have to be waited for: its value when it need not be, and how to wait. Resolvers
/// after `waiting` are the library's alone.
macro_rules! object {
    (
        $(#[$about:meta])*
        $visibility:vis $object:ident as $schema_name:literal {
            $($(#[$doc:meta])* $field:ident($this:ident) -> $ty:ty = $value:expr;)*
        }
        $(known {
            $($(#[$known_doc:meta])* $known:ident($known_this:ident, $ctx:ident) -> $known_ty:ty
                = $now:expr, else $later:expr;)*
        })?
        $(waiting { $($waiting:tt)* })?
    ) => {
        $(#[$about])*
        #[async_graphql::Object(name = $schema_name)]
        impl $object {
            $(
                $(#[$doc])*
                $visibility async fn $field(&self, ctx: &async_graphql::Context<'_>) -> $ty {
                    $crate::graphql::at_once::pass(ctx).await;
                    let $this = self;
                    $value
                }
            )*
            $($(
                $(#[$known_doc])*
                $visibility async fn $known(&self, $ctx: &async_graphql::Context<'_>) -> $known_ty {
                    $crate::graphql::at_once::pass($ctx).await;
                    let $known_this = self;
                    $later.await
                }
            )*)?
            $($($waiting)*)?
        }

        impl $crate::graphql::at_once::Columns for $object {
            const NAME: &'static str = $schema_name;
            const COLUMNS: &'static [$crate::graphql::at_once::Column<Self>] = &[
                $($crate::graphql::at_once::Column {
                    name: stringify!($field),
                    plan: <$ty as $crate::graphql::at_once::Written>::plan,
                    write: |$this, plan, out| {
                        let value: $ty = $value;
                        $crate::graphql::at_once::Written::write(&value, plan, out)
                    },
                },)*
                $($($crate::graphql::at_once::Column {
                    name: stringify!($known),
                    plan: <$known_ty as $crate::graphql::at_once::Written>::plan,
                    write: |$known_this, plan, out| {
                        let value = $now?;
                        $crate::graphql::at_once::Written::write(&value, plan, out)
                    },
                },)*)?
            ];
        }

        impl $crate::graphql::at_once::Written for $object {
            fn plan<'a>(
                asked: &$crate::graphql::at_once::Asked<'a>,
            ) -> Option<$crate::graphql::at_once::Plan<'a>> {
                $crate::graphql::at_once::plan_columns::<Self>(asked)
            }

            fn write(
                &self,
                plan: &$crate::graphql::at_once::Plan<'_>,
                out: &mut $crate::graphql::at_once::Out<'_>,
            ) -> Result<(), $crate::graphql::at_once::Stop> {
                $crate::graphql::at_once::write_columns(self, plan, out)
            }
        }
    };
}

/// Lets a union or an interface be written as whichever type it is.
macro_rules! one_of {
    ($one:ident { $($variant:ident),+ }) => {
        const _: () = {
            use $crate::graphql::at_once::{Asked, Choice, Out, Plan, Stop, Written};

            enum Type {
                $($variant),+
            }

            impl Written for $one {
                fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>> {
                    Some(Plan::OneOf(Choice::new(asked, [$(Type::$variant),+].len())))
                }

                fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop> {
                    let Plan::OneOf(choice) = plan else { return Err(Stop::Waits) };
                    match self {
                        $(Self::$variant(value) => choice.write(Type::$variant as usize, value, out),)+
                    }
                }
            }
        };
    };
}

pub(in crate::graphql) use {object, one_of};
