//! What a message to very many people costs, and the inbox of somebody in very many conversations.

use std::time::Instant;

use diesel::{RunQueryDsl, dsl::sql, sql_types::BigInt};
use futures_util::future::try_join_all;
use messenger::{
    app::App,
    domain::{DomainError, NewChatroom, NewUser, create_chatroom, create_user, send_messages},
    store::Connection,
    types::{ChatroomId, ChatroomName, RecipientId, UserId, Username},
};
use tokio::runtime::Runtime;

use crate::{
    Effort, median,
    operation::{draft, inbox},
    set::{Progress, Set},
    subjects::Need,
};

/// Measures a message by the members of its chatroom, and an inbox by its conversations, of which there are `many`.
pub(crate) fn measure(runtime: &Runtime, effort: Effort, set: &Set, many: usize) {
    println!("\n| a message to a chatroom of | median | rows written |\n|---|---:|---:|");
    let needs = [Need::SmallChatroom, Need::ChatroomOfAll];
    for chatroom in needs.iter().flat_map(|need| set.fixtures.of(*need)) {
        let recipient_id = RecipientId::Chatroom(chatroom.one());
        let send = || {
            let drafts = vec![draft(chatroom.other(), recipient_id)];
            runtime.block_on(send_messages(&set.app, drafts)).expect("it is on disk");
        };
        let before = rows_written(runtime, &set.app);
        send();
        let rows = rows_written(runtime, &set.app) - before;
        println!("| {} members | {:.0} | {rows} |", chatroom.number, time(effort, send));
    }

    println!("\n| inbox, a page of 20, of somebody in | median | ratio |\n|---|---:|---:|");
    let few = 50;
    let inboxes = [
        Inbox { direct: few * 4 / 5, chatrooms: few / 5 },
        Inbox { direct: many * 4 / 5, chatrooms: many / 5 },
        Inbox { direct: 0, chatrooms: few },
        Inbox { direct: 0, chatrooms: many },
    ];
    let mut first = None;
    let mut tell = |title: &str, owner| {
        let median = time(effort, || runtime.block_on(inbox(&set.app, owner)));
        let ratio = median / *first.get_or_insert(median);
        println!("| {title} | {median:.0} | {ratio:.2} |");
    };
    let mut quiet = None;
    for (number, Inbox { direct, chatrooms }) in inboxes.iter().enumerate() {
        let owner = runtime.block_on(inboxes[number].fill(&set.app, number)).expect("conversations");
        tell(&format!("{direct} direct conversations and {chatrooms} chatrooms"), owner);
        quiet = Some(owner);
    }
    let others = Inbox { direct: 0, chatrooms: many };
    runtime.block_on(others.fill(&set.app, inboxes.len())).expect("conversations");
    tell(&format!("{many} chatrooms, after {many} others were active"), quiet.expect("somebody"));
}

fn time(effort: Effort, mut work: impl FnMut()) -> f64 {
    let mut once = || {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e6
    };
    // The first turn warms the caches.
    let times = (0..(effort.rounds + 1) * effort.turn).map(|_| once()).skip(effort.turn).collect();
    median(times).expect("a time")
}

/// How many rows were ever written on the connection that writes.
fn rows_written(runtime: &Runtime, app: &App) -> i64 {
    let count = |connection: &mut Connection| {
        let Connection::Sqlite(connection) = connection;
        let count = diesel::select(sql::<BigInt>("total_changes()"));
        Ok::<_, DomainError>(count.get_result(connection).map_err(messenger::store::StoreError::from)?)
    };
    runtime.block_on(app.store.write(count)).expect("a number")
}

/// Somebody's conversations, each with a message of theirs.
struct Inbox {
    direct: usize,
    chatrooms: usize,
}

/// What is done at the same time, to share a commit.
const TOGETHER: usize = 100;

impl Inbox {
    async fn fill(&self, app: &App, number: usize) -> Result<UserId, DomainError> {
        let owner = person(app, format!("owner-{number}")).await?;
        let all: Vec<usize> = (0..self.direct + self.chatrooms).collect();
        let mut progress = Progress::of(format!("{} conversations", all.len()));
        for some in all.chunks(TOGETHER) {
            progress.tell(some[0]);
            // Direct conversations and chatrooms in turn, so that a page has both.
            let is_chatroom =
                |place: usize| place * self.chatrooms / all.len() < (place + 1) * self.chatrooms / all.len();
            let recipients = try_join_all(some.iter().map(|place| async move {
                if is_chatroom(*place) {
                    return chatroom(app, owner, format!("Chatroom {place}"))
                        .await
                        .map(RecipientId::Chatroom);
                }
                person(app, format!("friend-{number}-{place}")).await.map(RecipientId::User)
            }));
            let drafts = recipients.await?.into_iter().map(|recipient| draft(owner, recipient));
            send_messages(app, drafts.collect()).await?;
        }
        Ok(owner)
    }
}

async fn person(app: &App, username: String) -> Result<UserId, DomainError> {
    let username = Username::parse(&username).expect("a username");
    create_user(app, NewUser { username, display_name: None, external_id: None }).await.map(|user| user.id)
}

async fn chatroom(app: &App, creator_id: UserId, name: String) -> Result<ChatroomId, DomainError> {
    let name = ChatroomName::parse(name).expect("a name");
    let new = NewChatroom { creator_id, name, member_ids: Vec::new(), by_service: true };
    create_chatroom(app, new).await.map(|chatroom| chatroom.id)
}
