//! Whatever is missed, and however it is cut into pieces, what is told is what a simple model tells.

use std::collections::HashSet;

use rand::{RngExt, SeedableRng, rngs::StdRng};
use tempfile::TempDir;

use super::*;
use crate::{
    auth::Auth,
    domain::{
        Draft, Invitation, NewChatroom, NewUser, create_chatroom, create_user, invite_to_chatroom,
        leave_chatroom, replay::Sizes, send_messages,
    },
    models::{Conversation, Event, NewEvent},
    store::{StatementObserver, StoreConfig},
    types::{
        ChatroomId, ChatroomName, EventKind, MessageText, RecipientId, SystemClock, Timestamp, UserId,
        Username,
    },
};

const EVENTS: i64 = 100;

/// What is found at once and read in many pieces; what is looked up in many stretches, and kept in part;
/// hardly anything, where it is rare, and else all; and nothing that is kept. Some are cut off where they
/// would be too many bytes.
const SIZES: [Sizes; 4] = [
    Sizes { batch: 7, bytes: 3_000, window: 7, lookup_range: 1_000, found: 1_000, scan_threshold: 0 },
    Sizes { batch: 3, bytes: 1, window: 3, lookup_range: 10, found: 7, scan_threshold: 0 },
    Sizes { batch: 2, bytes: usize::MAX, window: 1, lookup_range: 5, found: 1, scan_threshold: 2 },
    Sizes { batch: 1, bytes: 1, window: 4, lookup_range: 30, found: 1_000, scan_threshold: 1_000 },
];

impl Follower {
    fn reads_by(&mut self, sizes: Sizes) {
        let reading = self.reading.as_mut().expect("it has only begun");
        reading.replay.as_mut().expect("it is there from the start").sizes = sizes;
    }
}

pub(super) struct Fixture {
    pub(super) app: App,
    pub(super) people: Vec<UserId>,
    rooms: Vec<ChatroomId>,
    _folder: TempDir,
}

impl Fixture {
    pub(super) async fn set_up() -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("messenger.db");
        let config = StoreConfig { readers: 1, ..StoreConfig::new(&file) };
        let randomness = Box::new(StdRng::seed_from_u64(1));
        let open = move || {
            App::open(&config, Arc::new(SystemClock), Auth::open(), randomness, StatementObserver::log())
        };
        let app = tokio::task::spawn_blocking(open).await.expect("no panic").expect("a database");
        let mut people = Vec::new();
        for name in ["aaron", "betty", "carol", "dave"] {
            let username = Username::parse(name).expect("a name");
            let user = create_user(&app, NewUser { username, display_name: None, external_id: None }).await;
            people.push(user.expect("a user").id);
        }
        let mut rooms = Vec::new();
        for name in ["breakfast", "lunch", "dinner"] {
            let name = ChatroomName::parse(name.into()).expect("a name");
            let new = NewChatroom { creator_id: people[0], name, member_ids: Vec::new(), by_service: true };
            rooms.push(create_chatroom(&app, new).await.expect("a chatroom").id);
        }
        Self { app, people, rooms, _folder: folder }
    }

    /// Aaron stays in all chatrooms, the others come and go; they write to each other, themselves, and the
    /// chatrooms.
    pub(super) async fn play(&self, chance: &mut StdRng) {
        while self.latest().await < EVENTS {
            let (person, other) = (self.somebody(chance), self.somebody(chance));
            let room = self.rooms[chance.random_range(0..self.rooms.len())];
            let outcome = match chance.random_range(0..10) {
                0..4 => self.sends(person, RecipientId::Chatroom(room)).await,
                4..7 => self.sends(person, RecipientId::User(other)).await,
                7 if person != self.people[0] => leave_chatroom(&self.app, room, person).await,
                _ => self.invites(room, person).await,
            };
            // Who is not in a chatroom can neither write there nor leave it.
            assert!(matches!(outcome, Ok(()) | Err(DomainError::Refused { .. })));
        }
    }

    fn somebody(&self, chance: &mut StdRng) -> UserId {
        self.people[chance.random_range(0..self.people.len())]
    }

    pub(super) async fn sends(
        &self,
        sender_id: UserId,
        recipient_id: RecipientId,
    ) -> Result<(), DomainError> {
        let text = MessageText::parse("Hello".into()).expect("a text");
        let draft = Draft { sender_id, recipient_id, text, client_message_id: None, reply_to_id: None };
        send_messages(&self.app, vec![draft]).await.map(drop)
    }

    async fn invites(&self, chatroom_id: ChatroomId, member_id: UserId) -> Result<(), DomainError> {
        let (actor_id, member_ids) = (self.people[0], vec![member_id]);
        let invitation = Invitation { actor_id, chatroom_id, member_ids, by_service: true };
        invite_to_chatroom(&self.app, invitation).await.map(drop)
    }

    /// Somebody leaves the first chatroom and joins it again, in turn, as far as the log tells.
    pub(super) async fn moves(&self, member_id: UserId, times: i64) {
        let room = self.rooms[0].cast();
        let append = move |connection: &mut Connection| -> Result<(), DomainError> {
            for time in 0..times {
                let kind = if time % 2 == 0 { EventKind::MemberLeft } else { EventKind::MemberJoined };
                let moved = NewEvent::new(kind, room, member_id, Timestamp::from_millis(0));
                event::append(connection, &NewEvent { member_id: Some(member_id), ..moved })?;
            }
            Ok(())
        };
        self.app.store.write(append).await.expect("a log");
    }

    pub(super) async fn latest(&self) -> i64 {
        self.log().await.last().map_or(0, |(event, _)| event.position)
    }

    pub(super) async fn log(&self) -> Vec<(Event, Conversation)> {
        let all = PositionRange { after: 0, up_to: i64::MAX };
        let read = move |connection: &mut Connection| event::read(connection, all, i64::MAX);
        self.app.store.read(move |connection| Ok::<_, DomainError>(read(connection)?)).await.expect("a log")
    }

    /// The positions that are told, and the one at which everything is.
    async fn hears(&self, following: Following, sizes: Sizes) -> (Vec<i64>, i64) {
        let mut follower = follow_events(&self.app, following).await.expect("a follower");
        follower.reads_by(sizes);
        let mut told = Vec::new();
        loop {
            let next = follower.next().await.expect("no fault").expect("more");
            assert!(follower.ready.len() < sizes.batch, "no more than a batch waits in memory");
            match next {
                Followed::Record(record) => told.push(record.event.position),
                Followed::CaughtUp { position } => return (told, position),
                Followed::Ephemeral(_) => {}
                Followed::ResetRequired { .. } => panic!("everything is kept"),
            }
        }
    }
}

