//! GraphQL over HTTP, by the specification of that name (<https://graphql.github.io/graphql-over-http/draft/>), and what
//! it leaves open: answers as a stream, and WebSockets on the same address.

use std::sync::Arc;

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::{
    Rejection,
    accept::{ResponseType, SingleType, StreamType, negotiate},
    body::{self, Asked},
    budget::Budget,
    caller::ClientResolver,
    connection::{Connection, RequestContext},
    credentials, origin,
    socket::{self, ConnectionQuota, QuotaExceeded, QuotaPermit},
    streamed,
};
use crate::{
    config::{AllowedOrigins, Limits},
    graphql::{Allowed, Answer, Answers, Api, ErrorCode, RequestError, RequestId, Session},
    rates::RateKey,
};

/// What requests are answered with.
pub(super) struct Service {
    pub(super) api: Api,
    pub(super) resolver: Arc<ClientResolver>,
    /// Whose pages may call.
    pub(super) origins: Arc<AllowedOrigins>,
    pub(super) quota: ConnectionQuota,
    /// What the bodies of all requests may take while they are received.
    pub(super) bodies: Budget,
}

/// Finds out who calls and from where, before anything else of the request is looked at.
pub(super) async fn answer(
    State(service): State<Arc<Service>>,
    Extension(request_id): Extension<RequestId>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    let headers = request.headers();
    let entered = service.resolver.enter(connection.peer, headers);
    match entered.and_then(|caller| origin::check(headers, &service.origins).map(|()| caller)) {
        Ok(caller) => serve(&service, RequestContext { connection, caller, request_id }, request).await,
        Err(rejection) => body::refuse(request, rejection).await.into_response(),
    }
}

/// Reads, runs and answers one request, or opens a WebSocket for many.
async fn serve(service: &Service, context: RequestContext, request: Request) -> Response {
    let Service { api, quota, .. } = service;
    if socket::is_asked_for(&request) {
        return socket::open(request, context, api.clone(), quota.clone()).await.into_response();
    }
    let negotiated = negotiate(request.headers()).map(|negotiated| negotiated.by(request.method()));
    let session = match api.admit(&credentials::of_headers(request.headers()), &context.request_id).await {
        Ok(session) => session,
        Err(answer) => {
            body::pass_over(request).await;
            return refuse(answer, negotiated, context.connection);
        }
    };
    let Some(response_type) = negotiated else {
        let rejection = body::refuse(request, Rejection::not_acceptable()).await;
        return refuse_counted(api, session, rejection, SingleType::Json);
    };
    let allowed = Allowed {
        mutations: !body::is_get(request.method()),
        subscriptions: matches!(response_type, ResponseType::Streamed(_)),
    };
    let last_event_id = last_event_id(response_type, request.headers());
    let reservation = service.bodies.reserve(session.rate_key_or(context.caller));
    let asked = match body::read(request, api.limits(), reservation).await {
        Ok(asked) => asked,
        Err(rejection) => {
            return refuse_counted(api, session, rejection, response_type.of_rejections());
        }
    };
    match (response_type, asked) {
        (ResponseType::Single(single), Asked::One(request)) => {
            single_answer(api.execute(session, *request, allowed, &context.request_id).await, single)
        }
        (ResponseType::Single(_), Asked::Many(requests)) => {
            let mut answers = Vec::with_capacity(requests.len());
            for request in requests {
                answers.push(api.execute(session, request, allowed, &context.request_id).await);
            }
            with_headers(array(answers), response_type)
        }
        (ResponseType::Streamed(_), Asked::Many(_)) => {
            let rejection = Rejection::bad_request("an array of requests gets no stream: ask for JSON");
            refuse_counted(api, session, rejection, response_type.of_rejections())
        }
        (ResponseType::Streamed(stream_type), Asked::One(mut request)) => {
            request.last_event_id = last_event_id;
            let answers = api.follow(session, *request, allowed, context.request_id.clone());
            streamed_answers(service, context, (response_type, stream_type), session, answers)
        }
    }
}

/// The answer to a request of a session that is refused for its form: it counts like one that is run.
fn refuse_counted(api: &Api, session: Session, rejection: Rejection, response_type: SingleType) -> Response {
    match api.count_refused(session) {
        Ok(()) => with_headers(rejection, ResponseType::Single(response_type)),
        Err(rate_limited) => single_answer(rate_limited.into(), response_type),
    }
}

/// What a browser's `EventSource` says when it connects again
/// (<https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header>).
fn last_event_id(response_type: ResponseType, headers: &HeaderMap) -> Option<String> {
    if !matches!(response_type, ResponseType::Streamed(StreamType::Events { .. })) {
        return None;
    }
    let id = String::from_utf8_lossy(headers.get("last-event-id")?.as_bytes());
    (!id.is_empty()).then(|| id.into_owned())
}

