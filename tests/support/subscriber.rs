//! A user's subscription.

use std::time::Duration;

use futures_util::StreamExt;
use messenger::graphql::{Allowed, Answers, Api, Credentials, Request, RequestId};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Actor, Server};

/// A user's subscription; ends when it is dropped.
pub struct Subscriber {
    answers: Answers,
    /// Heard already, and not asked for yet.
    first: Option<Value>,
}

const EVENTS: &str = "subscription ($userId: ID, $conversationId: ID, $after: String) {
    events(userId: $userId, conversationId: $conversationId, after: $after) {
        cursor
        event {
            __typename
            ... on MemberLeft { member { username } }
            ... on MessageSent { message { text } }
            ... on PresenceChanged { user { username presence { status text since } } }
            ... on TypingChanged { conversation { id } isTyping user { username } }
        }
    }
}";

/// Longer than anything takes; what does not come is a failure, and not a test that hangs.
const PATIENCE: Duration = Duration::from_secs(20);

impl Server {
    /// Subscribes to what happens to somebody; gives the subscription when it has its first event.
    pub async fn listens(&self, actor: &Actor<'_>, mut arguments: Value) -> Subscriber {
        arguments["userId"] = json!(actor.id);
        let mut ear = Subscriber::open(self, EVENTS, arguments, &Credentials::default()).await;
        ear.first = Some(ear.next().await);
        ear
    }

    /// The same for somebody who is told everything from now on.
    pub async fn hears_what_happens(&self, actor: &Actor<'_>) -> Subscriber {
        let mut ear = self.listens(actor, json!({})).await;
        assert_eq!(ear.next().await["event"]["__typename"], "CaughtUp");
        ear
    }
}

impl Subscriber {
    /// A subscription of which nothing was heard yet.
    pub async fn open(server: &Server, document: &str, variables: Value, credentials: &Credentials) -> Self {
        let request = Request {
            query: Some(document.to_owned()),
            variables: serde_json::from_value(variables).expect("variables"),
            ..Request::default()
        };
        let api = Api::new(server.app.clone());
        let id = RequestId("story".to_owned());
        let session = api.admit(credentials, &id).await.expect("somebody who is let in");
        Self { answers: api.follow(session, request, Allowed::EVERYTHING, id), first: None }
    }

    /// The next event, with its cursor.
    pub async fn next(&mut self) -> Value {
        if let Some(first) = self.first.take() {
            return first;
        }
        let answer = timeout(PATIENCE, self.answers.next()).await.expect("an event in time");
        let answer = serde_json::to_value(answer).expect("JSON");
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"]["events"].clone()
    }
}