/// What somebody is told, from the start of the log on: where, and in which conversation. Of a chatroom that
/// they are not in at its end only that they left.
pub(super) fn told(log: &[(Event, Conversation)], user_id: UserId) -> Vec<(i64, ConversationId)> {
    let mut inside = HashSet::new();
    let mut told = Vec::new();
    for (event, conversation) in log {
        let key = conversation.key;
        let is_own = event.member_id == Some(user_id);
        if is_own && event.kind == EventKind::MemberJoined {
            inside.insert(key);
        }
        let is_concerned = conversation.pair().map_or(inside.contains(&key), |pair| pair.contains(&user_id));
        if is_concerned {
            told.push((event, conversation));
        }
        if is_own && event.kind == EventKind::MemberLeft {
            inside.remove(&key);
        }
    }
    told.retain(|(event, conversation)| {
        let is_leaving = event.kind == EventKind::MemberLeft && event.member_id == Some(user_id);
        conversation.pair().is_some() || inside.contains(&conversation.key) || is_leaving
    });
    told.iter().map(|(event, conversation)| (event.position, conversation.id())).collect()
}

#[tokio::test]
async fn what_is_told_later_is_what_happened_wherever_the_pieces_end() {
    let fixture = Fixture::set_up().await;
    fixture.play(&mut StdRng::seed_from_u64(2)).await;
    let log = fixture.log().await;
    let end = fixture.latest().await;
    for user_id in fixture.people.iter().skip(2).copied() {
        let told = told(&log, user_id);
        for after in (0..=end).step_by(2) {
            let missed: Vec<i64> =
                told.iter().map(|(position, _)| *position).filter(|position| *position > after).collect();
            for sizes in SIZES {
                let following = Following { user_id, only: None, after: Some(fixture.app.log.at(after)) };
                let heard = fixture.hears(following, sizes).await;
                assert_eq!(heard, (missed.clone(), end), "after {after}, {sizes:?}");
            }
        }
    }
}

