//! Responses as JSON, with texts in them that are JSON already.

use async_graphql::{Name, Response, ServerError, Value, indexmap::IndexMap};
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// The key under which a value holds such a text, for this library and for `serde_json`.
pub(super) use async_graphql_value::RAW_VALUE_TOKEN as RAW;

/// Writes a response as the library does, but for texts that are JSON already: the library copies each and parses it once
/// more to see that it is JSON, which takes 20 µs for a page of 100 messages.
pub(super) fn response<S: Serializer>(response: &Response, serializer: S) -> Result<S::Ok, S::Error> {
    let Response { errors, data, extensions, .. } = response;
    let extensions = (!extensions.is_empty()).then_some(extensions);
    Wire { errors, data: Data(data), extensions }.serialize(serializer)
}

#[derive(Serialize)]
struct Wire<'a, E> {
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    data: Data<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<E>,
}

struct Data<'a>(&'a Value);

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::List(items) => serializer.collect_seq(items.iter().map(Data)),
            Value::Object(fields) => match text(fields) {
                Some(text) => {
                    let mut raw = serializer.serialize_struct(RAW, 1)?;
                    raw.serialize_field(RAW, text)?;
                    raw.end()
                }
                None => serializer.collect_map(fields.iter().map(|(name, value)| (name, Data(value)))),
            },
            leaf => leaf.serialize(serializer),
        }
    }
}

/// About how many bytes the JSON of a value has: those of its texts and names.
pub(super) fn bytes_of_texts(data: &Value) -> usize {
    match data {
        Value::Object(fields) => match text(fields) {
            Some(text) => text.len(),
            None => fields.iter().map(|(name, value)| name.len() + bytes_of_texts(value)).sum(),
        },
        Value::List(items) => items.iter().map(bytes_of_texts).sum(),
        Value::String(text) => text.len(),
        _ => 0,
    }
}

fn text(fields: &IndexMap<Name, Value>) -> Option<&str> {
    let (name, value) = fields.first().filter(|_| fields.len() == 1)?;
    match value {
        Value::String(text) if name == RAW => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[derive(Serialize)]
    struct Answer(#[serde(serialize_with = "response")] Response);

    #[test]
    fn a_text_that_is_json_is_written_as_it_is() {
        let raw = Value::Object(IndexMap::from([(Name::new(RAW), r#"{"a": [1 ]}"#.into())]));
        let data = value!({"page": (raw.clone()), "list": [(raw), 1, null], "text": "\"", "nothing": {}});
        let answer = Answer(Response::new(data));
        assert_eq!(
            serde_json::to_string(&answer).expect("JSON"),
            r#"{"data":{"page":{"a": [1 ]},"list":[{"a": [1 ]},1,null],"text":"\"","nothing":{}}}"#
        );
    }

    #[test]
    fn all_else_is_written_as_the_library_writes_it() {
        let mut answer =
            Answer(Response::new(value!({"a": {"b": [1.5, true, "c"]}})).extension("d", 1.into()));
        answer.0.errors.push(ServerError::new("wrong", None));
        let own = serde_json::to_string(&answer).expect("JSON");
        assert_eq!(own, serde_json::to_string(&answer.0).expect("JSON"));
    }
}
