//! The closed list of codes.

use async_graphql::{Enum, Value};
use serde::{Serialize, Serializer};

use crate::{
    domain::Refusal,
    types::{IdError, MessageTextError},
};

/// Every way in which a request can fail.
///
/// A *payload error* is an expected failure of a mutation: it is in the payload, as `errors { code message path }`, and the
/// mutation has changed nothing. The others are in the answer's top-level `errors`, with the code in `extensions.code`: after
/// a *field error* there is `data`, in which that field, or the nearest one around it that may be null, is null; after an
/// *answer error* the whole answer was given up, and `data` is null; after a *request error* nothing was run, and there is no
/// `data`. Decide by the code: a message is for people, and its wording may
/// change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ErrorCode {
    /// The request names nobody that it acts as: give `userId` (`senderId` when sending), or the header `Messenger-User`. With
    /// a token only a service may be told this.
    /// Payload error in a mutation, field error in a query.
    ActingUserRequired,
    /// The header `Messenger-User` names no user: by their id, where tokens are asked for also by their `externalId`, and on an
    /// open server by their username. Request error; a WebSocket is closed with
    /// 4403.
    ActingUserUnknown,
    /// The answer would have more bytes than `serverInfo.limits.answerBytes`: ask for fewer items, or fewer texts, at a time. What
    /// a mutation stored is stored: repeat it with the same `clientMessageId`, and ask for less. In a subscription it is the
    /// answer to one event, and the next events are told. Answer error.
    AnswerTooLarge,
    /// Arguments that exclude each other, one that is missing, or a value that its type cannot hold. Field error.
    ArgumentsInvalid,
    /// The HTTP request is not a GraphQL request: no JSON, JSON that is nested deeper than 64 levels or has more than 10,000
    /// values, or no `query`. Request error, HTTP status 400.
    BadRequest,
    /// Too few or too many at once: 1 to 100 messages, 1 to 100 people. Payload error.
    BatchSizeInvalid,
    /// The chatroom would have more members than `serverInfo.limits.chatroomMembers`. Payload error.
    ChatroomFull,
    /// A chatroom's name has 1 to 64 characters, at least one visible, and no control characters, line separators, bidi
    /// controls, or invisible characters outside of emoji. Payload error.
    ChatroomNameInvalid,
    /// A `clientMessageId` has 1 to 64 characters and no control characters. Payload error.
    ClientMessageIdInvalid,
    /// A link, a form or an image of another site made the request. Request error, HTTP status 403.
    CrossSiteRequest,
    /// The cursor does not come from this list. Start again without it. Field error.
    CursorInvalid,
    /// A display name has 1 to 64 characters, at least one visible, and no control characters, line separators, bidi
    /// controls, or invisible characters outside of emoji. Payload error.
    DisplayNameInvalid,
    /// The document asks for too many values at once (`serverInfo.limits.documentComplexity`; of each event in a subscription
    /// `subscriptionComplexity`): ask for smaller pages, or for less in each. Request error.
    DocumentTooComplex,
    /// The document is nested too deeply. Request error.
    DocumentTooDeep,
    /// The document has too many bytes: `serverInfo.limits.documentBytes`, or `subscriptionBytes` when a subscription in it is
    /// to run. Request error.
    DocumentTooLarge,
    /// This server runs only the documents that it was started with, and this is none of them. Request error.
    DocumentNotTrusted,
    /// It took longer than `serverInfo.limits.executionSeconds`, and was given up; a mutation may have been done all the same:
    /// repeat it with the same `clientMessageId`. A subscription breaks off with it when the answer to an event takes longer than
    /// 5 seconds: subscribe again with `after`, and nothing is lost. Answer error; field error where one read took too long.
    ExecutionTimeout,
    /// A reaction is one emoji and nothing else. Payload error.
    EmojiInvalid,
    /// An external id has 1 to 255 characters and no control characters. Payload error.
    ExternalIdInvalid,
    /// Another user has this external id, or this id. Payload error.
    ExternalIdTaken,
    /// This token may not act for the user whom `userId`, `senderId` or the header `Messenger-User` names, may create no users,
    /// or may change no `username` or `externalId`: payload error in a mutation, field error in a query, request error for the header; a WebSocket is closed with
    /// 4403. Or the acting user may not read this, messages to another person that somebody else sent: field error.
    Forbidden,
    /// The document is not GraphQL. Request error.
    GraphqlParseFailed,
    /// The document does not fit this schema. Request error.
    GraphqlValidationFailed,
    /// The server asks for no tokens, and the request names a host in `Host` that is neither this machine, nor an IP address
    /// of a server that others reach, nor that of an allowed origin. Request error, HTTP status 403.
    HostNotAllowed,
    /// Introspection is switched off: `__schema` and `__type` are not answered, `__typename` is. Request error.
    IntrospectionDisabled,
    /// The `clientMessageId` was used for another message. Use a new one for new content. Payload error.
    IdempotencyConflict,
    /// This is no id. Payload error in a mutation, field error in a query.
    IdMalformed,
    /// The id is that of another kind of thing. Payload error in a mutation, field error in a query.
    IdWrongKind,
    /// The server failed. It is not your fault; quote `extensions.requestId` to the operator. Field error, or answer error.
    Internal,
    /// Somebody does not let the acting user add them to chatrooms: their `invitationsFrom` says so, or they have left this
    /// chatroom and have not written to the acting user since. Payload error.
    InvitationRefused,
    /// The message was deleted: it can be neither edited nor reacted to. Payload error.
    MessageDeleted,
    /// Only GET, HEAD and POST are served here, and GET and HEAD only run queries. Request error, HTTP status 405.
    MethodNotAllowed,
    /// None of the media types in the `Accept` header can be given. Request error, HTTP status 406.
    NotAcceptable,
    /// Nothing has this id, or the acting user may not see it. Payload error in a mutation, field error in a query that
    /// needs it.
    NotFound,
    /// The user to be removed is not a member of the chatroom. Payload error.
    NotMember,
    /// Only the owner of the chatroom may do this. Payload error.
    NotOwner,
    /// Only the user who sent a message may edit or delete it. Of a message that the acting user may not see they are told
    /// `NOT_FOUND`. Payload error.
    NotSender,
    /// `operationName` names none of the document's operations, or is missing where there are several. Request error.
    OperationNotFound,
    /// The page that calls is of another origin, and its origin is not allowed here. Request error, HTTP status 403.
    OriginNotAllowed,
    /// The memory for requests and answers is used up, your user's share of it or all of it, or as many requests, reads or
    /// searches of yours wait as may: wait `extensions.retryAfterMs`, then try again. Request error, with HTTP status 503 and the header `Retry-After`, when nothing was run. Answer error when
    /// there is no memory for the answer; a mutation may have been done all the same: repeat it with the same `clientMessageId`. Field
    /// error of a read or a search for which there is no place.
    Overloaded,
    /// `first` or `last` is out of bounds. Field error.
    PageSizeInvalid,
    /// The hash in `extensions.persistedQuery` is not that of the document beside it. Request error.
    PersistedQueryHashMismatch,
    /// No document is kept for this hash: send the document with it once. Clients with automatic persisted queries do that by
    /// themselves. Request error.
    PersistedQueryNotFound,
    /// A status text has up to 100 characters, and no control characters, line separators, bidi controls, or invisible
    /// characters outside of emoji. Payload error.
    PresenceTextInvalid,
    /// The body did not arrive in time. Request error, HTTP status 408.
    RequestTimeout,
    /// Too often: wait `retryAfterMs`, then try again. Payload error in a mutation, with the facts of `RateLimited`; else a
    /// request error, with `extensions.retryAfterMs`, HTTP status 429 and the header `Retry-After`. A WebSocket is closed with
    /// 1013.
    RateLimited,
    /// The body is an array of requests, and has more of them than `serverInfo.limits.requestBatch`, or none. Request error,
    /// HTTP status 400.
    RequestBatchTooLarge,
    /// Fragments are nested too deeply in each other: `serverInfo.limits.documentRecursion`. Request error.
    RecursionTooDeep,
    /// The body has more bytes than `serverInfo.limits.bodyBytes`. Request error, HTTP status 413.
    RequestTooLarge,
    /// A text to search for has 1 to 200 characters, at least one letter or digit, and at most 10 different words. Field error.
    SearchTextInvalid,
    /// The search would look through too much, and was stopped after 2 seconds: use longer words, or search in one conversation
    /// with `conversationId`. Field error.
    SearchTooExpensive,
    /// `readUpTo` is not from 0 to the conversation's `latestSeq`. Payload error.
    SeqOutOfRange,
    /// A subscription has many answers, and this request can get one only: send it over a WebSocket with the sub-protocol
    /// `graphql-transport-ws`, or with `Accept: text/event-stream`. Request error.
    SubscriptionNeedsStream,
    /// A message has at least one visible character. Payload error.
    TextBlank,
    /// The text holds U+0000, which cannot be stored: payload error. Or a string in the request's JSON holds half a character,
    /// one of `\ud800` to `\udfff` without its other half, as an emoji that was cut in two: request error, HTTP status 400.
    TextNotStorable,
    /// A message has at most 5,000 characters. Payload error.
    TextTooLong,
    /// The document has more aliases than `serverInfo.limits.documentAliases`. Request error.
    TooManyAliases,
    /// Somebody is in as many chatrooms as a user may be in, `serverInfo.limits.userChatrooms`. Payload error.
    TooManyChatrooms,
    /// A field has more directives than `serverInfo.limits.fieldDirectives`. Request error.
    TooManyDirectives,
    /// The document has more fields, when its fragments are written out, than `serverInfo.limits.documentFields`. Request
    /// error.
    TooManyFields,
    /// The document has more than 100 fragments. Request error.
    TooManyFragments,
    /// As many connections are open from this address as may be: close some, or use them for several requests. Request
    /// error, HTTP status 429, before anything was read.
    TooManyConnections,
    /// As many WebSockets and event streams are open from this address (`serverInfo.limits.addressSockets`), or of this user
    /// (`userSockets`), as may be: close some. Request error, HTTP status 429; a WebSocket of the user is closed with 4429.
    TooManySockets,
    /// As many operations as one WebSocket may have run on it already: end one of them, or open another socket. Or as many
    /// subscriptions of the user run as may (`serverInfo.limits.userSubscriptions`), or their documents are too many bytes; the
    /// message says which. Request error of the new operation; the others go on.
    TooManyOperations,
    /// The message has 20 different reactions already. Payload error.
    TooManyReactions,
    /// The document has more tokens than `serverInfo.limits.documentTokens`. Request error.
    TooManyTokens,
    /// The token is missing, malformed or expired, is signed with a wrong key, or names nobody; the message says which, and
    /// what to do. Request error, HTTP status 401; a WebSocket is closed with 4403. A subscription as server-sent events ends
    /// with it when the token expires.
    Unauthenticated,
    /// The database cannot be reached or written just now. Nothing was stored. Try again, a mutation with the same
    /// `clientMessageId`. Field error, or answer error when it is not even known who asks.
    Unavailable,
    /// The body must be `application/json`, as it is or compressed with gzip. Request error, HTTP status 415.
    UnsupportedMediaType,
    /// A username has 1 to 32 of `a-z`, `0-9`, `_`, `.` and `-`, and not the form of an id. Payload error in a mutation, field
    /// error in a query.
    UsernameInvalid,
    /// Somebody else has this username, or gave it up less than 30 days ago. Payload error.
    UsernameTaken,
    /// A variable is missing or has the wrong type; or those that a subscription uses below its root field have more than 4 KiB.
    /// Request error.
    VariablesInvalid,
    /// The window must be `{last: 1–100}` or `{days: 1–30}`. Field error.
    WindowInvalid,
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from(*self).serialize(serializer)
    }
}

