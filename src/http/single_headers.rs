//! Headers that hold one value. A request that has one of them twice is refused: a proxy, a log and this server could each
//! believe another one. Headers that hold lists, such as `Accept`, may come in several lines.

use axum::http::HeaderMap;

use super::Rejection;

/// Every header that is read once, but `Host`, which must be there (see `host.rs`), and those that the HTTP library reads.
const SINGLE: [&str; 9] = [
    "Access-Control-Request-Method",
    "Authorization",
    "Content-Type",
    "Last-Event-ID",
    "Messenger-User",
    "Origin",
    "Sec-Fetch-Site",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
];

/// Refuses a request that has one of these headers more than once.
pub(super) fn require(headers: &HeaderMap) -> Result<(), Rejection> {
    // Hardly any request has a header twice.
    if headers.len() == headers.keys_len() {
        return Ok(());
    }
    let is_repeated = |name: &&str| headers.get_all(*name).iter().nth(1).is_some();
    SINGLE.into_iter().find(is_repeated).map_or(Ok(()), |name| {
        Err(Rejection::bad_request(format!("the header {name} is there more than once; send it once")))
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn only_lists_come_in_several_lines() {
        let sent = |names: &[&str]| {
            let mut headers = HeaderMap::new();
            for name in names {
                let name: HeaderName = name.parse().expect("a name");
                headers.append(name, HeaderValue::from_static("x"));
            }
            headers
        };
        for name in SINGLE {
            assert!(require(&sent(&[name, "accept", "accept"])).is_ok(), "{name}");
            assert!(require(&sent(&[name, "accept", name])).is_err(), "{name}");
        }
        for name in ["Accept", "Content-Encoding", "X-Forwarded-For", "Sec-WebSocket-Protocol", "Cookie"] {
            assert!(require(&sent(&[name, name])).is_ok(), "{name}");
        }
    }
}