/// Answers as they come, unless they are refused beforehand.
fn streamed_answers(
    Service { api, quota, .. }: &Service,
    RequestContext { connection, caller, .. }: RequestContext,
    (response_type, stream_type): (ResponseType, StreamType),
    session: Session,
    answers: Answers,
) -> Response {
    let single = response_type.of_rejections();
    if let Some(error) = &answers.refusal
        && matches!(error.code(), ErrorCode::RateLimited | ErrorCode::Overloaded)
    {
        return single_answer(error.clone().into(), single);
    }
    let held = if answers.is_subscription {
        hold_places(quota, caller, session, api.limits())
    } else {
        Ok(Vec::new())
    };
    match held {
        Ok(held) => {
            let answers = answers.until(expiry(api.clone(), session));
            with_headers(streamed::body(stream_type, answers, connection, held), response_type)
        }
        Err(rejection) => with_headers(rejection, ResponseType::Single(single)),
    }
}

/// A stream that goes on takes the same places as a socket: one of its address, and one of its user.
fn hold_places(
    quota: &ConnectionQuota,
    caller: Option<RateKey>,
    session: Session,
    limits: &Limits,
) -> Result<Vec<QuotaPermit>, Rejection> {
    let holders = [
        (caller, limits.address_sockets, "from this address"),
        (session.rate_key(None), limits.user_sockets, "of this user"),
    ];
    let taken = holders.map(|(holder, most, whose)| {
        quota.take(holder, most).map_err(|QuotaExceeded| Rejection::too_many(most, whose))
    });
    taken.into_iter().filter_map(Result::transpose).collect()
}

/// The last word to a subscription whose session ends.
async fn expiry(api: Api, session: Session) -> Answer {
    api.ended(session).await;
    RequestError::expired().into()
}

/// The answer to a request that opens no session. Who has no token is told by the status, also where a stream is wanted.
fn refuse(answer: Answer, negotiated: Option<ResponseType>, connection: Connection) -> Response {
    let response_type = negotiated.unwrap_or(ResponseType::Single(SingleType::Json));
    if let ResponseType::Streamed(stream_type) = response_type
        && !answer.is_refused_with(ErrorCode::Unauthenticated)
    {
        return with_headers(
            streamed::body(stream_type, Answers::only(answer), connection, Vec::new()),
            response_type,
        );
    }
    single_answer(answer, response_type.of_rejections())
}

fn single_answer(answer: Answer, response_type: SingleType) -> Response {
    let retry_after = match &answer {
        Answer::Refused { errors } => errors.iter().find_map(RequestError::retry_after_seconds),
        _ => None,
    };
    let status = status(&answer, response_type);
    let body = json(answer).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = with_headers((status, body), ResponseType::Single(response_type));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// An answer as a client gets it. What was rendered is not copied, and its memory is given back when it has been sent.
fn json(answer: Answer) -> serde_json::Result<Bytes> {
    match answer {
        Answer::Rendered(rendered) => Ok(Bytes::from_owner(rendered)),
        other => Ok(serde_json::to_vec(&other)?.into()),
    }
}

/// An array of answers, one after the other, so that they need not be copied into one text.
fn array(answers: Vec<Answer>) -> Body {
    let last = answers.len().saturating_sub(1);
    let pieces = answers.into_iter().enumerate().flat_map(move |(index, answer)| {
        let before = if index == 0 { "[" } else { "," };
        let after = if index == last { "]" } else { "" };
        [Ok(before.into()), json(answer), Ok(after.into())]
    });
    Body::from_stream(stream::iter(pieces))
}

fn status(answer: &Answer, response_type: SingleType) -> StatusCode {
    match (answer, response_type) {
        (answer, _) if answer.is_refused_with(ErrorCode::MethodNotAllowed) => StatusCode::METHOD_NOT_ALLOWED,
        (answer, _) if answer.is_refused_with(ErrorCode::Unauthenticated) => StatusCode::UNAUTHORIZED,
        (answer, _) if answer.is_refused_with(ErrorCode::RateLimited) => StatusCode::TOO_MANY_REQUESTS,
        (answer, _) if answer.is_refused_with(ErrorCode::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
        (Answer::Refused { .. }, SingleType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

fn with_headers(answer: impl IntoResponse, response_type: ResponseType) -> Response {
    let mut response = answer.into_response();
    let status = response.status();
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        // Only a mutation over GET or HEAD comes here without it.
        headers.entry(header::ALLOW).or_insert(HeaderValue::from_static("POST"));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(response_type.content_type()));
    // Answers are somebody's messages, and differ by what was accepted.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overloaded_server_says_when_to_come_back() {
        for single in [SingleType::Json, SingleType::GraphqlResponse] {
            let response = single_answer(RequestError::overloaded("come back").into(), single);
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers().get(header::RETRY_AFTER), Some(&HeaderValue::from_static("1")));
        }
    }
}