impl From<&IdError> for ErrorCode {
    fn from(error: &IdError) -> Self {
        match error {
            IdError::Malformed => Self::IdMalformed,
            IdError::WrongKind { .. } => Self::IdWrongKind,
        }
    }
}

impl From<MessageTextError> for ErrorCode {
    fn from(error: MessageTextError) -> Self {
        match error {
            MessageTextError::Blank => Self::TextBlank,
            MessageTextError::TooLong { .. } => Self::TextTooLong,
            MessageTextError::Nul => Self::TextNotStorable,
        }
    }
}

impl From<&Refusal> for ErrorCode {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Unknown { .. } => Self::NotFound,
            Refusal::UsernameTaken(_) => Self::UsernameTaken,
            Refusal::ExternalIdTaken(_) => Self::ExternalIdTaken,
            Refusal::IdempotencyConflict { .. } => Self::IdempotencyConflict,
            Refusal::Forbidden | Refusal::UsernameOfHost | Refusal::ExternalIdOfHost => Self::Forbidden,
            Refusal::InvitationRefused { .. } => Self::InvitationRefused,
            Refusal::ChatroomFull { .. } => Self::ChatroomFull,
            Refusal::TooManyChatrooms { .. } => Self::TooManyChatrooms,
            Refusal::NotOwner => Self::NotOwner,
            Refusal::NotMember(_) => Self::NotMember,
            Refusal::NotSender => Self::NotSender,
            Refusal::MessageDeleted(_) => Self::MessageDeleted,
            Refusal::SeqOutOfRange { .. } => Self::SeqOutOfRange,
            Refusal::SearchTooExpensive => Self::SearchTooExpensive,
            Refusal::TooManySearches => Self::Overloaded,
            Refusal::TooManyReactions { .. } => Self::TooManyReactions,
        }
    }
}
