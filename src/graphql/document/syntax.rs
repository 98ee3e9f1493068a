//! Parses a text into what it was written as.

use apollo_compiler::{
    ast::{Definition, Document, Selection},
    diagnostic::ToCliReport,
    parser::{Parser, SourceSpan},
    validation::DiagnosticList,
};
use async_graphql::Pos;

use super::{
    positions::Positions,
    scan::Scanned,
    tokens::{self, Lost},
    valueless, walk,
};
use crate::{
    graphql::{
        error::{ErrorCode, RequestError},
        limits::MAX_NESTING,
    },
    types::is_invisible,
};

/// What a level of nesting costs of the parser's own limit: a selection set and the field before it.
const LEVEL: usize = 4;

/// What a document consists of.
const DEFINITION: &str = "query, mutation, subscription, fragment or {";

/// The document of a text. Of several syntax errors the first is told: the others may follow from it.
pub(super) fn parse(scanned: &Scanned, positions: &Positions<'_>) -> Result<Document, RequestError> {
    let mut parser = Parser::new().recursion_limit(MAX_NESTING * LEVEL);
    let document = parser
        .parse_ast(scanned.text.as_str(), "")
        .map_err(|problem| first(&problem.errors, scanned, positions))?;
    refuse_empty_selections(&document, positions)?;
    tokens::check(&document, &scanned.text, scanned.tokens)
        .map_err(|Lost(place)| incomplete(place, &scanned.text, positions))?;
    Ok(document)
}

/// Names what has no value in the smallest selection or definition that has lost something.
fn incomplete(place: Option<SourceSpan>, text: &str, positions: &Positions<'_>) -> RequestError {
    let written =
        place.and_then(|span| text.get(span.offset()..span.end_offset()).map(|text| (span.offset(), text)));
    let found = written.and_then(|(start, text)| {
        let (offset, name) = valueless::find(text)?;
        Some((positions.at(start + offset), name))
    });
    match found {
        Some((pos, name)) => told_at(&format!("\"{name}\" has no value; write \"{name}: …\""), Some(pos)),
        None => refusal("something here is not complete", place, positions),
    }
}

fn first(errors: &DiagnosticList, scanned: &Scanned, positions: &Positions<'_>) -> RequestError {
    let first = errors.iter().min_by_key(|found| found.error.location().map(|place| place.offset()));
    let message = first.as_ref().map(|found| found.error.to_string()).unwrap_or_default();
    let message = message.strip_prefix("syntax error: ").unwrap_or(&message);
    let place = first.and_then(|found| found.error.location());
    let rest = place.and_then(|place| scanned.text.get(place.offset()..)).unwrap_or_default();
    refusal(&in_words(message, rest), place, positions)
}

/// A message of the parser about what stands at the beginning of this rest of the text, with the signs that it calls by names
/// of its own.
fn in_words(message: &str, rest: &str) -> String {
    // What it says where a definition should begin.
    if let "expected a StringValue, Name or OperationDefinition" | "expected definition" = message {
        let closing = rest.chars().next().filter(|sign| matches!(sign, '}' | ')' | ']'));
        return closing.map_or_else(
            || format!("expected {DEFINITION}"),
            |sign| format!("this {sign} closes nothing that is open; expected {DEFINITION}, or the end of the document"),
        );
    }
    if message.starts_with("Unexpected character")
        && let Some(sign) = rest.chars().next().filter(|sign| is_invisible(*sign))
    {
        return format!("Unexpected character U+{:04X}", u32::from(sign));
    }
    let signs = [
        ("Unexpected <EOF>.", "expected a definition, got EOF"),
        ("L_CURLY", "{"),
        ("R_CURLY", "}"),
        ("L_PAREN", "("),
        ("R_PAREN", ")"),
        ("L_BRACK", "["),
        ("R_BRACK", "]"),
        ("EOF", "the end of the document"),
    ];
    signs.iter().fold(message.to_owned(), |message, (name, sign)| message.replace(name, sign))
}

/// The parser takes `{}`, which is of a later edition of the specification.
fn refuse_empty_selections(document: &Document, positions: &Positions<'_>) -> Result<(), RequestError> {
    let mut empty = None;
    let mut look = |set: Option<&[Selection]>, place: Option<SourceSpan>| {
        if set.is_some_and(<[Selection]>::is_empty) {
            empty = empty.or(Some(place));
        }
    };
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                look(Some(&operation.selection_set), operation.location());
            }
            Definition::FragmentDefinition(fragment) => {
                look(Some(&fragment.selection_set), fragment.location());
            }
            _ => {}
        }
    }
    walk::selections(document, &mut |selection| match selection {
        Selection::Field(field) => look(field.selection_set.as_deref(), field.location()),
        Selection::InlineFragment(inline) => look(Some(&inline.selection_set), inline.location()),
        Selection::FragmentSpread(_) => {}
    });
    let message = "expected at least one Selection in Selection Set";
    empty.map_or(Ok(()), |place| Err(refusal(message, place, positions)))
}

fn refusal(message: &str, place: Option<SourceSpan>, positions: &Positions<'_>) -> RequestError {
    told_at(message, place.map(|place| positions.at(place.offset())))
}

fn told_at(message: &str, place: Option<Pos>) -> RequestError {
    let told = place.map_or_else(String::new, |pos| format!(" at line {}, column {}", pos.line, pos.column));
    RequestError::new(ErrorCode::GraphqlParseFailed, format!("syntax error{told}: {message}")).at(place)
}
