//! Whoever pastes what a page has, from its first operation to its last, gets the answers that stand there.

use messenger::domain::set_up_example;
use serde_json::{Deserializer, Value, json};

use super::{
    GUIDE, README,
    page::{Block, Page},
};
use crate::support::{Server, Socket};

#[tokio::test]
async fn the_readme_tells_the_answers_that_one_gets() {
    assert_eq!(Reader::plays(README).await, 4);
}

#[tokio::test]
async fn the_guide_tells_the_answers_that_one_gets() {
    assert_eq!(Reader::plays(GUIDE).await, 32);
}

/// Somebody in front of a fresh example.
struct Reader {
    server: Server,
    expects: Expected,
    /// The last subscription that was begun.
    subscription: Option<Socket>,
    /// The cursors of events, as the page shows them and as they were told.
    cursors: Vec<[String; 2]>,
}

/// What the next answer on the page is.
enum Expected {
    /// The answer to this operation.
    Answer(&'static str, Value),
    /// What the subscription tells.
    Event,
    /// The answer to a command, which the checks of clients run and compare.
    OfCommand,
}

impl Reader {
    /// Reads a page; gives the number of its operations.
    async fn plays(page: Page) -> usize {
        let server = Server::start().await;
        set_up_example(&server.app).await.expect("the example");
        let mut reader = Self { server, expects: Expected::Event, subscription: None, cursors: Vec::new() };
        for block in page.blocks() {
            reader.reads(block).await;
        }
        reader.has_seen_the_answer();
        page.blocks().iter().filter(|block| block.language == "graphql").count()
    }

    async fn reads(&mut self, block: Block) {
        match block.language {
            "json" => self.compares(block.text).await,
            "graphql" => {
                self.has_seen_the_answer();
                self.runs(block.text).await;
            }
            "sh" => {
                self.has_seen_the_answer();
                self.expects = Expected::OfCommand;
            }
            // The checks of clients compile and use what is TypeScript.
            "text" | "ts" | "tsx" => self.has_seen_the_answer(),
            other => panic!("nobody runs {other:?}:\n{}", block.text),
        }
    }

    fn has_seen_the_answer(&self) {
        if let Expected::Answer(operation, answer) = &self.expects {
            panic!("the page does not tell what this answers:\n{operation}\n{answer:#}");
        }
    }

    async fn runs(&mut self, operation: &'static str) {
        let acting_user = acting_user(operation);
        if operation.lines().any(|line| line.starts_with("subscription")) {
            let named = json!({ "Messenger-User": acting_user.expect("somebody who listens") });
            let mut socket = Socket::open_as(&self.server.url, named).await;
            socket.subscribes("1", &self.pasted(operation), json!({})).await;
            self.subscription = Some(socket);
            self.expects = Expected::Event;
            return;
        }
        let answer = match acting_user {
            Some(name) => self.server.ask_as(name, operation, json!({})).await,
            None => self.server.ask(operation, json!({})).await,
        };
        self.expects = Expected::Answer(operation, answer);
    }

    /// An operation with the cursors that were told in the places of those that the page shows.
    fn pasted(&self, operation: &str) -> String {
        let paste = |operation: String, [shown, told]: &[String; 2]| operation.replace(shown, told);
        self.cursors.iter().fold(operation.to_owned(), paste)
    }

    async fn compares(&mut self, told: &str) {
        match std::mem::replace(&mut self.expects, Expected::Event) {
            Expected::Answer(operation, answer) => {
                let told: Value = serde_json::from_str(told).expect(operation);
                assert_eq!(as_shown(answer, &told), told, "{operation}");
            }
            Expected::Event => {
                let subscription = self.subscription.as_mut().expect("a subscription");
                for told in Deserializer::from_str(told).into_iter::<Value>() {
                    let told = told.expect("JSON");
                    let heard = subscription.hears().await["payload"].clone();
                    let cursor = |edge: &Value| edge["data"]["events"]["cursor"].as_str().map(str::to_owned);
                    self.cursors.extend(cursor(&told).zip(cursor(&heard)).map(<[String; 2]>::from));
                    assert_eq!(as_shown(heard, &told), told, "what is heard");
                }
            }
            Expected::OfCommand => {}
        }
    }
}

/// Who acts, as the comment in an operation says.
fn acting_user(operation: &'static str) -> Option<&'static str> {
    let (_, rest) = operation.split_once("# Messenger-User: ")?;
    rest.lines().next()
}

/// An answer as a page shows it: with `…` where it is another one each time.
fn as_shown(answer: Value, shown: &Value) -> Value {
    match (answer, shown) {
        (Value::String(text), Value::String(shown)) if is_shortened(&text, shown) => json!(shown),
        (Value::Array(items), Value::Array(shown)) => {
            let shown = shown.iter().chain(std::iter::repeat(&Value::Null));
            items.into_iter().zip(shown).map(|(item, shown)| as_shown(item, shown)).collect()
        }
        (Value::Object(fields), shown) => {
            let field = |(name, value)| {
                let value = as_shown(value, &shown[&name]);
                (name, value)
            };
            Value::Object(fields.into_iter().map(field).collect())
        }
        (other, _) => other,
    }
}

fn is_shortened(text: &str, shown: &str) -> bool {
    let Some((start, end)) = shown.split_once('…') else { return false };
    text.len() > start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
}
