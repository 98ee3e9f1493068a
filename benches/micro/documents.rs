//! Documents that are within every limit: one as a page sends it, and the worst that somebody could make up.

use std::{
    fmt::{Display, Write},
    sync::Arc,
};

use criterion::Criterion;
use messenger::{
    config::Limits,
    graphql::{DocumentPolicy, ErrorCode},
};

/// The codes of limits: a document that one of them stops costs less than it would have.
const LIMITS: [ErrorCode; 9] = [
    ErrorCode::DocumentTooLarge,
    ErrorCode::DocumentTooDeep,
    ErrorCode::RecursionTooDeep,
    ErrorCode::TooManyAliases,
    ErrorCode::TooManyDirectives,
    ErrorCode::TooManyFields,
    ErrorCode::TooManyFragments,
    ErrorCode::TooManyTokens,
    ErrorCode::GraphqlParseFailed,
];

/// Times what a document passes that was not seen before: it is scanned, parsed, measured, validated and brought into its normal
/// form.
pub fn documents(criterion: &mut Criterion) {
    let policy = DocumentPolicy::open(true, Arc::new(Limits::default()));
    let mut group = criterion.benchmark_group("a new document");
    for (title, is_sound, document) in all() {
        let problems = policy.problems(&document);
        let is_stopped = problems.iter().any(|problem| LIMITS.contains(&problem.code()));
        assert!(!is_stopped, "{title} is not within all limits: {problems:?}");
        assert_eq!(problems.is_empty(), is_sound, "{title}: {problems:?}");
        group.bench_function(title, |bencher| bencher.iter(|| policy.problems(&document)));
    }
    group.finish();
}

/// Each with whether it may run.
fn all() -> Vec<(&'static str, bool, String)> {
    let sound = sound().into_iter().map(|(title, document)| (title, true, document));
    let spoiled = spoiled().into_iter().map(|(title, document)| (title, false, document));
    sound.chain(spoiled).collect()
}

/// The worst that may run.
fn sound() -> Vec<(&'static str, String)> {
    vec![
        ("of a page", PAGE.to_owned()),
        ("1,980 times __typename", format!("{{ {} }}", "__typename ".repeat(1_980))),
        ("990 times one field of the root", format!("{{ {} }}", "viewer { id } ".repeat(990))),
        ("320 times one page", format!("{{ {} }}", "users(first: 1) { edges { cursor } } ".repeat(320))),
        (
            "100 aliases",
            format!("{{ {} }}", many(100, |n| format!("a{n}: viewer {{ {} }}", "id ".repeat(15)))),
        ),
        ("100 fragments of the same fields", overlapping()),
        ("fragments that spread each other", spreading()),
        ("1,900 fields, 12 deep", nested(12, "replyTo", &"id ".repeat(1_900))),
        ("600 pages, 12 deep", nested(4, "conversation { messages { nodes", &PAGES.repeat(600))),
        ("the same pairs, 8 deep", pairs(8)),
        ("600 inline fragments of four types", inline()),
        ("990 operations", many(990, |n| format!("query A{n} {{ __typename }}"))),
        ("38 operations with the same fragment", operations()),
        ("690 variables in a list", variables()),
        (
            "330 fields with two directives",
            format!("{{ {} }}", "__typename @include(if: true) @skip(if: false) ".repeat(330)),
        ),
        ("10,900 escapes in a text", format!("{{ node(id: \"{}\") {{ id }} }}", "\\u0041".repeat(10_900))),
    ]
}

