//! A page that was built from sources in `web/`: its files, and how browsers are to treat them.

use axum::{
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
};

use super::{
    media_type::media_type,
    packed::{Packed, takes_gzip},
};
use crate::http::{Rejection, list_header::values};

const INDEX: &str = "index.html";
/// The folder of what is named after its content.
const ASSETS: &str = "assets/";

/// One of the pages.
#[derive(Debug)]
pub(super) struct Bundle {
    /// Where it begins.
    pub(super) home: &'static str,
    pub(super) find: fn(&str) -> Option<Packed>,
    /// What it may load and run (<https://www.w3.org/TR/CSP3/>). Workers obey the one that they come with.
    pub(super) policy: &'static str,
}

impl Bundle {
    /// The page itself.
    pub(super) async fn index(&self, asked: &HeaderMap) -> Response {
        self.file(INDEX, asked).await
    }

    /// One of its files.
    pub(super) async fn file(&self, path: &str, asked: &HeaderMap) -> Response {
        let Some(file) = (self.find)(path) else {
            return Rejection::no_file(self.home).into_response();
        };
        let headers = self.headers(path, &file.etag);
        if is_known(&file.etag, asked) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let typed = [(CONTENT_TYPE, media_type(path))];
        if takes_gzip(asked) {
            return (headers, typed, [(CONTENT_ENCODING, "gzip")], file.bytes).into_response();
        }
        match file.unpacked().await {
            Ok(bytes) => (headers, typed, bytes).into_response(),
            Err(error) => {
                tracing::error!(path, %error, "a file of a page cannot be unpacked");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    fn headers(&self, path: &str, etag: &str) -> [(HeaderName, HeaderValue); 7] {
        let caching =
            if path.starts_with(ASSETS) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let fixed = HeaderValue::from_static;
        [
            (ETAG, HeaderValue::from_str(etag).unwrap_or_else(|_| fixed("W/\"\""))),
            (CACHE_CONTROL, fixed(caching)),
            (VARY, fixed("accept-encoding")),
            (CONTENT_SECURITY_POLICY, fixed(self.policy)),
            (REFERRER_POLICY, fixed("same-origin")),
            (X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
            (X_FRAME_OPTIONS, fixed("DENY")),
        ]
    }
}

/// Whether the browser has this version (RFC 9110, section 13.1.2).
fn is_known(etag: &str, asked: &HeaderMap) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    let mut known = values(asked, IF_NONE_MATCH).flat_map(|tags| tags.split(','));
    known.any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::body::{Bytes, to_bytes};
    use axum::http::header::ACCEPT_ENCODING;
    use flate2::{Compression, write::GzEncoder};

    use super::*;

    const PAGE: &[u8] = b"<!doctype html><script src=\"/small/assets/main-1.js\"></script>";

    static SMALL: Bundle = Bundle { home: "/small/", find: small, policy: "default-src 'none'" };

    fn small(path: &str) -> Option<Packed> {
        let (content, hash) = match path {
            "index.html" => (PAGE, [1; 32]),
            "assets/main-1.js" => (b"run()".as_slice(), [2; 32]),
            _ => return None,
        };
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(content).expect("memory");
        Some(Packed::new(Bytes::from(packed.finish().expect("memory")), hash))
    }

    fn asked(headers: &[(HeaderName, &'static str)]) -> HeaderMap {
        let header =
            |(name, value): &(HeaderName, &'static str)| (name.clone(), HeaderValue::from_static(value));
        headers.iter().map(header).collect()
    }

    /// Everything that a browser is told of a file.
    async fn told(path: &str, sent: &[(HeaderName, &'static str)]) -> (u16, Vec<(String, String)>, Bytes) {
        let response = SMALL.file(path, &asked(sent)).await;
        let (parts, body) = response.into_parts();
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.to_string(), value.to_str().expect("text").to_owned())
        };
        let mut headers: Vec<_> = parts.headers.iter().map(header).collect();
        headers.sort();
        (parts.status.as_u16(), headers, to_bytes(body, usize::MAX).await.expect("a body"))
    }

    fn headers(told: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut all = vec![
            ("content-security-policy", "default-src 'none'"),
            ("referrer-policy", "same-origin"),
            ("vary", "accept-encoding"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ];
        all.extend(told);
        all.sort_unstable();
        all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[tokio::test]
    async fn a_file_comes_as_it_was_packed_and_stays_for_ever() {
        let expected = headers(&[
            ("cache-control", "public, max-age=31536000, immutable"),
            ("content-encoding", "gzip"),
            ("content-type", "text/javascript; charset=utf-8"),
            ("etag", "W/\"AgICAgICAgICAgICAgICAg\""),
        ]);
        let packed = small("assets/main-1.js").expect("a file").bytes;
        let told = told("assets/main-1.js", &[(ACCEPT_ENCODING, "gzip, br")]).await;
        assert_eq!(told, (200, expected, packed));
    }

    #[tokio::test]
    async fn the_page_is_asked_for_each_time_and_unpacked_for_who_takes_no_gzip() {
        let expected = headers(&[
            ("cache-control", "no-cache"),
            ("content-type", "text/html; charset=utf-8"),
            ("etag", "W/\"AQEBAQEBAQEBAQEBAQEBAQ\""),
        ]);
        assert_eq!(told("index.html", &[]).await, (200, expected, Bytes::from_static(PAGE)));
    }

    #[tokio::test]
    async fn who_has_this_version_is_told_so() {
        let known = [
            "W/\"AQEBAQEBAQEBAQEBAQEBAQ\"",
            "\"AQEBAQEBAQEBAQEBAQEBAQ\"",
            "\"x\", W/\"AQEBAQEBAQEBAQEBAQEBAQ\"",
            "*",
        ];
        let expected = headers(&[("cache-control", "no-cache"), ("etag", "W/\"AQEBAQEBAQEBAQEBAQEBAQ\"")]);
        for tag in known {
            let told = told("index.html", &[(IF_NONE_MATCH, tag)]).await;
            assert_eq!(told, (304, expected.clone(), Bytes::new()), "{tag}");
        }
        for tag in ["\"x\"", "AQEB", ""] {
            assert_eq!(told("index.html", &[(IF_NONE_MATCH, tag)]).await.0, 200, "{tag}");
        }
    }

    #[tokio::test]
    async fn what_is_no_file_is_not_found() {
        for path in
            ["", "assets", "assets/", "assets/main-2.js", "../index.html", "index.html.gz", "INDEX.HTML"]
        {
            let (status, _, body) = told(path, &[]).await;
            let error = r#"{"errors":[{"extensions":{"code":"NOT_FOUND"},"message":"there is no such file; the page begins at /small/"}]}"#;
            assert_eq!((status, body), (404, Bytes::from_static(error.as_bytes())), "{path}");
        }
    }
}
