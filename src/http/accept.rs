//! In which form a client gets its answers.

use std::{
    borrow::Cow,
    cmp::{Ordering, Reverse},
};

use axum::http::{HeaderMap, Method, header::ACCEPT};
use mediatype::{MediaType, MediaTypeList, Name, ReadParams, names};

use super::list_header::values;

/// A media type that answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseType {
    /// One answer, by the GraphQL-over-HTTP specification.
    Single(SingleType),
    /// Answers as they come.
    Streamed(StreamType),
}

/// A media type of the GraphQL-over-HTTP specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SingleType {
    /// `application/json`: the status tells little, 200 even for a document that is refused.
    Json,
    /// `application/graphql-response+json`: the status tells whether the request was understood.
    GraphqlResponse,
}

/// A media type that has place for more than one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamType {
    /// `text/event-stream`: server-sent events.
    Events {
        /// Whether each has its cursor as `id`. A browser's `EventSource`, which only asks by GET, needs that to go on where it
        /// was. Programs that read streams of a POST by hand know no such line.
        ids: bool,
    },
    /// `multipart/mixed` with Apollo's `subscriptionSpec=1.0`.
    Multipart,
}

/// From the least to the best, for a client that likes them all the same: anything goes means JSON.
const TYPES: [ResponseType; 4] = [
    ResponseType::Streamed(StreamType::Multipart),
    ResponseType::Streamed(StreamType::Events { ids: false }),
    ResponseType::Single(SingleType::GraphqlResponse),
    ResponseType::Single(SingleType::Json),
];

impl ResponseType {
    /// The value of the `Content-Type` header.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Single(SingleType::Json) => "application/json; charset=utf-8",
            Self::Single(SingleType::GraphqlResponse) => "application/graphql-response+json; charset=utf-8",
            Self::Streamed(StreamType::Events { .. }) => "text/event-stream; charset=utf-8",
            Self::Streamed(StreamType::Multipart) => {
                "multipart/mixed; boundary=\"graphql\"; subscriptionSpec=\"1.0\""
            }
        }
    }

    /// The same for a request that was sent in this way.
    pub(super) fn by(self, method: &Method) -> Self {
        match self {
            Self::Streamed(StreamType::Events { .. }) => {
                Self::Streamed(StreamType::Events { ids: *method == Method::GET })
            }
            other => other,
        }
    }

    /// The form in which a request is refused that is no GraphQL request at all.
    pub(super) const fn of_rejections(self) -> SingleType {
        match self {
            Self::Single(single) => single,
            Self::Streamed(_) => SingleType::Json,
        }
    }
}

/// The type the client likes best, and names first among equals; `None` when it takes none of them.
///
/// Who sends no `Accept`, or takes anything, gets `application/json`, as the specification asks of servers that clients
/// from before it use.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<ResponseType> {
    if headers.get_all(ACCEPT).iter().all(|value| value.as_bytes().trim_ascii().is_empty()) {
        return Some(ResponseType::Single(SingleType::Json));
    }
    let listed = values(headers, ACCEPT).collect::<Vec<_>>().join(",");
    let listed = spelled_out(&listed);
    let ranges: Vec<MediaType<'_>> = MediaTypeList::new(&listed).flatten().collect();
    let liking = |wanted: ResponseType| Some((wanted, liking(wanted, &ranges)?));
    let types = TYPES.into_iter().filter_map(liking);
    let best = types.max_by(|(_, one), (_, other)| one.partial_cmp(other).unwrap_or(Ordering::Equal));
    best.map(|(response_type, _)| response_type)
}

/// The list with `*/*` where Java's own client writes `*`.
fn spelled_out(listed: &str) -> Cow<'_, str> {
    let is_star = |range: &str| range.split(';').next().is_some_and(|name| name.trim() == "*");
    if !listed.split(',').any(is_star) {
        return Cow::Borrowed(listed);
    }
    let spell_out =
        |range: &str| if is_star(range) { range.replacen('*', "*/*", 1) } else { range.to_owned() };
    Cow::Owned(listed.split(',').map(spell_out).collect::<Vec<_>>().join(","))
}

