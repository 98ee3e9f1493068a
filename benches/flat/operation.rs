//! What is measured.

use std::time::Instant;

use messenger::{
    app::App,
    domain::{
        Draft, History, ReadScope, RecentQuery, list_conversations, read_histories, read_recent,
        send_messages,
    },
    graphql::{Allowed, Answer, Api, Credentials, Request, RequestId},
    types::{Bounds, MessageText, RecentWindow, RecipientId, UserId},
};
use tokio::runtime::Runtime;

use crate::{
    graphql,
    set::Set,
    subjects::{Need, Subject},
};

/// The lengths of pages.
const INBOX: u32 = 20;
const PAGE: u32 = 100;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Inbox,
    NewestHistory,
    MiddleOfHistory,
    LastOfPerson,
    LastOfChatroom,
    LastOfPair,
    DaysOfPerson,
    DaysOfChatroom,
    DaysOfPair,
    SendToPerson,
    SendToChatroom,
    SendMany,
    AskInbox,
    AskHistory,
    AskPair,
    AskSend,
}

impl Operation {
    pub(crate) const ALL: [Self; 16] = [
        Self::Inbox,
        Self::NewestHistory,
        Self::MiddleOfHistory,
        Self::LastOfPerson,
        Self::LastOfChatroom,
        Self::LastOfPair,
        Self::DaysOfPerson,
        Self::DaysOfChatroom,
        Self::DaysOfPair,
        Self::SendToPerson,
        Self::SendToChatroom,
        Self::SendMany,
        Self::AskInbox,
        Self::AskHistory,
        Self::AskPair,
        Self::AskSend,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Inbox => "inbox, a page of 20",
            Self::NewestHistory => "history, the newest 100",
            Self::MiddleOfHistory => "history, 100 from the middle",
            Self::LastOfPerson => "last 100 to a person",
            Self::LastOfChatroom => "last 100 to a chatroom",
            Self::LastOfPair => "last 100 to a person from another",
            Self::DaysOfPerson => "30 days to a person, 100 of them",
            Self::DaysOfChatroom => "30 days to a chatroom, 100 of them",
            Self::DaysOfPair => "30 days to a person from another, 100 of them",
            Self::SendToPerson => "send a message to a person",
            Self::SendToChatroom => "send a message to a chatroom",
            Self::SendMany => "send 64 messages to people at once",
            Self::AskInbox => "GraphQL: inbox, a page of 20",
            Self::AskHistory => "GraphQL: history, the newest 100",
            Self::AskPair => "GraphQL: last 100 to a person from another",
            Self::AskSend => "GraphQL: send a message to a person",
        }
    }

    fn need(self) -> Need {
        match self {
            Self::Inbox | Self::AskInbox => Need::Inbox,
            Self::NewestHistory | Self::MiddleOfHistory | Self::AskHistory => Need::History,
            Self::LastOfPerson | Self::DaysOfPerson => Need::Person,
            Self::LastOfChatroom | Self::DaysOfChatroom | Self::SendToChatroom => Need::Chatroom,
            Self::LastOfPair
            | Self::DaysOfPair
            | Self::AskPair
            | Self::SendToPerson
            | Self::SendMany
            | Self::AskSend => Need::Pair,
        }
    }

    /// How long it takes, in µs; `None` when there is nobody to do it with.
    pub(crate) fn time(self, runtime: &Runtime, set: &Set, turn: usize) -> Option<f64> {
        let subjects = set.fixtures.of(self.need());
        let subject = subjects.get(turn % subjects.len().max(1))?;
        let start = Instant::now();
        runtime.block_on(self.perform(set, subject));
        Some(start.elapsed().as_secs_f64() * 1e6)
    }

    async fn perform(self, set: &Set, subject: &Subject) {
        let app = &set.app;
        let last = RecentWindow::Last(PAGE);
        let days = RecentWindow::Days(RecentWindow::MAX_DAYS);
        match self {
            Self::Inbox => inbox(app, subject.one()).await,
            Self::NewestHistory => history(app, subject, None).await,
            Self::MiddleOfHistory => history(app, subject, Some(subject.number / 2)).await,
            Self::LastOfPerson => recent(app, RecipientId::User(subject.one()), None, last).await,
            Self::LastOfChatroom => recent(app, RecipientId::Chatroom(subject.one()), None, last).await,
            Self::LastOfPair => {
                recent(app, RecipientId::User(subject.one()), Some(subject.other()), last).await;
            }
            Self::DaysOfPerson => recent(app, RecipientId::User(subject.one()), None, days).await,
            Self::DaysOfChatroom => recent(app, RecipientId::Chatroom(subject.one()), None, days).await,
            Self::DaysOfPair => {
                recent(app, RecipientId::User(subject.one()), Some(subject.other()), days).await;
            }
            Self::SendToPerson => send(app, vec![to_person(subject)]).await,
            Self::SendToChatroom => send(app, vec![to_chatroom(subject)]).await,
            Self::SendMany => send(app, vec![to_person(subject); 64]).await,
            Self::AskInbox => ask(&set.api, graphql::inbox(subject)).await,
            Self::AskHistory => ask(&set.api, graphql::history(subject)).await,
            Self::AskPair => ask(&set.api, graphql::last_of_pair(subject)).await,
            Self::AskSend => ask(&set.api, graphql::send(subject)).await,
        }
    }
}

pub(crate) async fn inbox(app: &App, user_id: UserId) {
    let page = list_conversations(app, user_id, Bounds::first(INBOX, None)).await.expect("an inbox");
    assert_eq!(page.value.items.len(), INBOX as usize, "the page is full");
}

async fn ask(api: &Api, query: String) {
    let request = Request { query: Some(query), ..Request::default() };
    let id = RequestId("flat".into());
    let session = api.admit(&Credentials::default(), &id).await.expect("an open server");
    let answer = api.execute(session, request, Allowed::EVERYTHING, &id).await;
    let Answer::Rendered(rendered) = answer else { panic!("refused: {answer:?}") };
    assert!(rendered.as_ref().starts_with(b"{\"data\""), "{rendered:?}");
    std::hint::black_box(rendered);
}

async fn history(app: &App, subject: &Subject, after: Option<i64>) {
    let history = History {
        conversation_id: subject.one(),
        bounds: Bounds::first(PAGE, after),
        read_scope: ReadScope::Everything,
    };
    let pages = read_histories(app, vec![history]).await.expect("a history");
    assert_eq!(pages[&history].value.items.len(), PAGE as usize, "the page is full");
}

async fn recent(app: &App, recipient_id: RecipientId, sender_id: Option<UserId>, window: RecentWindow) {
    let query = RecentQuery {
        recipient_id,
        sender_id,
        window,
        limit: PAGE,
        after: None,
        read_scope: ReadScope::Everything,
    };
    let page = read_recent(app, query).await.expect("recent messages");
    assert_eq!(page.value.items.len(), PAGE as usize, "the page is full");
}

async fn send(app: &App, drafts: Vec<Draft>) {
    send_messages(app, drafts).await.expect("the messages are on disk");
}

/// An answer, so that it can be sent again and again.
fn to_person(subject: &Subject) -> Draft {
    draft(subject.other(), RecipientId::User(subject.one()))
}

fn to_chatroom(subject: &Subject) -> Draft {
    draft(subject.other(), RecipientId::Chatroom(subject.one()))
}

pub(crate) fn draft(sender_id: UserId, recipient_id: RecipientId) -> Draft {
    let text = MessageText::parse("How are you? We are fine, and all is well here.".into()).expect("a text");
    Draft { sender_id, recipient_id, text, client_message_id: None, reply_to_id: None }
}