#[tokio::test]
async fn so_it_is_in_each_conversation_alone() {
    let fixture = Fixture::set_up().await;
    fixture.play(&mut StdRng::seed_from_u64(3)).await;
    let log = fixture.log().await;
    let end = fixture.latest().await;
    let user_id = fixture.people[1];
    let told = told(&log, user_id);
    let conversations: HashSet<ConversationId> = told.iter().map(|(_, id)| *id).collect();
    let mut readable = 0;
    for only in conversations {
        for after in (0..=end).step_by(3) {
            let following = Following { user_id, only: Some(only), after: Some(fixture.app.log.at(after)) };
            // A chatroom that they have left cannot be followed any more.
            if follow_events(&fixture.app, following).await.is_err() {
                continue;
            }
            readable += 1;
            let here = told.iter().filter(|(position, id)| *position > after && *id == only);
            let missed: Vec<i64> = here.map(|(position, _)| *position).collect();
            for sizes in SIZES {
                let heard = fixture.hears(following, sizes).await;
                assert_eq!(heard, (missed.clone(), end), "{only:?} after {after}, {sizes:?}");
            }
        }
    }
    assert!(readable > end, "most of their conversations");
}

#[tokio::test]
async fn who_leaves_while_they_read_is_told_only_that_they_left() {
    let fixture = Fixture::set_up().await;
    let (member, room) = (fixture.people[1], fixture.rooms[0]);
    fixture.invites(room, member).await.expect("they are in");
    let start = fixture.latest().await;
    for _ in 0..100 {
        fixture.sends(fixture.people[0], RecipientId::Chatroom(room)).await.expect("it is sent");
    }
    let mut leavings = Vec::new();
    for only in [None, Some(ConversationId::Chatroom(room))] {
        let following = Following { user_id: member, only, after: Some(fixture.app.log.at(start)) };
        let mut follower = follow_events(&fixture.app, following).await.expect("a follower");
        follower.reads_by(Sizes { bytes: usize::MAX, ..Sizes::default() });
        assert!(matches!(follower.next().await, Ok(Some(Followed::Record(_)))));
        let waiting = follower.ready.len();
        let read_up_to = follower.position;
        assert_eq!(waiting + 1, Sizes::default().batch, "these have been read");
        leave_chatroom(&fixture.app, room, member).await.expect("they leave");
        leavings.push(fixture.latest().await);
        let mut told = Vec::new();
        while told.last() != leavings.last() {
            if let Some(Followed::Record(record)) = follower.next().await.expect("no fault") {
                told.push(record.event.position);
            }
        }
        // What had been read is told until they are known to have left, which takes a moment.
        assert!(told.len() <= waiting + leavings.len());
        assert!(told.iter().all(|position| leavings.contains(position) || *position <= read_up_to));
        fixture.invites(room, member).await.expect("they are back");
    }
}

#[tokio::test]
async fn what_is_forgotten_meanwhile_is_not_passed_over_in_silence() {
    let fixture = Fixture::set_up().await;
    fixture.play(&mut StdRng::seed_from_u64(4)).await;
    let end = fixture.latest().await;
    let following = Following { user_id: fixture.people[0], only: None, after: Some(fixture.app.log.at(0)) };
    let mut follower = follow_events(&fixture.app, following).await.expect("a follower");
    follower.reads_by(Sizes { batch: 10, ..SIZES[0] });
    assert!(matches!(follower.next().await, Ok(Some(Followed::Record(_)))));
    let prune = move |connection: &mut Connection| event::prune(connection, end - 1);
    let pruned = fixture.app.store.write(move |connection| Ok::<_, DomainError>(prune(connection)?)).await;
    assert_eq!(pruned.expect("it works"), usize::try_from(end - 1).expect("a number"));
    let mut told = Vec::new();
    while !matches!(told.last(), Some(Followed::CaughtUp { .. })) {
        told.push(follower.next().await.expect("no fault").expect("more"));
    }
    let is_reset = matches!(told[..], [.., Followed::ResetRequired { position: reset }, Followed::CaughtUp { position }] if (reset, position) == (end, end));
    assert!(is_reset, "from now on: {told:?}");
    fixture.sends(fixture.people[1], RecipientId::User(fixture.people[0])).await.expect("it is sent");
    let Ok(Some(Followed::Record(record))) = follower.next().await else { panic!("nothing is told") };
    assert_eq!(record.event.position, end + 1);
}
