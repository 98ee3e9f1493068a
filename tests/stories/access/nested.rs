//! The fields of things, each asked for by those who may see it and by those who may not.

use serde_json::{Value, json};

use super::{
    fields::{Class, classes},
    fixtures::{Fixtures, Props, Role, Sender},
    schema::selection,
};

/// The class of a field.
type Of = Class;

/// Where a thing of this type is found: the document with `FIELD` in it, and the pointer to the thing.
fn way(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "Chatroom" => ("{ node(id: \"ROOM\") { ... on Chatroom { FIELD } } }", "/data/node"),
        "DirectConversation" => {
            ("{ node(id: \"DIRECT\") { ... on DirectConversation { FIELD } } }", "/data/node")
        }
        "Message" => ("{ node(id: \"MESSAGE\") { ... on Message { FIELD } } }", "/data/node"),
        "ReactionGroup" => {
            ("{ node(id: \"MESSAGE\") { ... on Message { reactions { FIELD } } } }", "/data/node/reactions/0")
        }
        "User" => ("{ user(id: \"CAROL\") { FIELD } }", "/data/user"),
        "Presence" => ("{ user(id: \"CAROL\") { presence { FIELD } } }", "/data/user/presence"),
        "ChatroomMemberEdge" => (
            "{ node(id: \"ROOM\") { ... on Chatroom { members { edges { FIELD } } } } }",
            "/data/node/members/edges/0",
        ),
        _ => return None,
    })
}

/// All fields of a class that can be asked for, with the way to each.
fn asked_for(class: Of) -> Vec<(String, String, String)> {
    let of_class = classes().into_iter().filter(|(_, of)| *of == class);
    let asked = of_class.filter_map(|(field, _)| {
        let (name, last) = field.split_once('.')?;
        let (document, place) = way(name)?;
        let document = document.replace("FIELD", &format!("{last} {}", selection(&field)));
        Some((document, place.to_owned(), last.to_owned()))
    });
    let asked: Vec<_> = asked.collect();
    assert!(!asked.is_empty(), "{class:?}");
    asked
}

async fn ask(fixtures: &Fixtures, props: &Props, sender: Sender, document: &str) -> Value {
    fixtures.ask(sender, &props.written(document), json!({})).await
}

#[tokio::test]
async fn what_is_in_a_conversation_is_for_those_who_are_in_it() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    for (document, place, field) in asked_for(Of::Conversation) {
        for role in [Role::Owner, Role::Oneself] {
            let answer = ask(&fixtures, &props, Sender::User(role), &document).await;
            let thing = answer.pointer(&place).and_then(|thing| thing.get(&field));
            assert!(answer.get("errors").is_none() && thing.is_some(), "{role:?} asks {document}: {answer}");
        }
        let is_between = document.contains("DIRECT");
        let strangers = if is_between { vec![Role::Stranger, Role::Member] } else { vec![Role::Stranger] };
        for role in strangers {
            for sender in [Sender::User(role), Sender::ServiceFor(role)] {
                let answer = ask(&fixtures, &props, sender, &document).await;
                assert_eq!(answer, json!({ "data": { "node": null } }), "{sender:?} asks {document}");
            }
        }
        let answer = ask(&fixtures, &props, Sender::Service, &document).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "ACTING_USER_REQUIRED", "{document}: {answer}");
        assert_eq!(answer["data"], json!({ "node": null }));
    }
}

#[tokio::test]
async fn profiles_are_for_everybody_who_is_let_in() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    for (document, _, _) in asked_for(Of::Profile) {
        let own = ask(&fixtures, &props, Sender::User(Role::Oneself), &document).await;
        assert!(own.get("errors").is_none() && own["data"]["user"].is_object(), "{document}: {own}");
        for sender in [Sender::User(Role::Stranger), Sender::Service, Sender::ServiceFor(Role::Stranger)] {
            assert_eq!(ask(&fixtures, &props, sender, &document).await, own, "{sender:?} asks {document}");
        }
    }
}

#[tokio::test]
async fn what_is_private_is_for_oneself_and_the_host() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    for (document, place, field) in asked_for(Of::Private) {
        let expected = if field == "externalId" { json!("carol@host") } else { json!("EVERYBODY") };
        for sender in [Sender::User(Role::Oneself), Sender::ServiceFor(Role::Oneself), Sender::Service] {
            let answer = ask(&fixtures, &props, sender, &document).await;
            let told = answer.pointer(&place).map_or(&Value::Null, |thing| &thing[&field]);
            assert_eq!(
                (told, answer.get("errors")),
                (&expected, None),
                "{sender:?} asks {document}: {answer}"
            );
        }
        for role in [Role::Stranger, Role::Member, Role::Owner] {
            for sender in [Sender::User(role), Sender::ServiceFor(role)] {
                let answer = ask(&fixtures, &props, sender, &document).await;
                assert_eq!(
                    answer,
                    json!({ "data": { "user": { &field: null } } }),
                    "{sender:?} asks {document}"
                );
            }
        }
    }
}

#[tokio::test]
async fn presence_is_for_those_who_share_a_conversation() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    for (document, _, _) in asked_for(Of::Presence) {
        let shown = |answer: &Value| answer["data"]["user"]["presence"].is_object();
        for role in [Role::Member, Role::Owner, Role::Oneself] {
            let answer = ask(&fixtures, &props, Sender::User(role), &document).await;
            assert!(answer.get("errors").is_none() && shown(&answer), "{role:?} asks {document}: {answer}");
        }
        for sender in [Sender::User(Role::Stranger), Sender::ServiceFor(Role::Stranger)] {
            let answer = ask(&fixtures, &props, sender, &document).await;
            assert_eq!(
                answer,
                json!({ "data": { "user": { "presence": null } } }),
                "{sender:?} asks {document}"
            );
        }
        let answer = ask(&fixtures, &props, Sender::Service, &document).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "ACTING_USER_REQUIRED", "{document}: {answer}");
        assert!(!shown(&answer), "{answer}");
    }
}

#[tokio::test]
async fn what_is_ones_own_is_told_of_oneself() {
    let fixtures = Fixtures::meet().await;
    let props = fixtures.props().await;
    let key = json!(format!("of {}", json!(props.room)));
    // Of Betty, who has reacted; and of Carol, whose message it is, and who was whispered to.
    let of_each = |document: &str, field: &str| match field {
        "clientMessageId" => [Value::Null, key.clone()],
        "viewerHasReacted" => [json!(true), json!(false)],
        "unreadCount" if document.contains("DIRECT") => [Value::Null, json!(1)],
        "unreadCount" => [json!(1), json!(0)],
        "readUpTo" if document.contains("DIRECT") => [Value::Null, json!(0)],
        "readUpTo" => [json!(0), json!(0)],
        other => panic!("what is {other} of each?"),
    };
    for (document, place, field) in asked_for(Of::Own) {
        for (role, expected) in [Role::Member, Role::Oneself].into_iter().zip(of_each(&document, &field)) {
            let answer = ask(&fixtures, &props, Sender::User(role), &document).await;
            let told = answer.pointer(&place).map_or(&Value::Null, |thing| &thing[&field]);
            assert_eq!((told, answer.get("errors")), (&expected, None), "{role:?} asks {document}: {answer}");
        }
        let answer = ask(&fixtures, &props, Sender::User(Role::Stranger), &document).await;
        assert_eq!(answer, json!({ "data": { "node": null } }), "{document}");
    }
}
