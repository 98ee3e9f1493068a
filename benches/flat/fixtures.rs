//! Those who are asked about in one data set.

use std::path::Path;

use crate::subjects::{Need, Subject};

/// Those of a kind who are asked about in turn: at most so many.
const SOME: usize = 4;

/// Who is needed, found once.
pub(crate) struct Fixtures(Vec<(Need, Vec<Subject>)>);

impl Fixtures {
    /// Finds some; where others were found in another data set, those who are like them.
    pub(crate) fn find(file: &Path, others: Option<&Self>) -> Self {
        let needs = [
            Need::Inbox,
            Need::History,
            Need::Person,
            Need::Chatroom,
            Need::Pair,
            Need::SmallChatroom,
            Need::ChatroomOfAll,
        ];
        let found = needs.map(|need| match others {
            Some(others) => (need, need.find_like(file, others.of(need))),
            None => (need, need.find(file, SOME)),
        });
        Self(found.into())
    }

    pub(crate) fn of(&self, need: Need) -> &[Subject] {
        let found = self.0.iter().find(|(found, _)| *found == need);
        found.map_or(&[], |(_, subjects)| subjects)
    }
}
