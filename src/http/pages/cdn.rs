//! GraphiQL for a binary that was built without npm: the page is here, and the rest comes from a CDN.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{Html, IntoResponse},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("cdn.html");

/// The page; its scripts come from a CDN, at fixed versions whose hashes the browser checks.
pub(super) fn page() -> impl IntoResponse {
    let headers = [
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (headers, Html(PAGE))
}

/// What the page may load and run (<https://www.w3.org/TR/CSP3/>): what stands in it, and the files that it names.
static POLICY: LazyLock<String> = LazyLock::new(|| policy(PAGE));

fn policy(page: &str) -> String {
    let scripts = [inline(page, "script"), named(page, "<script", "src")].concat().join(" ");
    // GraphiQL's dialogs add styles as they open; what they could load from elsewhere is not allowed.
    let styles = named(page, "<link", "href").join(" ");
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline' {styles}; font-src data:; img-src data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The hashes of what stands between the tags of such elements.
fn inline(page: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let contents = page.split(&open).skip(1).filter_map(|rest| {
        let (_, content) = rest.split_once('>')?;
        content.split_once(&close).map(|(content, _)| content)
    });
    let hash = |content: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(content)));
    contents.filter(|content| !content.is_empty()).map(hash).collect()
}

/// The files of other hosts that such elements name.
fn named(page: &str, open: &str, attribute: &str) -> Vec<String> {
    let tags = page.split(open).skip(1).filter_map(|rest| rest.split('>').next());
    let address = |tag: &str| {
        let (_, value) = tag.split_once(&format!(" {attribute}=\""))?;
        let address = value.split('"').next()?;
        address.starts_with("https://").then(|| address.to_owned())
    };
    tags.filter_map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_allows_what_the_page_has_and_nothing_else() {
        let page = "<style>a</style><link rel=\"icon\" href=\"data:x\"><link href=\"https://a.example/b.css\">\
            <script>b</script><script defer src=\"https://a.example/c.js\" crossorigin></script>";
        assert_eq!(
            policy(page),
            "default-src 'none'; script-src 'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=' https://a.example/c.js; \
             style-src 'unsafe-inline' https://a.example/b.css; font-src data:; \
             img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        assert_eq!(inline(PAGE, "script").len(), 2);
        assert_eq!(named(PAGE, "<script", "src").len(), 3);
    }

    #[test]
    fn what_comes_from_elsewhere_is_under_seal() {
        let foreign: Vec<&str> = PAGE
            .split('<')
            .filter(|tag| tag.starts_with("script ") || tag.starts_with("link "))
            .filter(|tag| tag.contains("https://"))
            .collect();
        assert_eq!(foreign.len(), 4, "a stylesheet, React, ReactDOM and GraphiQL");
        for tag in foreign {
            assert!(tag.contains(" integrity=\"sha384-"), "{tag}");
            assert!(tag.contains(" crossorigin=\"anonymous\""), "{tag}");
        }
    }
}