/// The worst that is refused, and not by a limit.
fn spoiled() -> Vec<(&'static str, String)> {
    let long = "x".repeat(50);
    let typing = |fields: &str| format!("setTyping(input: {{{fields}}}) {{ errors {{ code }} }}");
    let unused =
        |count, name, spread: &str| many(count, |n| format!("fragment {name}{n} on User {{ {spread} }}"));
    vec![
        ("1,000 unknown fields", format!("{{ viewer {{ {} }} }}", many(1_000, |n| format!("{long}{n}")))),
        (
            "600 unknown types",
            format!("{{ viewer {{ {} }} }}", many(600, |n| format!("... on {long}{n} {{ id }}"))),
        ),
        (
            "1,000 unknown arguments",
            format!("{{ users({}) {{ __typename }} }}", many(1_000, |n| format!("{long}{n}: 1"))),
        ),
        (
            "1,000 unknown fields of an input",
            format!("mutation {{ {} }}", typing(&many(1_000, |n| format!("{long}{n}: 1")))),
        ),
        ("1,600 times one field of an input", format!("mutation {{ {} }}", typing(&"a: 1 ".repeat(1_600)))),
        (
            "two inputs of 800 fields",
            format!("mutation {{ {} }}", typing(&many(800, |n| format!("a{n}: 1"))).repeat(2)),
        ),
        (
            "400 fields in conflict",
            format!("{{ {} }}", many(400, |n| format!("users(first: {n}) {{ __typename }}"))),
        ),
        (
            "1,200 variables that are not used",
            format!("query ({}) {{ __typename }}", many(1_200, |n| format!("$v{n}: Int"))),
        ),
        (
            "2,400 variables that are not there",
            format!("{{ users(first: [{}]) {{ __typename }} }}", many(2_400, |n| format!("$v{n}"))),
        ),
        (
            "99 fragments that spread one of 1,900 fields",
            format!(
                "{{ viewer {{ ...F0 }} }} fragment F0 on User {{ {} }} {}",
                "id ".repeat(1_900),
                unused(99, "G", "...F0")
            ),
        ),
        (
            "90 fragments that nothing spreads, of those that spread each other",
            format!("{} {}", spreading(), unused(90, "G", "...F8 ...F7")),
        ),
        ("4,900 values in a list", format!("{{ users(first: [{}]) {{ __typename }} }}", "1 ".repeat(4_900))),
        (
            "1,200 unknown directives",
            format!("{{ {} }}", many(1_200, |n| format!("__typename @{}{n}", &long[..20]))),
        ),
    ]
}

/// What the chat asks for when it opens a conversation.
const PAGE: &str = "query Conversation($id: ID!, $before: String) {
    viewer { id username displayName }
    conversation(id: $id) {
        __typename id latestSeq readUpTo unreadCount
        ... on Chatroom { name memberCount createdBy { ...Person } }
        ... on DirectConversation { participants { ...Person presence { status text } } }
        messages(last: 50, before: $before) {
            pageInfo { hasPreviousPage startCursor }
            nodes { ...Parts replyTo { ...Parts } }
        }
    }
}
fragment Person on User { id username displayName }
fragment Parts on Message {
    id seq text sentAt editedAt deletedAt sender { ...Person } reactions { emoji count viewerHasReacted }
}";

fn many<T: Display>(count: usize, part: impl Fn(usize) -> T) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = write!(text, "{} ", part(number));
    }
    text
}

/// What gives a page and is small.
const PAGES: &str = "conversation { id } ";

fn overlapping() -> String {
    let spreads = many(100, |n| format!("...F{n}"));
    let fragments = many(100, |n| format!("fragment F{n} on User {{ {} }}", "id username ".repeat(8)));
    format!("{{ viewer {{ {spreads} }} }} {fragments}")
}

/// A chain of fragments, each with the one before twice: about 1,700 fields and spreads when they are written out.
fn spreading() -> String {
    let fragments = many(8, |n| format!("fragment F{} on User {{ id ...F{n} ...F{n} }}", n + 1));
    format!("{{ viewer {{ ...F8 ...F7 }} }} fragment F0 on User {{ id }} {fragments}")
}

/// Something in itself, with these fields at the deepest place.
fn nested(depth: usize, step: &str, fields: &str) -> String {
    let begins = format!("{step} {{ ").repeat(depth);
    let ends = "} ".repeat(begins.matches('{').count());
    format!("{{ node(id: \"x\") {{ ... on Message {{ {begins} {fields} {ends} }} }} }}")
}

/// A field twice, in each of which it stands twice, and so on.
fn pairs(depth: usize) -> String {
    let mut text = "id".to_owned();
    for _ in 0..depth {
        text = format!("replyTo {{ {text} }} replyTo {{ {text} }}");
    }
    format!("{{ node(id: \"x\") {{ ... on Message {{ {text} }} }} }}")
}

fn inline() -> String {
    let types = ["User", "Message", "Chatroom", "DirectConversation"];
    format!("{{ node(id: \"x\") {{ {} }} }}", many(600, |n| format!("... on {} {{ id }}", types[n % 4])))
}

fn operations() -> String {
    let operations = many(38, |n| format!("query A{n} {{ ...F }}"));
    format!("{operations} fragment F on Query {{ {} }}", "viewer { id } ".repeat(24))
}

fn variables() -> String {
    let (declared, used) = (many(690, |n| format!("$v{n}: ID!")), many(690, |n| format!("$v{n}")));
    format!(
        "mutation ({declared}) {{ createChatroom(input: {{name: \"x\", memberIds: [{used}]}}) {{ errors {{ code }} }} }}"
    )
}
