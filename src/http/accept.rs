//! Which of the two media types of GraphQL a client gets.

use std::cmp::{Ordering, Reverse};

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
    let ranges: Vec<MediaType<'_>> = MediaTypeList::new(&listed).flatten().collect();
    let liking = |wanted: ResponseType| Some((wanted, liking(wanted, &ranges)?));
    let types = [ResponseType::GraphqlResponse, ResponseType::Json].into_iter().filter_map(liking);
    // Of equals, the last one is taken: anything goes means JSON.
    let best = types.max_by(|(_, one), (_, other)| one.partial_cmp(other).unwrap_or(Ordering::Equal));
    best.map(|(response_type, _)| response_type)
}

/// How much the client likes a type, by the most specific range that covers it (RFC 9110, section 12.5.1), and how early
/// it names that range; `None` when it does not take the type.
fn liking(wanted: ResponseType, ranges: &[MediaType<'_>]) -> Option<(f32, Reverse<usize>)> {
    let covering = |(place, range): (usize, &MediaType<'_>)| {
        let specificity = specificity(&range.essence().to_string().to_ascii_lowercase(), wanted)?;
        Some((specificity, Reverse(place), quality(range)))
    };
    let covered = ranges.iter().enumerate().filter_map(covering);
    let (_, place, quality) = covered.max_by_key(|(specificity, place, _)| (*specificity, *place))?;
    (quality > 0.0).then_some((quality, place))
}

fn specificity(range: &str, wanted: ResponseType) -> Option<u8> {
    let exact = match wanted {
        ResponseType::Json => "application/json",
        ResponseType::GraphqlResponse => "application/graphql-response+json",
    };
    match range {
        _ if range == exact => Some(2),
        "application/*" => Some(1),
        "*/*" => Some(0),
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
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/graphql-response+json, */*;q=0.1", Some(GraphqlResponse)),
            ("text/event-stream, application/graphql-response+json, application/json", Some(GraphqlResponse)),
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
