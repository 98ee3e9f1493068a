//! Which of the two media types of GraphQL a client gets.

use axum::http::{HeaderMap, header::ACCEPT};
use mediatype::{MediaType, MediaTypeList, ReadParams, names};

/// A media type of the GraphQL-over-HTTP specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseType {
    /// `application/json`: the status tells little, 200 even for a document that is refused.
    Json,
    /// `application/graphql-response+json`: the status tells whether the request was understood.
    GraphqlResponse,
}

impl ResponseType {
    /// The value of the `Content-Type` header.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// The type the client likes best, and names first among equals; `None` when it takes neither.
///
/// Who sends no `Accept`, or takes anything, gets `application/json`, as the specification asks of servers that clients
/// from before it use.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<ResponseType> {
    let values: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if values.is_empty() {
        return Some(ResponseType::Json);
    }
    let listed = values.join(",");
    let ranges: Vec<(ResponseType, f32)> = MediaTypeList::new(&listed)
        .flatten()
        .filter_map(|range| Some((named_by(&range)?, quality(&range))))
        .collect();
    let best = ranges.iter().map(|(_, quality)| *quality).fold(0.0, f32::max);
    let first = ranges.iter().find(|(_, quality)| *quality > 0.0 && *quality >= best);
    first.map(|(response_type, _)| *response_type)
}

fn named_by(range: &MediaType<'_>) -> Option<ResponseType> {
    match range.essence().to_string().to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => Some(ResponseType::GraphqlResponse),
        "application/json" | "application/*" | "*/*" => Some(ResponseType::Json),
        _ => None,
    }
}

/// How much the client likes a range, from 0 (not at all) to 1.
fn quality(range: &MediaType<'_>) -> f32 {
    let written = range.get_param(names::Q).and_then(|value| value.unquoted_str().parse().ok());
    written.unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accept: &str) -> Option<ResponseType> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().expect("a header value"));
        negotiate(&headers)
    }

    #[test]
    fn clients_get_the_type_they_like_best() {
        use ResponseType::{GraphqlResponse, Json};
        let table = [
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(Json)),
            ("application/json; charset=utf-8", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json,application/json;q=0.9", Some(GraphqlResponse)),
            ("application/json, application/graphql-response+json", Some(Json)),
            ("application/json;q=0.2, application/graphql-response+json;q=0.3", Some(GraphqlResponse)),
            ("application/json;q=0, application/graphql-response+json;q=0.1", Some(GraphqlResponse)),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some(Json)),
            ("APPLICATION/JSON", Some(Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("", None),
        ];
        for (accept, expected) in table {
            assert_eq!(asked(accept), expected, "{accept:?}");
        }
        assert_eq!(negotiate(&HeaderMap::new()), Some(Json));
    }
}
