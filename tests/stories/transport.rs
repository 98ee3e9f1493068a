//! GraphQL over HTTP, by the specification of that name (<https://graphql.github.io/graphql-over-http/draft/>).

use std::{collections::HashSet, io::Write};

use flate2::{Compression, write::GzEncoder};
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame};
use reqwest::{
    Body, Method, RequestBuilder,
    header::{ACCEPT, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use serde_json::{Value, json};

use crate::support::{Answer, Server};

/// The most bytes in a body, where nothing else is set.
const BODY_BYTES: usize = 1_048_576;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";
const TYPENAME_QUERY: &str = "{ __typename }";
const TYPENAME: &str = r#"{"query": "{ __typename }"}"#;

/// A request by POST with this body.
fn posted(server: &Server, body: impl Into<Body>) -> RequestBuilder {
    server.request(Method::POST, "/graphql").header(CONTENT_TYPE, JSON).body(body)
}

/// A request by GET with these parameters.
fn got(server: &Server, parameters: &[(&str, &str)]) -> RequestBuilder {
    server.request(Method::GET, "/graphql").query(parameters)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().expect("a text"))
}

fn is_typename(answer: &Answer) -> bool {
    answer.status == 200 && answer.body == json!({ "data": { "__typename": "Query" } })
}

/// The body of a refusal with one error.
fn refusal(code: &str, message: &str) -> Value {
    json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })
}

/// The same for an error that points into the document.
fn refusal_at(line: u32, column: u32, code: &str, message: &str) -> Value {
    let mut refusal = refusal(code, message);
    refusal["errors"][0]["locations"] = json!([{ "line": line, "column": column }]);
    refusal
}

