//! Whom to ask about: people and conversations for whom a page is full.

use std::path::Path;

use messenger::types::{DirectConversationId, UserId};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{Outcome, operation::Operation};

/// Whom an operation is done with.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The recipient, the conversation, or whose inbox it is.
    pub one: String,
    /// The sender, or somebody in the conversation.
    pub other: String,
}

impl Operation {
    fn candidates(self) -> &'static str {
        match self {
            Self::Recent => {
                "SELECT recipient_id, recipient_id FROM messages WHERE recipient_id <> conversation_id
                 GROUP BY recipient_id HAVING count(*) >= 100"
            }
            Self::RecentOfSender => {
                "SELECT recipient_id, sender_id FROM messages
                 WHERE recipient_id <> conversation_id AND sender_id <> recipient_id
                 GROUP BY recipient_id, sender_id HAVING count(*) >= 100"
            }
            Self::History => {
                "SELECT id, lower_user_id FROM conversations
                 WHERE lower_user_id < higher_user_id AND latest_seq >= 100 ORDER BY id"
            }
            Self::Inbox => {
                "SELECT user_id, user_id FROM (
                     SELECT lower_user_id AS user_id FROM conversations WHERE lower_user_id IS NOT NULL
                     UNION ALL
                     SELECT higher_user_id FROM conversations WHERE lower_user_id < higher_user_id
                     UNION ALL
                     SELECT user_id FROM memberships
                 ) GROUP BY user_id HAVING count(*) >= 20"
            }
            Self::Send => {
                "SELECT lower_user_id, higher_user_id FROM conversations
                 WHERE lower_user_id < higher_user_id ORDER BY id"
            }
        }
    }

    /// At most so many are asked about in turn. What is read of so few stays in the cache; what is written is spread wider.
    fn some(self) -> usize {
        if self == Self::Send { 1_000 } else { 32 }
    }

    /// Some of those with whom it can be done, spread evenly over all of them.
    pub fn subjects(self, file: &Path) -> Outcome<Vec<Subject>> {
        let connection = Connection::open(file)?;
        let mut query = connection.prepare(self.candidates())?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let all: Vec<([u8; 16], [u8; 16])> = rows.collect::<Result<_, _>>()?;
        if all.is_empty() {
            return Err(format!("{self}: nobody has a full page; take more --messages").into());
        }
        let step = all.len().div_ceil(self.some());
        let some = all.into_iter().step_by(step);
        Ok(some.map(|(one, other)| self.subject(one, other)).collect())
    }

    fn subject(self, one: [u8; 16], other: [u8; 16]) -> Subject {
        let (one, other) = (Uuid::from_bytes(one), Uuid::from_bytes(other));
        let other = UserId::new(other).to_string();
        let one = match self {
            Self::History => DirectConversationId::new(one).to_string(),
            _ => UserId::new(one).to_string(),
        };
        Subject { one, other }
    }
}
