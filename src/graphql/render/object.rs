//! One definition of an object's fields, for the library's resolvers and for the renderer.

use super::{NotRendered, Out, Plan, SelectionRef, plan::Piece, text};

/// A field that can be rendered without a resolver.
pub(in crate::graphql) struct FieldEntry<T> {
    /// Its name in Rust.
    pub(in crate::graphql) name: &'static str,
    /// How the selection on its value is rendered.
    pub(in crate::graphql) plan: for<'a> fn(&SelectionRef<'a>) -> Option<Plan<'a>>,
    /// Writes its value.
    pub(in crate::graphql) write: fn(&T, &Plan<'_>, &mut Out<'_>) -> Result<(), NotRendered>,
}

/// An object whose fields are in a table.
pub(in crate::graphql) trait FieldTable: Sized + 'static {
    /// Its name in the schema.
    const NAME: &'static str;
    /// The fields that can be rendered without a resolver, or sometimes can.
    const FIELDS: &'static [FieldEntry<Self>];
}

/// How the selection on an object is rendered.
pub(in crate::graphql) fn plan_fields<'a, T: FieldTable>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
    let fields = selection.fields(T::NAME);
    let mut pieces = Vec::with_capacity(fields.len());
    for selected in fields {
        if selected.is_contested {
            return None;
        }
        let mut before = String::with_capacity(selected.key.len() + 4);
        if !pieces.is_empty() {
            before.push(',');
        }
        text::write(selected.key, &mut before);
        before.push(':');
        let name = selected.field.name.node.as_str();
        if name == "__typename" {
            text::write(T::NAME, &mut before);
            pieces.push(Piece { before, value: None });
            continue;
        }
        if !selected.field.arguments.is_empty() {
            return None;
        }
        let index = T::FIELDS.iter().position(|entry| is_called(entry.name, name))?;
        let plan = (T::FIELDS[index].plan)(&selected.selection)?;
        pieces.push(Piece { before, value: Some((index, plan)) });
    }
    Some(Plan::Object(pieces))
}

/// Writes an object's fields.
pub(in crate::graphql) fn write_fields<T: FieldTable>(
    object: &T,
    plan: &Plan<'_>,
    out: &mut Out<'_>,
) -> Result<(), NotRendered> {
    let Plan::Object(pieces) = plan else { return Err(NotRendered::NeedsResolver) };
    out.push('{');
    for Piece { before, value } in pieces {
        out.push_str(before);
        if let Some((index, plan)) = value {
            (T::FIELDS[*index].write)(object, plan, out)?;
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
/// Of the fields before `waiting`, each is a name, its type, and its value: the library gets a resolver of
/// it, and the table an entry. Each after `known` may have to be waited for: its value when it need not be,
/// and how to wait. Resolvers after `waiting` are the library's alone.
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
                    $crate::graphql::render::pass(ctx).await;
                    let $this = self;
                    $value
                }
            )*
            $($(
                $(#[$known_doc])*
                $visibility async fn $known(&self, $ctx: &async_graphql::Context<'_>) -> $known_ty {
                    $crate::graphql::render::pass($ctx).await;
                    let $known_this = self;
                    $later.await
                }
            )*)?
            $($($waiting)*)?
        }

        impl $crate::graphql::render::FieldTable for $object {
            const NAME: &'static str = $schema_name;
            const FIELDS: &'static [$crate::graphql::render::FieldEntry<Self>] = &[
                $($crate::graphql::render::FieldEntry {
                    name: stringify!($field),
                    plan: <$ty as $crate::graphql::render::RenderJson>::plan,
                    write: |$this, plan, out| {
                        let value: $ty = $value;
                        $crate::graphql::render::RenderJson::write(&value, plan, out)
                    },
                },)*
                $($($crate::graphql::render::FieldEntry {
                    name: stringify!($known),
                    plan: <$known_ty as $crate::graphql::render::RenderJson>::plan,
                    write: |$known_this, plan, out| {
                        let value = $now?;
                        $crate::graphql::render::RenderJson::write(&value, plan, out)
                    },
                },)*)?
            ];
        }

        impl $crate::graphql::render::RenderJson for $object {
            fn plan<'a>(
                selection: &$crate::graphql::render::SelectionRef<'a>,
            ) -> Option<$crate::graphql::render::Plan<'a>> {
                $crate::graphql::render::plan_fields::<Self>(selection)
            }

            fn write(
                &self,
                plan: &$crate::graphql::render::Plan<'_>,
                out: &mut $crate::graphql::render::Out<'_>,
            ) -> Result<(), $crate::graphql::render::NotRendered> {
                $crate::graphql::render::write_fields(self, plan, out)
            }
        }
    };
}

/// Lets a union or an interface be written as whichever type it is.
macro_rules! one_of {
    ($one:ident { $($variant:ident),+ }) => {
        const _: () = {
            use $crate::graphql::render::{SelectionRef, Choice, Out, Plan, NotRendered, RenderJson};

            enum Type {
                $($variant),+
            }

            impl RenderJson for $one {
                fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>> {
                    Some(Plan::OneOf(Choice::new(selection, [$(Type::$variant),+].len())))
                }

                fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered> {
                    let Plan::OneOf(choice) = plan else { return Err(NotRendered::NeedsResolver) };
                    match self {
                        $(Self::$variant(value) => choice.write(Type::$variant as usize, value, out),)+
                    }
                }
            }
        };
    };
}

pub(in crate::graphql) use {object, one_of};
