//! Every root field, asked for by everybody.

use std::collections::BTreeSet;

use super::{
    fixtures::{Fixtures, ROLES, Sender},
    outcome::Outcome,
    schema::{fields, is_root},
    table::table,
};

#[test]
fn every_root_field_is_in_the_table() {
    let in_schema: BTreeSet<String> = fields().into_iter().filter(|field| is_root(field)).collect();
    let in_table: BTreeSet<String> = table().iter().map(|row| row.field.to_owned()).collect();
    assert_eq!(in_table, in_schema, "say in tests/stories/access/table.rs who may ask for it");
}

#[tokio::test]
async fn nobody_is_told_anything() {
    let fixtures = Fixtures::meet().await;
    for row in table() {
        Outcome::Refused("UNAUTHENTICATED").is_that_of(&row, &fixtures, Sender::Nobody).await;
    }
}

#[tokio::test]
async fn each_user_is_told_what_is_theirs() {
    let fixtures = Fixtures::meet().await;
    for row in table() {
        for (outcome, role) in row.users.into_iter().zip(ROLES) {
            outcome.is_that_of(&row, &fixtures, Sender::User(role)).await;
        }
    }
}

#[tokio::test]
async fn a_service_is_told_what_those_are_whom_it_names() {
    let fixtures = Fixtures::meet().await;
    for row in table() {
        for (outcome, role) in row.users.into_iter().zip(ROLES) {
            // That which is forbidden because it is done as another, or for services.
            let is_for_services = outcome == Outcome::Refused("FORBIDDEN") && row.service == Outcome::Works;
            let outcome = if is_for_services { Outcome::Works } else { outcome };
            outcome.is_that_of(&row, &fixtures, Sender::ServiceFor(role)).await;
        }
    }
}

#[tokio::test]
async fn a_service_that_names_nobody_is_told_profiles() {
    let fixtures = Fixtures::meet().await;
    for row in table() {
        row.service.is_that_of(&row, &fixtures, Sender::Service).await;
    }
}