/// How much the client likes a type, by the most specific range that covers it (RFC 9110, section 12.5.1), and how early
/// it names that range; `None` when it does not take the type.
fn liking(wanted: ResponseType, ranges: &[MediaType<'_>]) -> Option<(f32, Reverse<usize>)> {
    let covering = |(place, range): (usize, &MediaType<'_>)| {
        Some((specificity(range, wanted)?, Reverse(place), quality(range)))
    };
    let covered = ranges.iter().enumerate().filter_map(covering);
    let (_, place, quality) = covered.max_by_key(|(specificity, place, _)| (*specificity, *place))?;
    (quality > 0.0).then_some((quality, place))
}

/// How exactly a range names a type. A stream is for who asks for it by name.
fn specificity(range: &MediaType<'_>, wanted: ResponseType) -> Option<u8> {
    let name = range.essence().to_string().to_ascii_lowercase();
    let exact = match wanted {
        ResponseType::Single(SingleType::Json) => name == "application/json",
        ResponseType::Single(SingleType::GraphqlResponse) => name == "application/graphql-response+json",
        ResponseType::Streamed(StreamType::Events { .. }) => name == "text/event-stream",
        ResponseType::Streamed(StreamType::Multipart) => name == "multipart/mixed" && is_apollos(range),
    };
    match (wanted, name.as_str()) {
        _ if exact => Some(2),
        (ResponseType::Single(_), "application/*") => Some(1),
        (ResponseType::Single(_), "*/*") => Some(0),
        _ => None,
    }
}

/// Whether a multipart range is for subscriptions; there is another protocol of that name, for `@defer`. The boundary is the
/// server's to choose: Apollo Kotlin and iOS name none.
fn is_apollos(range: &MediaType<'_>) -> bool {
    let version = Name::new("subscriptionSpec").and_then(|name| range.get_param(name));
    version.is_some_and(|version| version.unquoted_str() == "1.0")
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
        let (json, graphql) =
            (ResponseType::Single(SingleType::Json), ResponseType::Single(SingleType::GraphqlResponse));
        let (events, multipart) = (
            ResponseType::Streamed(StreamType::Events { ids: false }),
            ResponseType::Streamed(StreamType::Multipart),
        );
        let table = [
            ("*/*", Some(json)),
            ("application/*", Some(json)),
            ("application/json", Some(json)),
            ("application/json; charset=utf-8", Some(json)),
            ("application/graphql-response+json", Some(graphql)),
            ("application/graphql-response+json,application/json;q=0.9", Some(graphql)),
            ("application/json, application/graphql-response+json", Some(json)),
            ("application/json;q=0.2, application/graphql-response+json;q=0.3", Some(graphql)),
            ("application/json;q=0, application/graphql-response+json;q=0.1", Some(graphql)),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some(json)),
            ("application/json;q=0, */*", Some(graphql)),
            ("application/graphql-response+json, */*;q=0.1", Some(graphql)),
            ("text/event-stream", Some(events)),
            ("text/event-stream, application/graphql-response+json, application/json", Some(events)),
            (
                "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
                Some(graphql),
            ),
            ("text/event-stream, */*", Some(events)),
            ("text/event-stream;q=0.9, */*", Some(json)),
            ("text/event-stream, multipart/mixed", Some(events)),
            ("text/*", None),
            ("multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json", Some(multipart)),
            ("multipart/mixed; boundary=\"graphql\"; subscriptionSpec=\"1.0\"", Some(multipart)),
            ("multipart/mixed;boundary=graphql;subscriptionSpec=2.0,application/json", Some(json)),
            ("multipart/mixed;deferSpec=20220824,application/json", Some(json)),
            (
                "multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json, application/json",
                Some(multipart),
            ),
            ("multipart/mixed;SUBSCRIPTIONSPEC=\"1.0\"", Some(multipart)),
            ("multipart/mixed;boundary=\"-\";subscriptionSpec=1.0", Some(multipart)),
            ("multipart/mixed;boundary=graphql", None),
            ("multipart/mixed", None),
            ("*", Some(json)),
            ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Some(json)),
            ("application/json;q=0, *;q=0.5", Some(graphql)),
            ("multipart/*", None),
            ("APPLICATION/JSON", Some(json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("nonsense", None),
            ("", Some(json)),
            (" ", Some(json)),
        ];
        for (accept, expected) in table {
            assert_eq!(asked(accept), expected, "{accept:?}");
        }
        assert_eq!(negotiate(&HeaderMap::new()), Some(json));
    }
}
