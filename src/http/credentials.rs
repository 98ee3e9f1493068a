//! Who sends a request: what its headers say, or the payload with which a socket begins, because a page cannot give a
//! WebSocket headers.

use async_graphql::Value;
use axum::http::{HeaderMap, header::AUTHORIZATION};

use super::parameters::Fields;
use crate::graphql::Credentials;

const ACTING_USER: &str = "messenger-user";
const SCHEME: &str = "bearer";

/// What the headers say, each of which is there once (`single_headers.rs`). What is no text is nobody there, and no token.
pub(super) fn of_headers(headers: &HeaderMap) -> Credentials {
    let acting_user =
        headers.get(ACTING_USER).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().map_or(NO_TOKEN, bearer));
    Credentials { token, acting_user }
}

/// What the payload says, by the names of the headers in whatever case.
pub(super) fn of_payload(payload: Fields) -> Result<Credentials, NoCredentials> {
    let mut credentials = Credentials::default();
    let (mut has_token, mut has_user) = (false, false);
    for (name, value) in payload {
        let is_token = name.eq_ignore_ascii_case(AUTHORIZATION.as_str());
        if !is_token && !name.eq_ignore_ascii_case(ACTING_USER) {
            continue;
        }
        let is_there = if is_token { &mut has_token } else { &mut has_user };
        if std::mem::replace(is_there, true) {
            return Err(NoCredentials::Twice);
        }
        match value {
            Value::Null => {}
            Value::String(text) if is_token => credentials.token = bearer(&text),
            Value::String(text) => credentials.acting_user = Some(text),
            _ if is_token => credentials.token = NO_TOKEN,
            _ => return Err(NoCredentials::NoText),
        }
    }
    Ok(credentials)
}

/// Why a payload does not say who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCredentials {
    /// The name of a user is no text.
    NoText,
    /// A name or a token is there twice, in different cases.
    Twice,
}

/// Something that is there in the place of a token.
const NO_TOKEN: Option<String> = Some(String::new());

/// The token after `Bearer` (RFC 6750, section 2.1); `None` where nothing stands there, as when a client has not got one yet.
fn bearer(text: &str) -> Option<String> {
    let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    match token.trim() {
        "" if scheme.is_empty() || scheme.eq_ignore_ascii_case(SCHEME) => None,
        token if scheme.eq_ignore_ascii_case(SCHEME) => Some(token.to_owned()),
        _ => NO_TOKEN,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_header_holds_a_bearer_token() {
        let table: [(&[u8], Option<&str>); 10] = [
            (b"Bearer a.b.c", Some("a.b.c")),
            (b"bearer  a.b.c ", Some("a.b.c")),
            (b"Bearer", None),
            (b"bearer  ", None),
            (b"", None),
            (b"Bearertoken", Some("")),
            (b"Basic", Some("")),
            (b"Basic YTpi", Some("")),
            (b"a.b.c", Some("")),
            (b"Bearer \xff", Some("")),
        ];
        for (value, expected) in table {
            let value = HeaderValue::from_bytes(value).expect("a value");
            let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
            assert_eq!(of_headers(&headers).token.as_deref(), expected, "{headers:?}");
        }
        assert_eq!(of_headers(&HeaderMap::new()).token, None);
    }

    #[test]
    fn a_payload_says_the_same() {
        let of = |payload: Value| match payload {
            Value::Object(fields) => of_payload(fields),
            other => panic!("no object: {other}"),
        };
        let named = of(value!({ "AUTHORIZATION": "Bearer a.b.c", "messenger-USER": "betty", "other": 1 }));
        let named = named.expect("credentials");
        assert_eq!((named.token.as_deref(), named.acting_user.as_deref()), (Some("a.b.c"), Some("betty")));
        let nobody = of(value!({ "authorization": null, "messenger-user": null })).expect("credentials");
        assert_eq!((nobody.token, nobody.acting_user), (None, None));
        assert_eq!(of(value!({ "authorization": "Bearer " })).expect("credentials").token, None);
        assert_eq!(of(value!({ "authorization": 7 })).expect("credentials").token.as_deref(), Some(""));
        let refused = |payload: Value| of(payload).err();
        assert_eq!(refused(value!({ "messenger-user": 7 })), Some(NoCredentials::NoText));
        let two_users = value!({ "messenger-user": "aaron", "Messenger-User": "betty" });
        assert_eq!(refused(two_users), Some(NoCredentials::Twice));
        let two_tokens = value!({ "authorization": "Bearer a", "Authorization": null });
        assert_eq!(refused(two_tokens), Some(NoCredentials::Twice));
    }
}
