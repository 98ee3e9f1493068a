//! Fill a database with something to look at.

use std::time::Duration;

use crate::{
    app::App,
    domain::{
        DomainError, Refusal,
        send_messages::{Draft, accept},
    },
    models::{User, user},
    store::Connection,
    types::{Clock, DisplayName, IdMint, MessageText, Timestamp, UserId, Username},
};

/// A user of the example. Their ids are the same in every example, so that what is written about them can be pasted.
#[derive(Clone, Copy, Debug)]
pub struct ExampleUser {
    /// The id as it leaves the server.
    pub id: &'static str,
    /// The username.
    pub username: &'static str,
    /// The display name.
    pub display_name: &'static str,
}

/// Aaron, Betty and Carol.
pub const EXAMPLE_USERS: [ExampleUser; 3] = [
    ExampleUser { id: "user_01kdvq5a00eaaaaaaaaaaaaaaa", username: "aaron", display_name: "Aaron" },
    ExampleUser { id: "user_01kdvq5a00ebbbbbbbbbbbbbbb", username: "betty", display_name: "Betty" },
    ExampleUser { id: "user_01kdvq5a00ecc8cccccccccccc", username: "carol", display_name: "Carol" },
];

/// Sender, recipient, how many minutes ago, text. The first two are older than thirty days.
const MESSAGES: [(usize, usize, u64, &str); 16] = [
    (AARON, BETTY, 52_000, "Hi Betty, this is Aaron. Is this thing on?"),
    (BETTY, AARON, 51_990, "It is! Welcome."),
    (AARON, BETTY, 40_300, "Shall we try the new messenger with the team?"),
    (BETTY, AARON, 40_280, "Yes. I will ask Carol, too."),
    (BETTY, CAROL, 40_270, "Carol, Aaron and I are trying a new messenger. Join us?"),
    (CAROL, BETTY, 38_900, "Gladly. What do I have to install?"),
    (BETTY, CAROL, 38_890, "Nothing 🙂 one binary is running already."),
    (CAROL, AARON, 27_400, "Hello Aaron! Betty says you set this up."),
    (AARON, CAROL, 27_390, "cargo run, that was all."),
    (AARON, AARON, 20_200, "Note to self: show them how paging works."),
    (AARON, BETTY, 14_500, "Do messages arrive twice when my train goes through a tunnel?"),
    (BETTY, AARON, 14_480, "No. Send with a clientMessageId and repeat it as often as you like."),
    (CAROL, BETTY, 7_300, "How far back can I read?"),
    (
        BETTY,
        CAROL,
        7_290,
        "recentMessages gives the last hundred, or the last thirty days. History goes back to the start.",
    ),
    (AARON, BETTY, 90, "Lunch?"),
    (BETTY, AARON, 75, "In ten minutes."),
];
const AARON: usize = 0;
const BETTY: usize = 1;
const CAROL: usize = 2;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// The users and their messages were stored.
    Made {
        /// How many messages.
        messages: usize,
    },
    /// They had been there before; nothing was changed.
    WasThere,
}

/// Stores Aaron, Betty, Carol and their messages of the last weeks, all or nothing, and only once.
///
/// Refuses a database in which somebody else has one of their usernames.
pub async fn set_up_example(app: &App) -> Result<Example, DomainError> {
    let App { clock, mint, store } = app.clone();
    store.write(move |connection| set_up(connection, &mint, clock.now())).await
}

fn set_up(connection: &mut Connection, mint: &IdMint, now: Timestamp) -> Result<Example, DomainError> {
    let oldest = minutes_before(now, MESSAGES[0].2);
    let users: Vec<User> = EXAMPLE_USERS.iter().filter_map(|example| example.row(oldest)).collect();
    // By their ids: whoever tried things out may have renamed them.
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    if !user::find_all(connection, &ids)?.is_empty() {
        return Ok(Example::WasThere);
    }
    for user in &users {
        if user::find_by_username(connection, &user.username)?.is_some() {
            return Err(Refusal::UsernameTaken(user.username.clone()).into());
        }
        user::insert(connection, user)?;
    }
    for (sender, recipient, age, text) in MESSAGES {
        let draft = Draft {
            sender_id: users[sender].id,
            recipient_id: users[recipient].id,
            text: MessageText::parse(text.to_owned()).map_err(|_| diesel::result::Error::NotFound)?,
            client_message_id: None,
        };
        accept(connection, mint, &Stopped(minutes_before(now, age)), vec![draft])?;
    }
    Ok(Example::Made { messages: MESSAGES.len() })
}

impl ExampleUser {
    /// The typed id.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.id.parse().ok()
    }

    fn row(&self, created_at: Timestamp) -> Option<User> {
        Some(User {
            id: self.user_id()?,
            username: Username::parse(self.username).ok()?,
            display_name: DisplayName::parse(self.display_name.to_owned()).ok()?,
            created_at,
        })
    }
}

fn minutes_before(now: Timestamp, minutes: u64) -> Timestamp {
    now.before(Duration::from_secs(minutes * 60))
}

/// A clock that shows the time at which an example message was sent.
struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}
