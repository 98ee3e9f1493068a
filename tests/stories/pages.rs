//! What is for browsers: GraphiQL and the example chat.

use messenger::http::HttpOptions;
use reqwest::{Client, Method, redirect::Policy};
use serde_json::json;

use crate::support::{Answer, Process, Server, folder};

async fn get(server: &Server, path: &str) -> Answer {
    server.send(server.request(Method::GET, path)).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).expect(name).to_str().expect("text")
}

fn is_page(answer: &Answer) -> bool {
    answer.status == 200 && header(answer, "content-type") == "text/html; charset=utf-8"
}

fn refusal(code: &str, message: &str) -> serde_json::Value {
    json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })
}

#[tokio::test]
async fn the_front_page_is_graphiql() {
    let server = Server::start().await;
    let page = get(&server, "/").await;
    assert!(is_page(&page), "{page:?}");
    assert_eq!(header(&page, "cache-control"), "no-cache");
    assert_eq!(header(&page, "x-content-type-options"), "nosniff");
    assert_eq!(header(&page, "x-frame-options"), "DENY");
    assert_eq!(header(&page, "referrer-policy"), "same-origin");
    let policy = header(&page, "content-security-policy");
    let scripts = "default-src 'none'; script-src 'self';";
    assert!(policy.starts_with(scripts), "{policy}");
    assert!(policy.ends_with("base-uri 'none'; form-action 'none'; frame-ancestors 'none'"), "{policy}");
    assert!(!page.body.as_str().expect("a page").contains("https://"), "nothing comes from another host");
}

#[tokio::test]
async fn the_chat_is_there() {
    let server = Server::start().await;
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let answer = client.get(format!("{}/chat", server.url)).send().await.expect("an answer");
    let location = answer.headers()["location"].to_str().expect("text");
    assert_eq!((answer.status().as_u16(), location), (308, "/chat/"));
    assert!(is_page(&get(&server, "/chat/").await));
    let nowhere = get(&server, "/chat/nowhere").await;
    let message = "there is no such file; the page begins at /chat/";
    assert_eq!((nowhere.status, nowhere.body), (404, refusal("NOT_FOUND", message)));
}

#[tokio::test]
async fn a_page_is_only_read() {
    let server = Server::start().await;
    let message = "only GET is served here; the API is at /graphql";
    for path in ["/", "/graphiql/assets/main.js", "/chat", "/chat/", "/chat/assets/main.js"] {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let answer = server.send(server.request(method, path)).await;
            assert_eq!(header(&answer, "allow"), "GET, HEAD");
            assert_eq!((answer.status, answer.body), (405, refusal("METHOD_NOT_ALLOWED", message)), "{path}");
        }
    }
    let head = server.send(server.request(Method::HEAD, "/")).await;
    assert_eq!((head.status, head.body), (200, json!("")));
}

#[tokio::test]
async fn each_page_is_switched_off_alone() {
    let message = "there is nothing here; the API is at /graphql, and GraphiQL is switched off";
    let without_graphiql =
        Server::start_showing(HttpOptions { graphiql: false, ..HttpOptions::default() }).await;
    for path in ["/", "/graphiql/assets/main.js"] {
        let answer = get(&without_graphiql, path).await;
        assert_eq!((answer.status, answer.body), (404, refusal("NOT_FOUND", message)), "{path}");
    }
    assert!(is_page(&get(&without_graphiql, "/chat/").await));

    let message = "there is nothing here; the API is at /graphql, and / shows GraphiQL";
    let without_chat = Server::start_showing(HttpOptions { chat: false, ..HttpOptions::default() }).await;
    for path in ["/chat", "/chat/", "/chat/assets/main.js"] {
        let answer = get(&without_chat, path).await;
        assert_eq!((answer.status, answer.body), (404, refusal("NOT_FOUND", message)), "{path}");
    }
    assert!(is_page(&get(&without_chat, "/").await));
}

#[tokio::test]
async fn the_settings_reach_the_program() {
    let folder = folder();
    let settings =
        [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_GRAPHIQL", "off"), ("MESSENGER_CHAT", "off")];
    let process = Process::start_as(folder.path(), &[], &settings);
    let said = "\n  GraphiQL   switched off\n  Chat       switched off\n";
    assert!(process.greeting.contains(said), "{}", process.greeting);
    for path in ["/", "/chat/"] {
        let page = reqwest::get(format!("{}{path}", process.url)).await.expect("an answer");
        assert_eq!(page.status().as_u16(), 404, "{path}");
    }
}
