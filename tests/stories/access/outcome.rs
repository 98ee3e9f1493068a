//! What comes of a request, and whether it is what was expected.

use serde_json::{Value, json};

use super::fixtures::{Fixtures, HUSH, PSST, Props, Role, Sender};

/// What is to come of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, or there is data; where there is something secret to be shown, it is in it.
    Works,
    /// There is data, and nothing secret in it.
    Without,
    /// It is refused with this code.
    Refused(&'static str),
    /// It is not there: the answer is the one that an id has which was never given out.
    Absent,
}

/// What is asked of a root field.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// As `Type.field`.
    pub field: &'static str,
    /// `ROOM`, `MESSAGE`, `DIRECT`, `CAROL`, `AARON` and `BEFORE` stand for what is on the stage, between quotes.
    pub document: &'static str,
    /// What is secret in it, where it works.
    pub secret: &'static str,
    /// For the stranger, the member, the owner and oneself; a service that names them is told the same.
    pub users: [Outcome; 4],
    /// For a service that names nobody.
    pub service: Outcome,
}

/// Ids that were never given out.
const NEVER: &str = "01h455vb4pex5vsknk084sn02q";

impl Props {
    /// A document about what is on the stage.
    pub fn written(&self, document: &str) -> String {
        let before = self.before.as_str().expect("a cursor");
        document
            .replace("\"ROOM\"", &json!(self.room).to_string())
            .replace("\"MESSAGE\"", &json!(self.message).to_string())
            .replace("\"DIRECT\"", &json!(self.direct).to_string())
            .replace("\"CAROL\"", &json!(self.carol).to_string())
            .replace("\"AARON\"", &json!(self.aaron).to_string())
            .replace("\"NEW\"", &json!(self.room.trim_start_matches("room_")).to_string())
            .replace("\"BEFORE\"", &json!(before).to_string())
    }

    /// The same things, under ids that nothing has. The sender stays who they are.
    fn never(&self) -> Self {
        let never = |id: &str| format!("{}_{NEVER}", id.split('_').next().expect("a prefix"));
        Self {
            before: self.before.clone(),
            room: never(&self.room),
            message: never(&self.message),
            direct: never(&self.direct),
            carol: never(&self.carol),
            aaron: self.aaron.clone(),
        }
    }

    /// An answer in which ids do not tell what is what.
    fn without_ids(&self, answer: &Value) -> String {
        let ids = [&self.room, &self.message, &self.direct, &self.carol];
        ids.into_iter().fold(answer.to_string(), |answer, id| answer.replace(id.as_str(), "ID"))
    }
}

impl Outcome {
    /// Fails when something else comes of a request.
    pub async fn is_that_of(self, row: &Row, fixtures: &Fixtures, sender: Sender) {
        let props = fixtures.props().await;
        let document = props.written(row.document);
        let answer = fixtures.ask(sender, &document, json!({})).await;
        let who = format!("{sender:?} asks {document}: {answer}");
        // A service that names Carol in an argument sees as Carol.
        if !(self == Self::Works && matches!(sender, Sender::Service | Sender::ServiceFor(_))) {
            assert_hidden(sender, &answer, &who);
        }
        match self {
            Self::Works => {
                assert_works(&answer, &who);
                assert!(answer.to_string().contains(row.secret), "nothing of it is shown: {who}");
            }
            Self::Without => {
                assert_works(&answer, &who);
                assert!(row.secret.is_empty() || !answer.to_string().contains(row.secret), "{who}");
            }
            Self::Refused(code) => assert_eq!(refusal(&answer).as_deref(), Some(code), "{who}"),
            Self::Absent => {
                assert!(matches!(refusal(&answer).as_deref(), None | Some("NOT_FOUND")), "{who}");
                assert!(row.secret.is_empty() || !answer.to_string().contains(row.secret), "{who}");
            }
        }
        if matches!(self, Self::Absent | Self::Refused("FORBIDDEN")) {
            let never = props.never();
            let expected = fixtures.ask(sender, &never.written(row.document), json!({})).await;
            assert_eq!(props.without_ids(&answer), never.without_ids(&expected), "{who}");
        }
    }
}

fn assert_works(answer: &Value, who: &str) {
    assert_eq!(refusal(answer), None, "{who}");
    let fields = answer["data"].as_object().unwrap_or_else(|| panic!("no data: {who}"));
    assert!(fields.values().all(|value| !value.is_null()), "{who}");
}

/// What nobody of them may ever see, whatever they ask.
fn assert_hidden(sender: Sender, answer: &Value, who: &str) {
    let hidden: &[&str] = match sender {
        Sender::User(Role::Owner | Role::Oneself) | Sender::ServiceFor(Role::Owner | Role::Oneself) => &[],
        Sender::User(Role::Member) | Sender::ServiceFor(Role::Member) => &[PSST],
        _ => &[HUSH, PSST],
    };
    let told = answer.to_string();
    assert!(!hidden.iter().any(|secret| told.contains(secret)), "a secret is told: {who}");
}

/// The code of the first error, in the answer or in a payload.
fn refusal(answer: &Value) -> Option<String> {
    let own = answer.pointer("/errors/0/extensions/code");
    let fields = answer["data"].as_object();
    let of_payload =
        fields.and_then(|fields| fields.values().find_map(|value| value.pointer("/errors/0/code")));
    let code = own.or(of_payload)?;
    Some(code.as_str().expect("a code").to_owned())
}
