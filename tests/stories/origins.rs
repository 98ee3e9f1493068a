//! Browsers: whose pages may call, and what a page of another site makes a browser do.

use messenger::{config::BrowserArgs, http::HttpOptions};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::support::{Answer, Process, SUB_PROTOCOL, Server, Socket, folder, shared_secret};

const FRIEND: &str = "https://chat.example";
const STRANGER: &str = "https://evil.example";
const TYPENAME: &str = "/graphql?query={__typename}";

/// A server that pages of these origins may call.
async fn server_for(origins: &str) -> Server {
    let args = BrowserArgs { allowed_origins: Some(origins.to_owned()), ..BrowserArgs::default() };
    let origins = args.allowed_origins().expect("origins");
    Server::start_showing(HttpOptions { origins, ..HttpOptions::default() }).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).map(|value| value.to_str().expect("a text"))
}

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default())
}

fn preflight(server: &Server, origin: &str) -> RequestBuilder {
    server
        .request(Method::OPTIONS, "/graphql")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,authorization,messenger-user")
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_ask_and_read() {
    let server = server_for("http://localhost:5173, https://CHAT.example:443").await;
    let asked = server.send(preflight(&server, FRIEND)).await;
    assert_eq!(asked.status, 200);
    assert_eq!(header(&asked, "access-control-allow-origin"), Some(FRIEND));
    assert_eq!(header(&asked, "access-control-allow-methods"), Some("GET,POST"));
    assert_eq!(header(&asked, "access-control-max-age"), Some("7200"));
    assert_eq!(header(&asked, "access-control-allow-credentials"), Some("true"));
    let allowed = header(&asked, "access-control-allow-headers");
    assert_eq!(allowed, Some("content-type,authorization,messenger-user"), "what was asked for");

    let request = server.request(Method::POST, "/graphql").header("origin", FRIEND);
    let answer = server.send(request.json(&json!({ "query": "{ __typename }" }))).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({ "data": { "__typename": "Query" } })));
    assert_eq!(header(&answer, "access-control-allow-origin"), Some(FRIEND));
    assert_eq!(header(&answer, "access-control-expose-headers"), Some("x-request-id,retry-after"));
    let varies: Vec<&str> =
        answer.headers.get_all("vary").iter().map(|value| value.to_str().expect("text")).collect();
    assert!(varies.join(", ").to_ascii_lowercase().contains("origin"), "{varies:?}");
    assert!(varies.join(", ").contains("Accept"), "{varies:?}");

    // What is refused can be read as well.
    let request = server.request(Method::POST, "/graphql").header("origin", FRIEND).body("no JSON");
    let refused = server.send(request).await;
    assert_eq!(code(&refused), (415, "UNSUPPORTED_MEDIA_TYPE"));
    assert_eq!(header(&refused, "access-control-allow-origin"), Some(FRIEND));
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_whatever_it_sends() {
    for server in [Server::start().await, server_for(FRIEND).await] {
        let asked = server.send(preflight(&server, STRANGER)).await;
        assert_eq!(header(&asked, "access-control-allow-origin"), None);
        let posted = server.request(Method::POST, "/graphql").json(&json!({ "query": "{ __typename }" }));
        let streamed = server.request(Method::GET, TYPENAME).header("accept", "text/event-stream");
        for request in [posted, streamed, server.request(Method::GET, TYPENAME)] {
            let refused = server.send(request.header("origin", STRANGER)).await;
            assert_eq!(code(&refused), (403, "ORIGIN_NOT_ALLOWED"));
            assert_eq!(header(&refused, "access-control-allow-origin"), None);
            assert_eq!(
                refused.body["errors"][0]["message"],
                "pages of this Origin may not call this server; serve the page and /graphql under one name, or add \
                 the origin to MESSENGER_ALLOWED_ORIGINS"
            );
        }
        let headers = [SUB_PROTOCOL, ("Origin", STRANGER)];
        let (status, body) = Socket::upgraded(&server.url, &headers).await.err().expect("a refusal");
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (403, &json!("ORIGIN_NOT_ALLOWED")));
    }
}

#[tokio::test]
async fn a_socket_opens_to_pages_of_an_allowed_origin() {
    let server = server_for(FRIEND).await;
    assert!(Socket::upgraded(&server.url, &[SUB_PROTOCOL, ("Origin", FRIEND)]).await.is_ok());
    assert!(Socket::upgraded(&server.url, &[SUB_PROTOCOL]).await.is_ok());
}

#[tokio::test]
async fn with_a_star_everybody_may_call() {
    let server = server_for("*").await;
    for origin in [STRANGER, "null"] {
        let request = server.request(Method::GET, TYPENAME).header("origin", origin);
        let answer = server.send(request.header("sec-fetch-site", "cross-site")).await;
        assert_eq!(answer.status, 200, "{origin}");
        assert_eq!(header(&answer, "access-control-allow-origin"), Some(origin));
        assert_eq!(header(&answer, "access-control-allow-credentials"), None, "never with a star");
        assert!(Socket::upgraded(&server.url, &[SUB_PROTOCOL, ("Origin", origin)]).await.is_ok());
    }
}

