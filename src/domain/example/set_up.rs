//! Fill a database with something to look at.

use std::time::Duration;

use rand::{SeedableRng, rngs::StdRng};

use super::content::{
    BEGINNING, CHATROOM_NAME, EXAMPLE_CHATROOM, EXAMPLE_USERS, ExampleUser, FIRST_WORDS, MESSAGES, REACTIONS,
    READ, To,
};
use crate::{
    app::App,
    domain::{
        DomainError, Draft, NewChatroom, Reacting, Reading, Refusal, create_chatroom, joining::RoomRules,
        mark_read, react, send_messages,
    },
    models::{User, UserReader, message, user},
    store::Connection,
    types::{
        ChatroomId, ChatroomName, Clock, ConversationKey, DisplayName, Emoji, IdMint, InvitationsFrom,
        MessageId, MessageText, Timestamp, UserId, Username,
    },
};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// The users, their chatroom and their messages were stored.
    Made {
        /// How many messages.
        messages: usize,
    },
    /// They had been there before; nothing was changed.
    WasThere,
}

/// Stores Aaron, Betty and Carol, their chatroom, and their messages of the last weeks, all or nothing, and only once.
///
/// Refuses a database in which somebody else has one of their usernames.
pub async fn set_up_example(app: &App) -> Result<Example, DomainError> {
    let App { clock, mint, store, .. } = app.clone();
    store
        .write(move |connection| {
            let now = clock.now();
            match Scene::enter(connection, now)? {
                Some(scene) => scene.play(connection, &mint),
                None => Ok(Example::WasThere),
            }
        })
        .await
}

/// The users and the chatroom, between whom things are said.
struct Scene {
    now: Timestamp,
    users: Vec<UserId>,
    chatroom: ChatroomId,
}

impl Scene {
    /// Makes the users and the chatroom; `None` when they are there already.
    fn enter(connection: &mut Connection, now: Timestamp) -> Result<Option<Self>, DomainError> {
        let beginning = Timestamp::from_millis(BEGINNING);
        let rows: Vec<User> = EXAMPLE_USERS.iter().filter_map(|example| example.row(beginning)).collect();
        let users: Vec<UserId> = rows.iter().map(|user| user.id).collect();
        if !user::find_all(connection, &users)?.is_empty() {
            return Ok(None);
        }
        for row in &rows {
            if user::find_by_username(connection, &row.username)?.is_some() {
                return Err(Refusal::UsernameTaken(row.username.clone()).into());
            }
            user::insert(connection, row)?;
        }
        let (Ok(chatroom), Ok(name)) =
            (EXAMPLE_CHATROOM.parse(), ChatroomName::parse(CHATROOM_NAME.to_owned()))
        else {
            return Ok(None);
        };
        let new = NewChatroom { creator_id: users[0], name, member_ids: users.clone(), by_service: true };
        create_chatroom::create(connection, chatroom, new, RoomRules::NONE, beginning)?;
        Ok(Some(Self { now, users, chatroom }))
    }

    fn play(&self, connection: &mut Connection, mint: &IdMint) -> Result<Example, DomainError> {
        let beginning = Stopped(Timestamp::from_millis(BEGINNING));
        let always_the_same = IdMint::new(Box::new(StdRng::seed_from_u64(0)), None);
        for (sender, text) in FIRST_WORDS {
            self.send(connection, &always_the_same, &beginning, (sender, To::Chatroom, text))?;
        }
        for (sender, to, minutes_ago, text) in MESSAGES {
            let then = Stopped(self.now.before(Duration::from_secs(minutes_ago * 60)));
            self.send(connection, mint, &then, (sender, to, text))?;
        }
        for (person, seq, emoji) in REACTIONS {
            self.react(connection, person, seq, emoji)?;
        }
        for (person, read_up_to) in READ {
            let conversation_id = self.chatroom.into();
            let reading = Reading { actor_id: self.users[person], conversation_id, read_up_to };
            mark_read::mark(connection, reading, self.now)?;
        }
        Ok(Example::Made { messages: FIRST_WORDS.len() + MESSAGES.len() })
    }

    fn send(
        &self,
        connection: &mut Connection,
        mint: &IdMint,
        clock: &dyn Clock,
        (sender, to, text): (usize, To, &str),
    ) -> Result<(), DomainError> {
        let Ok(text) = MessageText::parse(text.to_owned()) else {
            return Ok(());
        };
        let recipient_id = match to {
            To::Person(recipient) => self.users[recipient].into(),
            To::Chatroom | To::Answer(_) => self.chatroom.into(),
        };
        let reply_to_id = match to {
            To::Answer(seq) => self.message(connection, seq)?,
            To::Person(_) | To::Chatroom => None,
        };
        let sender_id = self.users[sender];
        let draft = Draft { sender_id, recipient_id, text, client_message_id: None, reply_to_id };
        send_messages::accept(connection, &UserReader::of_table(), mint, clock, vec![draft]).map(drop)
    }

    fn react(
        &self,
        connection: &mut Connection,
        person: usize,
        seq: i64,
        emoji: &str,
    ) -> Result<(), DomainError> {
        let (Some(message_id), Ok(emoji)) = (self.message(connection, seq)?, Emoji::parse(emoji)) else {
            return Ok(());
        };
        let reacting = Reacting { actor_id: self.users[person], message_id, emoji };
        react::add(connection, reacting, self.now).map(drop)
    }

    /// The chatroom's message of this seq.
    fn message(&self, connection: &mut Connection, seq: i64) -> Result<Option<MessageId>, DomainError> {
        let conversation: ConversationKey = self.chatroom.cast();
        Ok(message::id_at(connection, conversation, seq)?)
    }
}

impl ExampleUser {
    fn row(&self, created_at: Timestamp) -> Option<User> {
        Some(User {
            id: self.id.parse().ok()?,
            username: Username::parse(self.username).ok()?,
            display_name: DisplayName::parse(self.display_name.to_owned()).ok()?,
            created_at,
            external_id: None,
            invitations_from: InvitationsFrom::default(),
        })
    }
}

/// A clock that shows the time at which an example message was sent.
struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}
