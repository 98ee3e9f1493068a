//! Random documents, answered both ways.

use std::cell::RefCell;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::config::Limits;

use super::{
    document::variables,
    draw::Draw,
    fixture::{Fixture, Told, Way},
    kinds::Kinds,
    people::{calls, gather},
};

/// How many documents are tried in the test suite; `PROPTEST_CASES` asks for more, and for other ones each time.
const CASES: u32 = 300;

fn runner() -> TestRunner {
    let default = Config { failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return TestRunner::new(default);
    }
    // The same documents each time: a failure is the code's, never the day's.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config { cases: CASES, ..default }, rng)
}

/// How many documents there were.
#[derive(Debug, Default)]
struct Tally {
    all: usize,
    /// Those that were not run.
    refused: usize,
    /// Those with an error.
    failed: usize,
    /// Those of which a page was rendered.
    written: usize,
}

impl Tally {
    fn count(&mut self, told: &Told) {
        self.all += 1;
        self.refused += usize::from(told.is_refused());
        self.failed += usize::from(told.has_failed() && !told.is_refused());
        self.written += usize::from(told.pages > 0);
    }

    /// Comparing the library with itself would prove nothing.
    fn is_worth_something(&self) -> bool {
        self.written * 4 > self.all && self.failed * 50 > self.all && self.refused * 20 < self.all
    }
}

#[test]
fn every_document_is_answered_in_the_words_of_the_library() {
    let (fixture, kinds) = (Fixture::new(), Kinds::of_schema());
    let calls = calls(&fixture, &kinds, &gather(&fixture));
    let tally = RefCell::<Tally>::default();
    let choices = (any::<bool>(), vec(any::<u16>(), 0..600));
    let outcome = runner().run(&choices, |(has_viewer, choices)| {
        let document = Draw::document(&kinds, &calls, &choices, has_viewer);
        let [own, library] = [Way::Own, Way::Library]
            .map(|way| fixture.ask(way, has_viewer.then_some("aaron"), &document, variables()));
        tally.borrow_mut().count(&own);
        prop_assert_eq!(library.pages, 0);
        prop_assert_eq!(own.is_refused(), library.is_refused(), "{}", document);
        // What validation says comes in any order.
        prop_assert!(
            own.is_refused() || own.text == library.text,
            "{document}\n{}\n{}",
            own.text,
            library.text
        );
        Ok(())
    });
    outcome.expect("the same answer");
    let tally = tally.into_inner();
    assert!(tally.is_worth_something(), "{tally:?}");
}

#[test]
fn both_ways_give_up_at_the_same_byte() {
    let fixture = Fixture::new();
    let kinds = Kinds::of_schema();
    let calls = calls(&fixture, &kinds, &gather(&fixture));
    let compared = RefCell::new(0);
    let choices = (any::<bool>(), vec(any::<u16>(), 0..300));
    let outcome = runner().run(&choices, |(has_viewer, choices)| {
        let document = Draw::document(&kinds, &calls, &choices, has_viewer);
        let ask = |way, most| {
            let limits = Limits { answer_bytes: most, ..*fixture.app.limits };
            fixture.ask_within(&limits, way, has_viewer.then_some("aaron"), &document, variables())
        };
        let whole = ask(Way::Own, usize::MAX);
        // Of an answer with errors the own way has written parts that come to nothing.
        if whole.has_failed() {
            return Ok(());
        }
        *compared.borrow_mut() += 1;
        for way in [Way::Own, Way::Library] {
            prop_assert_eq!(&ask(way, whole.text.len()).text, &whole.text, "{}", document);
            let refused = ask(way, whole.text.len() - 1).text;
            prop_assert!(refused.contains("ANSWER_TOO_LARGE"), "{document}\n{refused}");
        }
        Ok(())
    });
    outcome.expect("the same answer");
    assert!(compared.into_inner() > 100, "most documents succeed");
}

/// Documents that chance hardly finds, and whether a page of them is rendered.
const RARE: [(&str, bool); 6] = [
    // One key stands for two fields of two objects, and for one of them twice.
    (
        "{ conversations(userId: <aaron>) { nodes {
            ... on Chatroom { x: createdBy { id } }
            ... on DirectConversation { x: messages { nodes { id } } x: messages { nodes { text } } }
        } } }",
        true,
    ),
    // The same page of two objects: nothing is merged.
    (
        "{ conversations(userId: <aaron>) { nodes {
            ... on Chatroom { messages { nodes { id } } }
            ... on DirectConversation { ... on Conversation { messages { nodes { text } } } }
        } } }",
        true,
    ),
    // The same page of whichever object, and of one of them.
    (
        "{ conversations(userId: <aaron>) { nodes { ...F messages { nodes { id } } } } }
        fragment F on Chatroom { ... on Conversation { messages { nodes { text } } } }",
        true,
    ),
    // What is asked for twice is not skipped with one of the two.
    (
        "{ users { nodes { id @skip(if: true) ...F } nodes { username ... on User { id @include(if: false) } } } }
        fragment F on User { id displayName }",
        true,
    ),
    ("{ users { nodes { id @skip(if: true) } pageInfo { ... @include(if: false) { endCursor } } } }", true),
    // The last of many has to be waited for: it answers another one.
    ("{ conversation(id: <dm>) { messages { nodes { text replyTo { text } } } } }", false),
];

#[test]
fn what_is_rare_is_answered_in_the_words_of_the_library() {
    let fixture = Fixture::new();
    let ids = gather(&fixture);
    for (document, is_written) in RARE {
        let document = ids.fill(document);
        let [own, library] =
            [Way::Own, Way::Library].map(|way| fixture.ask(way, Some("aaron"), &document, variables()));
        assert!(!own.has_failed(), "{document}\n{}", own.text);
        assert_eq!(own.text, library.text, "{document}");
        assert_eq!(own.pages > 0, is_written, "{document}");
    }
}

#[test]
fn a_fragment_on_a_union_is_about_its_objects_wherever_they_stand() {
    let fixture = Fixture::new();
    let document = "{ recentMessages(recipientId: <room>, first: 1) { nodes { sender { ...R } recipient { ... on Node { ...R } } } } }
        fragment R on Recipient { __typename ... on User { username } ... on Chatroom { memberCount } }";
    let document = gather(&fixture).fill(document);
    let expected = r#"{"sender":{"__typename":"User","username":"carol"},"recipient":{"__typename":"Chatroom","memberCount":3}}"#;
    let own = fixture.ask(Way::Own, None, &document, variables());
    assert_eq!(own.text, format!(r#"{{"data":{{"recentMessages":{{"nodes":[{expected}]}}}}}}"#));
    // The library follows such a fragment only where the field gives the union itself; the normal form has none of them.
    let library = fixture.ask(Way::Library, None, &document, variables());
    assert_eq!(library.text, own.text);
}