#[tokio::test]
async fn a_client_gets_the_media_type_it_accepts() {
    let server = Server::start().await;
    let table = [
        (None, JSON),
        (Some("*/*"), JSON),
        (Some("application/*"), JSON),
        (Some(JSON), JSON),
        (Some(GRAPHQL), GRAPHQL),
        (Some("application/graphql-response+json; charset=utf-8"), GRAPHQL),
        (Some("application/graphql-response+json, application/json;q=0.9"), GRAPHQL),
        (Some("application/graphql-response+json;q=0.8, application/json"), JSON),
        (Some("text/html, */*;q=0.1"), JSON),
        (Some("*"), JSON),
        (Some("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), JSON),
        (Some(""), JSON),
    ];
    for (accept, content_type) in table {
        for request in [posted(&server, TYPENAME), got(&server, &[("query", "{ __typename }")])] {
            let request = match accept {
                Some(accept) => request.header(ACCEPT, accept),
                None => request,
            };
            let answer = server.send(request).await;
            assert!(is_typename(&answer), "{accept:?}: {answer:?}");
            let headers = &answer.headers;
            assert_eq!(
                header(headers, "content-type"),
                Some(format!("{content_type}; charset=utf-8").as_str()),
                "{accept:?}"
            );
            assert_eq!(header(headers, "vary"), Some("Accept"));
            assert_eq!(header(headers, "cache-control"), Some("no-store"));
            assert_eq!(header(headers, "x-content-type-options"), Some("nosniff"));
        }
    }
}

#[tokio::test]
async fn a_client_that_accepts_neither_type_is_told_so() {
    let server = Server::start().await;
    for accept in ["text/html", "image/*", "application/json;q=0", "application/xml, text/plain"] {
        let answer = server.send(posted(&server, TYPENAME).header(ACCEPT, accept)).await;
        assert_eq!(answer.status, 406, "{accept}");
        assert_eq!(
            answer.body,
            refusal(
                "NOT_ACCEPTABLE",
                "Accept must allow application/graphql-response+json or application/json; for a subscription \
                 text/event-stream, or multipart/mixed;subscriptionSpec=1.0"
            )
        );
    }
}

#[tokio::test]
async fn only_json_is_taken() {
    let server = Server::start().await;
    let right = ["application/json", "application/json; charset=utf-8", "Application/JSON"];
    for content_type in right {
        let request = server.request(Method::POST, "/graphql").body(TYPENAME);
        let answer = server.send(request.header(CONTENT_TYPE, content_type)).await;
        assert!(is_typename(&answer), "{content_type}: {answer:?}");
    }
    // What a form, or a script of another site, can send without asking first.
    let wrong = [
        None,
        Some(""),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("text/plain"),
        Some("text/plain; application/json"),
        Some("application/graphql"),
        Some("application/json+x"),
        Some("application/graphql-response+json"),
    ];
    for content_type in wrong {
        let request = server.request(Method::POST, "/graphql").body(TYPENAME);
        let request = match content_type {
            Some(content_type) => request.header(CONTENT_TYPE, content_type),
            None => request,
        };
        let answer = server.send(request).await;
        assert_eq!(answer.status, 415, "{content_type:?}");
        assert_eq!(answer.body, refusal("UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json"));
    }
}

#[tokio::test]
async fn a_refused_document_has_no_data_and_a_status_by_media_type() {
    let server = Server::start().await;
    let table = [
        (
            json!({ "query": "{ users { " }),
            refusal_at(
                1,
                11,
                "GRAPHQL_PARSE_FAILED",
                "syntax error at line 1, column 11: expected }, got the end of the document",
            ),
        ),
        (
            json!({ "query": "" }),
            refusal_at(
                1,
                1,
                "GRAPHQL_PARSE_FAILED",
                "syntax error at line 1, column 1: expected a definition, got the end of the document",
            ),
        ),
        (
            json!({ "query": "{ nonsense }" }),
            refusal_at(
                1,
                3,
                "GRAPHQL_VALIDATION_FAILED",
                "Cannot query field \"nonsense\" on type \"Query\".",
            ),
        ),
        (
            json!({ "query": "query ($id: ID!) { node(id: $id) { id } }" }),
            refusal_at(1, 8, "VARIABLES_INVALID", "variable $id is missing; it must be ID!"),
        ),
        (
            json!({ "query": "query A { __typename } query B { __typename }" }),
            refusal(
                "OPERATION_NOT_FOUND",
                "the document has several operations; name the one to run in operationName",
            ),
        ),
    ];
    for (request, body) in table {
        for (accept, status) in [(GRAPHQL, 400), (JSON, 200)] {
            let posted = server.request(Method::POST, "/graphql").json(&request);
            let answer = server.send(posted.header(ACCEPT, accept)).await;
            assert_eq!(answer.status, status, "{request}");
            assert_eq!(answer.body, body, "{request}");
        }
    }
}

#[tokio::test]
async fn an_error_of_a_resolver_is_200_beside_data() {
    let server = Server::start().await;
    let request = server
        .request(Method::POST, "/graphql")
        .json(&json!({ "query": "{ users(first: 0) { nodes { id } } }" }));
    let answer = server.send(request.header(ACCEPT, GRAPHQL)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({
            "data": null,
            "errors": [{
                "message": "first is 0; it must be from 1 to 100",
                "locations": [{ "line": 1, "column": 3 }],
                "path": ["users"],
                "extensions": { "code": "PAGE_SIZE_INVALID" },
            }],
        })
    );
}

#[tokio::test]
async fn get_runs_queries() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let variables = json!({ "id": aaron.id }).to_string();
    let request = got(
        &server,
        &[
            ("query", "query Other { __typename } query Aaron($id: ID!) { user(id: $id) { username } }"),
            ("operationName", "Aaron"),
            ("variables", &variables),
            ("extensions", "{}"),
        ],
    );
    let answer = server.send(request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({ "data": { "user": { "username": "aaron" } } }));
}

#[tokio::test]
async fn get_runs_no_mutation() {
    let server = Server::start().await;
    let create = "mutation Create { createUser(input: {username: \"aaron\"}) { user { id } } }";
    let refused = refusal("METHOD_NOT_ALLOWED", "GET only runs queries; send a mutation by POST");
    for parameters in [
        vec![("query", create.to_owned())],
        vec![
            ("query", format!("query Read {{ __typename }} {create}")),
            ("operationName", "Create".to_owned()),
        ],
    ] {
        let request = server.request(Method::GET, "/graphql").query(&parameters);
        let answer = server.send(request).await;
        assert_eq!(answer.status, 405, "{parameters:?}");
        assert_eq!(header(&answer.headers, ALLOW.as_str()), Some("POST"));
        assert_eq!(answer.body, refused);
    }
    assert_eq!(
        server.ask("{ users { nodes { username } } }", json!({})).await,
        json!({ "data": { "users": { "nodes": [] } } })
    );
}

#[tokio::test]
async fn a_subscription_needs_a_stream() {
    let server = Server::start().await;
    let follow = "subscription { events { cursor } }";
    let refused = refusal(
        "SUBSCRIPTION_NEEDS_STREAM",
        "a subscription has many answers: send it over a WebSocket with the sub-protocol graphql-transport-ws, or with \
         the header Accept: text/event-stream",
    );
    for (accept, status) in [(GRAPHQL, 400), (JSON, 200)] {
        let by_post = server.request(Method::POST, "/graphql").json(&json!({ "query": follow }));
        for request in [by_post, got(&server, &[("query", follow)])] {
            let answer = server.send(request.header(ACCEPT, accept)).await;
            assert_eq!((answer.status, &answer.body), (status, &refused), "{accept}");
        }
    }
}

#[tokio::test]
async fn other_methods_are_not_served() {
    let server = Server::start().await;
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let request = server.request(method.clone(), "/graphql").header(CONTENT_TYPE, JSON);
        let answer = server.send(request.body(TYPENAME)).await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(header(&answer.headers, ALLOW.as_str()), Some("GET, HEAD, POST"), "{method}");
        assert_eq!(
            answer.body,
            refusal("METHOD_NOT_ALLOWED", "only GET, HEAD and POST are served here"),
            "{method}"
        );
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let server = Server::start().await;
    server.user("aaron").await;
    let create = "mutation { createUser(input: {username: \"betty\"}) { user { id } } }";
    let table: [(&str, &str, u16); 6] = [
        ("{ __typename }", GRAPHQL, 200),
        ("{ nothing }", GRAPHQL, 400),
        ("{ nothing }", JSON, 200),
        (create, JSON, 405),
        ("{ __typename }", "image/png", 406),
        ("subscription { events { cursor } }", "text/event-stream", 200),
    ];
    for (query, accept, status) in table {
        let by = |method: Method| {
            let request = server.request(method, "/graphql").query(&[("query", query)]);
            server.send(request.header(ACCEPT, accept).header("messenger-user", "aaron"))
        };
        let head = by(Method::HEAD).await;
        assert_eq!((head.status, &head.body), (status, &json!("")), "{query} {accept}");
        if accept == "text/event-stream" {
            continue;
        }
        let get = by(Method::GET).await;
        assert_eq!(get.status, status, "{query} {accept}");
        for name in ["content-type", "content-length", "allow", "cache-control", "vary"] {
            assert_eq!(header(&head.headers, name), header(&get.headers, name), "{query} {accept}: {name}");
        }
    }
    assert_eq!(
        server.ask("{ users { nodes { username } } }", json!({})).await,
        json!({ "data": { "users": { "nodes": [{ "username": "aaron" }] } } })
    );
}

#[tokio::test]
async fn a_header_or_parameter_that_is_read_once_must_not_be_there_twice() {
    let server = Server::start().await;
    server.user("aaron").await;
    let table = [
        ("Messenger-User", "aaron", "betty"),
        ("Messenger-User", "aaron", "aaron"),
        ("Origin", "http://localhost:5173", "https://evil.example"),
        ("Content-Type", JSON, "text/plain"),
        ("Authorization", "Bearer a", "Bearer b"),
        ("Sec-Fetch-Site", "same-origin", "cross-site"),
        ("Last-Event-ID", "a", "b"),
    ];
    for (name, one, other) in table {
        let request = server.request(Method::POST, "/graphql");
        let request = request.header(name, one).header(name, other).header(ACCEPT, JSON).body(TYPENAME);
        let answer = server.send(request).await;
        let message = format!("the header {name} is there more than once; send it once");
        assert_eq!((answer.status, answer.body), (400, refusal("BAD_REQUEST", &message)), "{name}");
    }
    for name in ["query", "variables", "operationName", "extensions", "documentId"] {
        let twice = [("query", "{ __typename }"), (name, "{}"), (name, "{}")];
        let answer = server.send(got(&server, &twice)).await;
        let message = format!("the parameter \"{name}\" is there more than once; send it once");
        assert_eq!((answer.status, answer.body), (400, refusal("BAD_REQUEST", &message)), "{name}");
    }
    // Lists may come in several lines.
    let listed = posted(&server, TYPENAME).header(ACCEPT, "text/html").header(ACCEPT, JSON);
    assert!(is_typename(&server.send(listed).await));
}

#[tokio::test]
async fn what_is_no_graphql_request_is_a_bad_request() {
    let server = Server::start().await;
    let no_query = "\"query\" must be a string that holds a GraphQL document";
    let no_object = "a request must be a JSON object with the key \"query\"";
    let table: [(&[u8], &str); 16] = [
        (b"", "the body is not JSON (line 1, column 0)"),
        (b"{", "the body is not JSON (line 1, column 1)"),
        (b"{ __typename }", "the body is not JSON (line 1, column 3)"),
        (b"{\"query\": \"\xff\"}", "the body is not JSON (line 1, column 12)"),
        (b"{\"query\": \"{ __typename }\"} {}", "the body is not JSON (line 1, column 29)"),
        (b"null", no_object),
        (b"\"{ __typename }\"", no_object),
        (b"{}", no_query),
        (b"{\"query\": null}", no_query),
        (b"{\"query\": 1}", no_query),
        (b"{\"query\": [\"{ __typename }\"]}", no_query),
        (b"{\"query\": \"{ __typename }\", \"variables\": []}", "\"variables\" must be an object"),
        (b"{\"query\": \"{ __typename }\", \"variables\": \"{}\"}", "\"variables\" must be an object"),
        (b"{\"query\": \"{ __typename }\", \"extensions\": 1}", "\"extensions\" must be an object"),
        (b"{\"query\": \"{ __typename }\", \"operationName\": 1}", "\"operationName\" must be a string"),
        (b"{\"query\": \"{ __typename }\", \"operationName\": {}}", "\"operationName\" must be a string"),
    ];
    for (body, message) in table {
        for (accept, content_type) in [(GRAPHQL, GRAPHQL), ("*/*", JSON)] {
            let answer = server.send(posted(&server, body.to_vec()).header(ACCEPT, accept)).await;
            let shown = String::from_utf8_lossy(body);
            assert_eq!(answer.status, 400, "{shown}");
            assert_eq!(answer.body, refusal("BAD_REQUEST", message), "{shown}");
            assert_eq!(
                header(&answer.headers, "content-type"),
                Some(format!("{content_type}; charset=utf-8").as_str())
            );
        }
    }
}

#[tokio::test]
async fn a_query_string_that_is_no_graphql_request_is_a_bad_request() {
    let server = Server::start().await;
    let no_query = "\"query\" must be a string that holds a GraphQL document";
    let query = ("query", "{ __typename }");
    let table = [
        (vec![], no_query),
        (vec![("Query", "{ __typename }")], no_query),
        (vec![query, ("variables", "{")], "the parameter \"variables\" is not JSON (line 1, column 1)"),
        (vec![query, ("variables", "[]")], "\"variables\" must be an object"),
        (vec![query, ("extensions", "1")], "\"extensions\" must be an object"),
    ];
    for (parameters, message) in table {
        let answer = server.send(got(&server, &parameters)).await;
        assert_eq!(answer.status, 400, "{parameters:?}");
        assert_eq!(answer.body, refusal("BAD_REQUEST", message), "{parameters:?}");
    }
}

#[tokio::test]
async fn what_may_be_null_may_be_null_and_what_is_unknown_is_ignored() {
    let server = Server::start().await;
    let answer = server
        .post(json!({
            "query": "{ __typename }",
            "operationName": null,
            "variables": null,
            "extensions": null,
            "id": 7,
        }))
        .await;
    assert!(is_typename(&answer), "{answer:?}");
    let with_extensions =
        json!({ "query": "{ __typename }", "variables": {}, "extensions": { "trace": [1] } });
    assert!(is_typename(&server.post(with_extensions).await));
}

#[tokio::test]
async fn operation_name_selects_one_of_several() {
    let server = Server::start().await;
    let document = "query Version { serverInfo { version } } query Kind { __typename }";
    let ask = async |name: Value| server.post(json!({ "query": document, "operationName": name })).await.body;
    assert_eq!(ask(json!("Kind")).await, json!({ "data": { "__typename": "Query" } }));
    assert_eq!(
        ask(json!("Version")).await,
        json!({ "data": { "serverInfo": { "version": env!("CARGO_PKG_VERSION") } } })
    );
    let several = refusal(
        "OPERATION_NOT_FOUND",
        "the document has several operations; name the one to run in operationName",
    );
    assert_eq!(ask(Value::Null).await, several);
    assert_eq!(ask(json!("")).await, several);
    assert_eq!(
        ask(json!("kind")).await,
        refusal("OPERATION_NOT_FOUND", "the document has no operation named \"kind\"")
    );
    let unnamed = server.post(json!({ "query": "{ __typename }", "operationName": "Kind" })).await;
    assert_eq!(unnamed.body, refusal("OPERATION_NOT_FOUND", "the document has no operation named \"Kind\""));
}

/// A request of so many bytes.
fn padded(bytes: usize) -> String {
    let (start, end) = (r#"{"query": "{ __typename }", "variables": {"padding": ""#, r#""}}"#);
    let padding = "x".repeat(bytes - start.len() - end.len());
    format!("{start}{padding}{end}")
}

/// The same text, sent in chunks, so that no `Content-Length` tells how long it is.
fn chunked(text: String) -> Body {
    let chunks = text
        .into_bytes()
        .chunks(64 * 1024)
        .map(|chunk| Ok::<_, std::io::Error>(Frame::data(Bytes::copy_from_slice(chunk))))
        .collect::<Vec<_>>();
    Body::wrap(StreamBody::new(stream::iter(chunks)).boxed())
}

#[tokio::test]
async fn a_body_may_have_one_mebibyte() {
    let server = Server::start().await;
    assert!(is_typename(&server.send(posted(&server, padded(BODY_BYTES))).await));
    assert!(is_typename(&server.send(posted(&server, chunked(padded(BODY_BYTES)))).await));
    let refused = refusal("REQUEST_TOO_LARGE", "the body is too large; at most 1048576 bytes are allowed");
    for bytes in [BODY_BYTES + 1, 3 * BODY_BYTES] {
        for body in [padded(bytes).into(), chunked(padded(bytes))] {
            let answer = server.send(posted(&server, body)).await;
            assert_eq!((answer.status, &answer.body), (413, &refused), "{bytes}");
        }
    }
}

#[tokio::test]
async fn other_paths_lead_to_the_api() {
    let server = Server::start().await;
    for path in ["/graphq", "/graphql/", "/health", "/api", "/favicon.ico", "//"] {
        for method in [Method::GET, Method::POST] {
            let answer = server.send(server.request(method, path)).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(
                answer.body,
                refusal("NOT_FOUND", "there is nothing here; the API is at /graphql, and / shows GraphiQL"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let server = Server::start().await;
    let requests = [
        posted(&server, TYPENAME),
        posted(&server, TYPENAME),
        posted(&server, "{ nonsense }"),
        posted(&server, "no JSON"),
        posted(&server, TYPENAME).header(ACCEPT, "text/html"),
        server.request(Method::POST, "/graphql"),
        server.request(Method::PUT, "/graphql"),
        server.request(Method::GET, "/"),
        server.request(Method::GET, "/nowhere"),
        server.request(Method::GET, "/health/live"),
        server.request(Method::GET, "/health/ready"),
    ];
    let count = requests.len();
    let mut ids = HashSet::new();
    for request in requests {
        let answer = server.send(request).await;
        ids.insert(header(&answer.headers, "x-request-id").expect("an id").to_owned());
    }
    assert_eq!(ids.len(), count);
}

#[tokio::test]
async fn health_tells_whether_the_process_runs_and_the_database_answers() {
    let server = Server::start().await;
    let health = async |path: &str| {
        let answer = server.send(server.request(Method::GET, path)).await;
        (answer.status, answer.body)
    };
    assert_eq!(health("/health/live").await, (200, json!("live\n")));
    assert_eq!(health("/health/ready").await, (200, json!("ready\n")));

    let store = server.app.store.clone();
    tokio::task::spawn_blocking(move || store.close()).await.expect("the store closes");

    assert_eq!(health("/health/live").await, (200, json!("live\n")));
    assert_eq!(health("/health/ready").await, (503, json!("the database does not answer\n")));
}

#[tokio::test]
async fn a_server_on_this_machine_takes_no_foreign_names() {
    let server = Server::start().await;
    let ask = |name: &'static str, value: &'static str| {
        let request = server.request(reqwest::Method::POST, "/graphql").header(name, value);
        server.send(request.json(&json!({ "query": "{ __typename }" })))
    };
    let table = [
        ("host", "evil.example", "HOST_NOT_ALLOWED"),
        ("origin", "http://evil.example", "ORIGIN_NOT_ALLOWED"),
        ("origin", "null", "ORIGIN_NOT_ALLOWED"),
    ];
    for (name, value, code) in table {
        let refused = ask(name, value).await;
        assert_eq!(refused.status, 403, "{name}: {value}");
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], code);
    }
    for (name, value) in [("host", "localhost:5173"), ("origin", "http://localhost:5173")] {
        assert_eq!(ask(name, value).await.status, 200, "{name}: {value}");
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test]
async fn a_body_may_come_compressed() {
    let server = Server::start().await;
    let packed = |body: Vec<u8>, coding: &'static str| {
        posted(&server, body).header(CONTENT_ENCODING, coding).header(ACCEPT, GRAPHQL)
    };
    for coding in ["gzip", "GZIP", "x-gzip", "identity, gzip"] {
        let answer = server.send(packed(gzipped(TYPENAME.as_bytes()), coding)).await;
        assert!(is_typename(&answer), "{coding}: {answer:?}");
    }
    let long = json!({ "query": TYPENAME_QUERY, "extensions": { "x": "y".repeat(900_000) } }).to_string();
    assert!(is_typename(&server.send(packed(gzipped(long.as_bytes()), "gzip")).await));
    for coding in ["", "identity"] {
        let answer = server.send(packed(TYPENAME.as_bytes().to_vec(), coding)).await;
        assert!(is_typename(&answer), "{coding}: {answer:?}");
    }
    for coding in ["br", "deflate", "zstd", "gzip, gzip", "nonsense"] {
        let refused = server.send(packed(TYPENAME.as_bytes().to_vec(), coding)).await;
        assert_eq!(refused.status, 415, "{coding}");
        assert_eq!(header(&refused.headers, "accept-encoding"), Some("gzip"), "{coding}");
        let message = "Content-Encoding must be gzip, or left out";
        assert_eq!(refused.body, refusal("UNSUPPORTED_MEDIA_TYPE", message), "{coding}");
    }
    let no_gzip = "the body is not gzip, as Content-Encoding says";
    let cut = &gzipped(TYPENAME.as_bytes())[..20];
    for body in [TYPENAME.as_bytes(), b"", cut] {
        let refused = server.send(packed(body.to_vec(), "gzip")).await;
        assert_eq!((refused.status, refused.body), (400, refusal("BAD_REQUEST", no_gzip)));
    }
    let more = "the body goes on after its gzip member; it must be one member";
    for body in [gzipped(b"").repeat(50_000), [gzipped(TYPENAME.as_bytes()), gzipped(b" ")].concat()] {
        let refused = server.send(packed(body, "gzip")).await;
        assert_eq!((refused.status, refused.body), (400, refusal("BAD_REQUEST", more)));
    }
}

/// A member of empty blocks: each has a bit for "there are more", two for its codes, and seven for its end.
fn empty_blocks(bytes: usize) -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    // 0b010 and 0b0000000, from the lowest bit up, four times in five bytes.
    const FOUR: [u8; 5] = [0b0000_0010, 0b0000_1000, 0b0010_0000, 0b1000_0000, 0b0000_0000];
    let blocks = FOUR.iter().copied().cycle().take(bytes);
    HEAD.into_iter().chain(blocks).collect()
}

#[tokio::test]
async fn a_body_of_empty_blocks_is_refused_at_its_beginning() {
    let server = Server::start().await;
    let refused =
        server.send(posted(&server, empty_blocks(1_000_000)).header(CONTENT_ENCODING, "gzip")).await;
    let message = "the body is longer than what it unpacks to; send it unpacked";
    assert_eq!((refused.status, refused.body), (400, refusal("BAD_REQUEST", message)));
    // What cannot be packed is as long, and a few bytes more.
    let noise: String = (0..200_000_u32)
        .map(|n| char::from(b' ' + (n.wrapping_mul(2_654_435_761) >> 25) as u8 % 90))
        .collect();
    let body = json!({ "query": TYPENAME_QUERY, "extensions": { "x": noise } }).to_string();
    let mut stored = GzEncoder::new(Vec::new(), Compression::none());
    stored.write_all(body.as_bytes()).expect("memory");
    let stored = stored.finish().expect("memory");
    assert!(stored.len() > body.len());
    let answer =
        server.send(posted(&server, stored).header(CONTENT_ENCODING, "gzip").header(ACCEPT, GRAPHQL)).await;
    assert!(is_typename(&answer), "{answer:?}");
}

#[tokio::test]
async fn a_bomb_is_refused_when_it_has_grown_too_large() {
    let server = Server::start().await;
    let bomb = gzipped(&vec![b' '; 16 * 1024 * 1024]);
    assert!(bomb.len() < 20_000, "{}", bomb.len());
    let refused = server.send(posted(&server, bomb).header(CONTENT_ENCODING, "gzip")).await;
    let message = "the body is too large; at most 1048576 bytes are allowed";
    assert_eq!((refused.status, refused.body), (413, refusal("REQUEST_TOO_LARGE", message)));
    let exact = format!("{TYPENAME}{}", " ".repeat(1_048_576 - TYPENAME.len()));
    for (body, status) in [(exact.clone(), 200), (exact + " ", 413)] {
        let request = posted(&server, gzipped(body.as_bytes())).header(CONTENT_ENCODING, "gzip");
        assert_eq!(server.send(request).await.status, status);
    }
}

#[tokio::test]
async fn json_may_begin_with_a_mark_of_its_byte_order() {
    let server = Server::start().await;
    let answer = server.send(posted(&server, format!("\u{feff}{TYPENAME}"))).await;
    assert!(is_typename(&answer), "{answer:?}");
    let twice = server.send(posted(&server, format!("\u{feff}\u{feff}{TYPENAME}"))).await;
    assert_eq!(twice.body, refusal("BAD_REQUEST", "the body is not JSON (line 1, column 1)"));
}

#[tokio::test]
async fn an_empty_parameter_counts_as_left_out() {
    let server = Server::start().await;
    let all = ["variables", "extensions", "operationName", "documentId"];
    let mut parameters = vec![("query", TYPENAME_QUERY)];
    for name in all {
        let answer = server.send(got(&server, &[("query", TYPENAME_QUERY), (name, "")])).await;
        assert!(is_typename(&answer), "{name}: {answer:?}");
        parameters.push((name, ""));
    }
    assert!(is_typename(&server.send(got(&server, &parameters)).await));
}

#[tokio::test]
async fn half_an_emoji_is_named() {
    let server = Server::start().await;
    let half = "half a character in a string (line 1, column";
    let body = r#"{"query": "{ __typename }", "variables": {"x": "\ud83d"}}"#;
    let variables = r#"{"x": "\ud83d"}"#;
    for request in
        [posted(&server, body), got(&server, &[("query", TYPENAME_QUERY), ("variables", variables)])]
    {
        let refused = server.send(request.header(ACCEPT, GRAPHQL)).await;
        let error = &refused.body["errors"][0];
        assert_eq!((refused.status, &error["extensions"]["code"]), (400, &json!("TEXT_NOT_STORABLE")));
        assert!(error["message"].as_str().expect("a message").contains(half), "{error}");
    }
}

#[tokio::test]
async fn a_whole_number_may_be_written_with_a_point() {
    let server = Server::start().await;
    let document = "query ($n: Int!) { users(first: $n) { nodes { id } } }";
    let ask = async |number: &str| {
        let body = format!(r#"{{"query": "{document}", "variables": {{"n": {number}}}}}"#);
        server.send(posted(&server, body)).await.body
    };
    for number in ["1", "1.0", "1e1", "10.0e-1"] {
        assert_eq!(ask(number).await, json!({ "data": { "users": { "nodes": [] } } }), "{number}");
    }
    for (number, told) in [("1.5", "1.5"), ("1e300", "1e+300"), ("2147483648.0", "2147483648.0")] {
        let refused = ask(number).await;
        let message =
            format!("variable $n must be Int (a whole number from -2147483648 to 2147483647), and is {told}");
        assert_eq!(refused["errors"][0]["message"], message, "{number}");
    }
}

/// Whoever is still sending would find the connection closed, and hear no reason.
#[tokio::test]
async fn a_refusal_is_heard_by_who_is_still_sending() {
    let server = Server::start().await;
    let long = vec![b'x'; 4 * 1024 * 1024];
    let to = |method: Method, path: &str| server.request(method, path).body(long.clone());
    let json = |path: &str| to(Method::POST, path).header(CONTENT_TYPE, JSON);
    let form = to(Method::POST, "/graphql").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let table = [
        (form, 415),
        (json("/graphql").header(CONTENT_ENCODING, "br"), 415),
        (json("/graphql").header(ACCEPT, "image/png"), 406),
        (json("/graphql").header("origin", "https://evil.example"), 403),
        (json("/graphql").header("host", "evil.example"), 403),
        (json("/graphql").header("messenger-user", "nobody"), 200),
        (json("/graphql"), 413),
        (to(Method::PUT, "/graphql"), 405),
        (json("/"), 405),
        (json("/nowhere"), 404),
    ];
    for (request, status) in table {
        assert_eq!(server.send(request).await.status, status);
    }
}
