//! Whom to ask about: those for whom a page is full, and in two data sets those who are alike.

use std::path::Path;

use diesel::{
    Connection, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary},
    sqlite::SqliteConnection,
};
use messenger::types::{Id, Kind};
use uuid::Uuid;

/// What an operation is done with.
#[derive(Clone, Debug, QueryableByName)]
pub(crate) struct Subject {
    #[diesel(sql_type = Binary)]
    one: Vec<u8>,
    #[diesel(sql_type = Binary)]
    other: Vec<u8>,
    /// Of messages, conversations or members.
    #[diesel(sql_type = BigInt)]
    pub(crate) number: i64,
    /// How many people a page shows, each of whom has to be read as well; or how many messages it is strewn among.
    #[diesel(sql_type = BigInt)]
    among: i64,
}

impl Subject {
    pub(crate) fn one<K: Kind>(&self) -> Id<K> {
        id(&self.one)
    }

    pub(crate) fn other<K: Kind>(&self) -> Id<K> {
        id(&self.other)
    }

    /// 0 for those who are quite alike.
    #[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
    fn distance(&self, other: &Self) -> f64 {
        let apart = |one: i64, other: i64| (one as f64 / other as f64).ln().abs();
        apart(self.number, other.number) + apart(self.among, other.among)
    }
}

fn id<K: Kind>(bytes: &[u8]) -> Id<K> {
    Id::new(Uuid::from_slice(bytes).expect("16 bytes"))
}

/// What an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "each benchmark needs some of them")]
pub(crate) enum Need {
    /// Somebody with a page of conversations.
    Inbox,
    /// Two people with three pages of messages, and one of them.
    History,
    /// Somebody to whom a page was sent in 30 days.
    Person,
    /// A chatroom to which a page was sent in 30 days, and its owner.
    Chatroom,
    /// Somebody, and one other who sent them a page in 30 days.
    Pair,
    /// Two people who have written to each other.
    Acquaintances,
    /// A chatroom of about ten members, and its owner.
    SmallChatroom,
    /// The chatroom of all people, and its owner.
    ChatroomOfAll,
}

impl Need {
    /// Finds at most so many, spread over all who fit.
    pub(crate) fn find(self, file: &Path, most: usize) -> Vec<Subject> {
        let all = self.candidates(file);
        let step = all.len().div_ceil(most).max(1);
        all.into_iter().step_by(step).collect()
    }

    /// Finds those who are most like the ones in another data set.
    pub(crate) fn find_like(self, file: &Path, others: &[Subject]) -> Vec<Subject> {
        alike(self.candidates(file), others)
    }

    fn candidates(self, file: &Path) -> Vec<Subject> {
        let mut connection = SqliteConnection::establish(&file.display().to_string()).expect("a database");
        sql_query(self.query()).load(&mut connection).expect("subjects")
    }

    fn query(self) -> &'static str {
        match self {
            Self::Inbox => {
                "SELECT user_id AS one, user_id AS other, count(*) AS number, 1 AS among FROM (
                     SELECT lower_user_id AS user_id FROM conversations WHERE lower_user_id IS NOT NULL
                     UNION ALL
                     SELECT higher_user_id FROM conversations WHERE lower_user_id < higher_user_id
                     UNION ALL
                     SELECT user_id FROM memberships
                 ) GROUP BY user_id HAVING number >= 20"
            }
            Self::History => {
                "SELECT id AS one, lower_user_id AS other, latest_seq AS number, (
                     SELECT count(*) FROM messages WHERE recipient_id IN (lower_user_id, higher_user_id)
                 ) AS among
                 FROM conversations WHERE lower_user_id < higher_user_id AND latest_seq >= 300"
            }
            Self::Person => {
                "SELECT one, one AS other, number, among FROM (
                     SELECT recipient_id AS one, count(*) AS number, (
                         SELECT count(DISTINCT sender_id) FROM (
                             SELECT sender_id FROM messages page
                             WHERE page.recipient_id = messages.recipient_id ORDER BY id DESC LIMIT 100)
                     ) AS among
                     FROM messages WHERE recipient_id <> conversation_id AND sent_at > 1792800000000
                     GROUP BY recipient_id HAVING number > 100)"
            }
            Self::Chatroom => {
                "SELECT one, other, number, among FROM (
                     SELECT chatrooms.id AS one, owner_id AS other, count(*) AS number, (
                         SELECT count(DISTINCT sender_id) FROM (
                             SELECT sender_id FROM messages page
                             WHERE page.recipient_id = chatrooms.id ORDER BY id DESC LIMIT 100)
                     ) AS among
                     FROM chatrooms JOIN messages ON recipient_id = chatrooms.id AND sent_at > 1792800000000
                     GROUP BY chatrooms.id HAVING number > 100)"
            }
            Self::Pair => {
                "SELECT recipient_id AS one, sender_id AS other, count(*) AS number, (
                     SELECT count(*) FROM messages among WHERE among.recipient_id = messages.recipient_id
                 ) AS among
                 FROM messages
                 WHERE recipient_id <> conversation_id AND sender_id <> recipient_id AND sent_at > 1792800000000
                 GROUP BY recipient_id, sender_id HAVING number > 100"
            }
            Self::Acquaintances => {
                "SELECT lower_user_id AS one, higher_user_id AS other, latest_seq AS number, 1 AS among
                 FROM conversations WHERE lower_user_id < higher_user_id ORDER BY id"
            }
            Self::SmallChatroom => {
                "SELECT id AS one, owner_id AS other, member_count AS number, 1 AS among
                 FROM chatrooms ORDER BY abs(member_count - 10) LIMIT 1"
            }
            Self::ChatroomOfAll => {
                "SELECT id AS one, owner_id AS other, member_count AS number, 1 AS among
                 FROM chatrooms ORDER BY member_count DESC LIMIT 1"
            }
        }
    }
}

/// The most similar one to each of the others.
fn alike(mut candidates: Vec<Subject>, others: &[Subject]) -> Vec<Subject> {
    let mut alike = Vec::new();
    for other in others {
        let distance = |place: &usize| candidates[*place].distance(other);
        let nearest = (0..candidates.len()).min_by(|one, next| distance(one).total_cmp(&distance(next)));
        alike.extend(nearest.map(|place| candidates.swap_remove(place)));
    }
    alike
}
