//! The people, and the places where they talk.

use std::time::Duration;

use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    people::{person, topic},
    skew::skewed,
    speech,
};
use crate::{
    domain::{
        DomainError, Draft, NewChatroom, create_chatroom,
        invite_to_chatroom::{Invitation, invite},
        joining::RoomRules,
    },
    models::user,
    store::Connection,
    types::{ChatroomId, ClientMessageId, IdMint, MessageId, RecipientId, Timestamp, UserId},
};

/// How much there is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many messages.
    pub messages: usize,
    /// How many people; at least two of them there are.
    pub users: usize,
    /// How many chatrooms.
    pub chatrooms: usize,
    /// The same number gives the same world.
    pub seed: u64,
    /// When the last message is sent; the first one was 90 days before.
    pub until: Timestamp,
}

impl Plan {
    const SPAN: Duration = Duration::from_hours(90 * 24);

    /// When so many of the messages have been sent.
    pub(super) fn time_of(&self, message: usize) -> Timestamp {
        let start = self.until.before(Self::SPAN);
        let range = self.until.millis() - start.millis();
        let [message, messages] =
            [message, self.messages.max(1)].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        Timestamp::from_millis(
            start.millis() + range / messages * message + range % messages * message / messages,
        )
    }
}

/// Where people talk: the two of a direct conversation, or the members of a chatroom.
#[derive(Debug)]
pub(super) struct SeededConversation {
    /// The first ones say most.
    pub(super) people: Vec<UserId>,
    pub(super) chatroom: Option<ChatroomId>,
    /// What was said last.
    pub(super) latest: Option<MessageId>,
}

impl SeededConversation {
    fn between(people: [UserId; 2]) -> Self {
        Self { people: people.to_vec(), chatroom: None, latest: None }
    }
}

/// All users and conversations, and all chance there is.
pub(super) struct World {
    pub(super) chance: StdRng,
    pub(super) mint: IdMint,
    users: Vec<UserId>,
    /// Pairs of people; the first ones talk most.
    direct: Vec<SeededConversation>,
    /// From the one with all people to the one with two; the first ones talk most.
    chatrooms: Vec<SeededConversation>,
}

/// The most people who join at once.
const JOINING: usize = 1_000;
/// Pairs of people who talk, for each person.
const PAIRS: usize = 4;

impl World {
    /// Makes the people and their chatrooms.
    pub(super) fn make(connection: &mut Connection, plan: &Plan) -> Result<Self, DomainError> {
        let start = plan.time_of(0);
        let mut chance = StdRng::seed_from_u64(plan.seed);
        let mint = IdMint::new(Box::new(StdRng::from_rng(&mut chance)), None);
        let people: Vec<_> =
            (0..plan.users.max(2)).filter_map(|number| person(number, &mint, start)).collect();
        for row in &people {
            user::insert(connection, row)?;
        }
        let users = people.iter().map(|user| user.id).collect();
        let mut world = Self { chance, mint, users, direct: Vec::new(), chatrooms: Vec::new() };
        world.direct =
            (0..world.users.len() * PAIRS).map(|_| SeededConversation::between(world.pair())).collect();
        for number in 0..plan.chatrooms {
            let chatroom = world.open_chatroom(connection, number, start)?;
            world.chatrooms.extend(chatroom);
        }
        Ok(world)
    }

    fn pair(&mut self) -> [UserId; 2] {
        [(), ()].map(|()| self.users[skewed(self.users.len(), &mut self.chance)])
    }

