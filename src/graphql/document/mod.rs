//! The front door for documents: a text is scanned, parsed, measured, validated and brought into a normal form once, and
//! what comes of it is remembered.
//!
//! Parsing and validation are those of `apollo-compiler`, which follows the September 2025 edition of the specification. What
//! is executed is built from what was validated ([`normalise`]), so the executor never reads a text, and its own validation
//! is off. What the library misses is checked here: [`tokens`], [`literals`], [`roots`],
//! [`usages`].
//!
//! Nothing recurses along what a client sends before it is bounded: the scan counts bytes, tokens, nesting and fragments
//! before the parser, and measuring counts fragments out before validation follows them.

mod collect;
mod conditions;
mod cost;
mod described;
mod diagnostics;
mod introspection;
mod literals;
mod measure;
mod misfit;
mod name_masking;
mod normalise;
mod nulls;
mod positions;
mod reader;
mod roots;
mod scan;
mod syntax;
mod tokens;
mod typed_schema;
mod usages;
mod valid;
mod valueless;
mod values;
mod variables;
mod walk;

pub(super) use described::Described;
pub(super) use name_masking::NameMasking;
pub(super) use reader::Reader;
pub(super) use valid::{Document, Operation};
