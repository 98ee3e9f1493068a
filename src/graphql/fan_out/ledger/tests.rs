use std::sync::LazyLock;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{config::Limits, graphql::document::Reader, graphql::sdl};

fn user(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

/// A subscription with an alias of so many letters.
fn subscribed(reader: &Reader, alias: usize) -> Subscribed {
    let text = format!("subscription {{ events {{ {}: cursor }} }}", "x".repeat(alias));
    let document = Arc::new(reader.read(&text).expect("a document"));
    Subscribed { text: text.into(), operation_name: None, document, values: 2 }
}

fn reader() -> Reader {
    Reader::of(&sdl(), true, Arc::new(Limits::default()))
}

fn ledger(subscriptions: usize, bytes_of_user: usize, bytes: usize) -> Arc<Ledger> {
    Arc::new(Ledger::within(Bounds { subscriptions, bytes_of_user, bytes }))
}

fn refusal(entered: Result<Option<Entered>, RequestError>) -> String {
    let error = entered.err().expect("a refusal");
    assert_eq!(error.code(), ErrorCode::TooManyOperations);
    error.message().to_owned()
}

#[test]
fn a_document_is_kept_once_and_goes_with_its_last_subscription() {
    let (reader, ledger) = (reader(), ledger(10, 100_000, 100_000));
    let [short, long] = [1, 2_000].map(|alias| subscribed(&reader, alias));
    let enter = |number, subscribed| ledger.enter(user(number), subscribed).ok().flatten().expect("a place");
    let first = enter(1, &long);
    let (_, bytes) = ledger.kept();
    assert!((2_000..3_500).contains(&bytes), "{bytes}");
    let others = [enter(1, &long), enter(2, &long)];
    assert!(Arc::ptr_eq(&first.plan, &others[1].plan));
    assert_eq!(ledger.kept(), (3, bytes));
    let short = enter(2, &short);
    assert_eq!(ledger.kept().0, 4);
    drop((first, others));
    assert_eq!(ledger.kept(), (1, short.plan.bytes()));
    drop(short);
    assert_eq!(ledger.kept(), (0, 0));
    let kept = ledger.lock();
    assert!(kept.plans.is_empty() && kept.people.is_empty());
}

#[test]
fn each_bound_has_its_own_message() {
    let reader = reader();
    let [one, two] = [1_000, 1_001].map(|alias| subscribed(&reader, alias));
    let counted = ledger(1, 100_000, 100_000);
    let _kept = counted.enter(user(1), &one).expect("a place");
    let message =
        "1 subscriptions of this user run (serverInfo.limits.userSubscriptions); end one of them first";
    assert_eq!(refusal(counted.enter(user(1), &one)), message);
    assert!(counted.enter(user(2), &one).is_ok(), "of another user");

    let own = ledger(10, 2_500, 100_000);
    let _kept =
        (own.enter(user(1), &one).expect("a place"), own.enter(user(1), &one).expect("the same document"));
    assert!(
        refusal(own.enter(user(1), &two))
            .starts_with("the documents of this user's subscriptions would have")
    );
    assert!(own.enter(user(2), &two).is_ok(), "of another user");

    let all = ledger(10, 100_000, 2_500);
    let _kept = all.enter(user(1), &one).expect("a place");
    assert!(
        refusal(all.enter(user(2), &two)).starts_with("the documents of all subscriptions on this server")
    );
    assert!(all.enter(user(2), &one).is_ok(), "it is there already");
}

static DOCUMENTS: LazyLock<Vec<Subscribed>> = LazyLock::new(|| {
    let reader = reader();
    (0..6).map(|number| subscribed(&reader, 100 * (number + 1))).collect()
});

proptest! {
    #[test]
    fn the_bounds_hold_whatever_comes_and_goes(
        steps in prop::collection::vec((1_u128..4, 0_usize..6, any::<bool>()), 0..60),
    ) {
        let (documents, ledger) = (&*DOCUMENTS, ledger(4, 4_000, 6_000));
        let mut running = Vec::new();
        for (number, document, comes) in steps {
            if comes {
                running.extend(ledger.enter(user(number), &documents[document]).ok().flatten());
            } else if !running.is_empty() {
                running.swap_remove(document % running.len());
            }
            let (subscriptions, bytes) = ledger.kept();
            prop_assert!(subscriptions == running.len() && bytes <= 6_000);
            let mut keys: Vec<_> = running.iter().map(|entered: &Entered| (entered.key, entered.plan.bytes())).collect();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.iter().map(|(_, bytes)| bytes).sum::<usize>(), bytes);
        }
        running.clear();
        prop_assert_eq!(ledger.kept(), (0, 0));
    }
}