    /// A chatroom, with the person who knows everybody in it.
    fn open_chatroom(
        &mut self,
        connection: &mut Connection,
        number: usize,
        now: Timestamp,
    ) -> Result<Option<SeededConversation>, DomainError> {
        let people = self.members(number);
        let (Some(name), [creator_id, others @ ..]) = (topic(number), people.as_slice()) else {
            return Ok(None);
        };
        let id: ChatroomId = self.mint.mint(now);
        let new = NewChatroom { creator_id: *creator_id, name, member_ids: Vec::new(), by_service: true };
        create_chatroom::create(connection, id, new, RoomRules::NONE, now)?;
        for joining in others.chunks(JOINING) {
            let (actor_id, member_ids) = (*creator_id, joining.to_vec());
            let invitation = Invitation { actor_id, chatroom_id: id, member_ids, by_service: true };
            invite(connection, &invitation, RoomRules::NONE, now)?;
        }
        Ok(Some(SeededConversation { people, chatroom: Some(id), latest: None }))
    }

    /// Everybody in the first chatroom, half of them in the second, a third in the third, but never less than two.
    fn members(&mut self, chatroom: usize) -> Vec<UserId> {
        let size = (self.users.len() / (chatroom + 1)).max(2);
        let start = self.chance.random_range(0..self.users.len());
        let mut members = vec![self.users[0]];
        members.extend(self.users.iter().cycle().skip(start).take(size).filter(|id| **id != self.users[0]));
        members.truncate(size);
        members
    }

    /// Something that somebody says somewhere.
    pub(super) fn draft(&mut self) -> Option<(ConversationNumber, Draft)> {
        let conversation = self.some_conversation();
        let (sender_id, other) = self.speaker(conversation);
        let SeededConversation { chatroom, latest, .. } = *self.conversation(conversation);
        let draft = Draft {
            sender_id,
            recipient_id: chatroom.map_or(RecipientId::User(other), RecipientId::Chatroom),
            text: speech::text(&mut self.chance)?,
            client_message_id: self.key(),
            reply_to_id: latest.filter(|_| self.chance.random_ratio(1, 12)),
        };
        Some((conversation, draft))
    }

    fn some_conversation(&mut self) -> ConversationNumber {
        if self.chatrooms.is_empty() || self.chance.random_bool(0.5) {
            return ConversationNumber::Direct(skewed(self.direct.len(), &mut self.chance));
        }
        ConversationNumber::Chatroom(skewed(self.chatrooms.len(), &mut self.chance))
    }

    /// Who speaks, and the other one of two.
    fn speaker(&mut self, conversation: ConversationNumber) -> (UserId, UserId) {
        let count = self.conversation(conversation).people.len();
        let speaker = match conversation {
            ConversationNumber::Direct(_) => self.chance.random_range(0..count),
            ConversationNumber::Chatroom(_) => skewed(count, &mut self.chance),
        };
        let people = &self.conversation(conversation).people;
        (people[speaker], people[(speaker + 1) % count])
    }

    /// One in four messages has an idempotency key, which looks like a UUID.
    fn key(&mut self) -> Option<ClientMessageId> {
        if !self.chance.random_ratio(1, 4) {
            return None;
        }
        let uuid = uuid::Builder::from_random_bytes(self.chance.random()).into_uuid();
        ClientMessageId::parse(uuid.to_string()).ok()
    }

    pub(super) fn conversation(&self, conversation: ConversationNumber) -> &SeededConversation {
        match conversation {
            ConversationNumber::Direct(number) => &self.direct[number],
            ConversationNumber::Chatroom(number) => &self.chatrooms[number],
        }
    }

    pub(super) fn conversation_mut(&mut self, conversation: ConversationNumber) -> &mut SeededConversation {
        match conversation {
            ConversationNumber::Direct(number) => &mut self.direct[number],
            ConversationNumber::Chatroom(number) => &mut self.chatrooms[number],
        }
    }

    /// One of those who can read what is said there.
    pub(super) fn listener(&mut self, conversation: ConversationNumber) -> UserId {
        let listener = self.chance.random_range(0..self.conversation(conversation).people.len());
        self.conversation(conversation).people[listener]
    }
}

/// Which conversation.
#[derive(Clone, Copy, Debug)]
pub(super) enum ConversationNumber {
    Direct(usize),
    Chatroom(usize),
}