#[tokio::test]
async fn a_link_a_form_or_an_image_of_another_site_gets_nothing() {
    let server = server_for(FRIEND).await;
    for (site, accept) in
        [("cross-site", "*/*"), ("same-site", "image/*,*/*"), ("cross-site", "text/event-stream")]
    {
        let request = server.request(Method::GET, TYPENAME).header("accept", accept);
        let refused = server.send(request.header("sec-fetch-site", site)).await;
        assert_eq!(code(&refused), (403, "CROSS_SITE_REQUEST"), "{site} {accept}");
    }
    let form = server
        .request(Method::POST, "/graphql")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("query={__typename}");
    assert_eq!(code(&server.send(form).await), (415, "UNSUPPORTED_MEDIA_TYPE"));

    // A person may type the address in, follow a link to GraphiQL, and a program says nothing of sites.
    for site in ["none", "same-origin"] {
        let request = server.request(Method::GET, TYPENAME).header("sec-fetch-site", site);
        assert_eq!(server.send(request).await.status, 200, "{site}");
    }
    assert_eq!(server.send(server.request(Method::GET, TYPENAME)).await.status, 200);
    let followed = server.request(Method::GET, "/").header("sec-fetch-site", "cross-site");
    assert_eq!(server.send(followed).await.status, 200);
}

#[tokio::test]
async fn the_name_of_an_allowed_page_may_be_that_of_the_server() {
    let server = server_for(FRIEND).await;
    for (host, expected) in [("chat.example", 200), ("evil.example", 403)] {
        let request = server.request(Method::GET, TYPENAME).header("host", host);
        assert_eq!(server.send(request).await.status, expected, "{host}");
    }
}

#[tokio::test]
async fn the_setting_reaches_the_program() {
    let folder = folder();
    let settings = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_ALLOWED_ORIGINS", FRIEND)];
    let process = Process::start_as(folder.path(), &[], &settings);
    assert!(Socket::upgraded(&process.url, &[SUB_PROTOCOL, ("Origin", FRIEND)]).await.is_ok());
    assert!(Socket::upgraded(&process.url, &[SUB_PROTOCOL, ("Origin", STRANGER)]).await.is_err());
}

#[tokio::test]
async fn an_allowed_page_may_send_the_headers_of_its_tools() {
    let server = server_for(FRIEND).await;
    let tools =
        "baggage,sentry-trace,traceparent,x-datadog-trace-id,graphql-client-name,last-event-id,x-request-id";
    let asked = |origin: &str| {
        let request = server.request(Method::OPTIONS, "/graphql").header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        request.header("access-control-request-headers", tools)
    };
    let allowed = server.send(asked(FRIEND)).await;
    assert_eq!(header(&allowed, "access-control-allow-headers"), Some(tools));
    assert_eq!(header(&allowed, "access-control-allow-origin"), Some(FRIEND));
    let refused = server.send(asked(STRANGER)).await;
    assert_eq!(header(&refused, "access-control-allow-origin"), None);
    assert_eq!(header(&refused, "access-control-allow-credentials"), None);
}

/// Who may open a WebSocket may ask and read as well, and the other way round.
#[tokio::test]
async fn pages_of_this_machine_may_call_it_by_its_own_names() {
    let server = Server::start().await;
    let table = [
        ("localhost:8080", "http://localhost:5173", true),
        ("127.0.0.1:8080", "http://localhost:5173", true),
        ("localhost:8080", "https://app.localhost", true),
        ("localhost:8080", "http://192.168.0.7:5173", false),
        ("localhost:8080", STRANGER, false),
        ("localhost:8080", "null", false),
    ];
    for (host, origin, expected) in table {
        let request = server.request(Method::POST, "/graphql").header("host", host).header("origin", origin);
        let answer = server.send(request.json(&json!({ "query": "{ __typename }" }))).await;
        let may_read = header(&answer, "access-control-allow-origin") == Some(origin);
        assert_eq!((answer.status == 200, may_read), (expected, expected), "{host} {origin}");
        let headers = [SUB_PROTOCOL, ("Host", host), ("Origin", origin)];
        assert_eq!(Socket::upgraded(&server.url, &headers).await.is_ok(), expected, "{host} {origin}");
    }
    // With tokens a server may be called by any name, and a page of somebody's own machine is a stranger there.
    let server = Server::start_with_keys(shared_secret()).await;
    for (origin, status) in [("http://localhost:5173", 403), ("http://chat.example:3000", 401)] {
        let request = server.request(Method::POST, "/graphql").header("host", "chat.example");
        let request = request.header("origin", origin).json(&json!({ "query": "{ __typename }" }));
        assert_eq!(server.send(request).await.status, status, "{origin}");
    }
}
