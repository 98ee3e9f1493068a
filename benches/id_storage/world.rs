//! The people, and what they write to each other.

use super::*;

/// What people say; each message is a piece of it.
pub(crate) const TALK: &str = "are you there? I will be late, the train stands still again and nobody tells us why, so please \
    start without me and keep a piece of the cake; tomorrow at the usual place, then, and bring the photographs!";

/// The time in the first id of each kind, in milliseconds.
pub(crate) const EPOCH: u64 = 1_750_000_000_000;
/// The time from one id to the next, which is therefore greater.
pub(crate) const STEP: u64 = 2_500;

/// The source of what is random about a thing: the same in every run.
pub(crate) fn source(kind: usize, number: u64) -> StdRng {
    StdRng::seed_from_u64(4 * number + kind as u64)
}

/// One of so many.
pub(crate) fn below<T: SampleUniform + From<u8>>(many: T, source: &mut StdRng) -> T {
    Uniform::new(T::from(0), many).expect("some").sample(source)
}

/// One of so many; the first hundredth of them come up every tenth time.
pub(crate) fn skewed(many: u64, source: &mut StdRng) -> u64 {
    below(many, source).pow(2) / many
}

/// The id of a thing.
pub(crate) fn id(kind: usize, number: u64) -> Value {
    let tail = StandardUniform.sample(&mut source(kind, number));
    let uuid = Builder::from_unix_timestamp_millis(EPOCH + number * STEP, &tail).into_uuid();
    Value::Id(typeid(kind, uuid))
}

/// The users and what they do; everything about a thing follows from its number.
pub(crate) struct World {
    pub(crate) source: StdRng,
    pub(crate) users: u64,
    pub(crate) conversations: u64,
    /// How many messages were sent.
    pub(crate) sent: u64,
    /// What [`READERS`] found.
    pub(crate) readers: [Readers; 2],
}

/// Users who received a page of messages, and who sent them.
pub(crate) type Readers = Vec<(Id<USER>, Id<USER>)>;

impl World {
    /// Has a user for every 100 messages, and a conversation for every 40.
    pub(crate) fn new(messages: u64) -> Self {
        let (source, users, conversations) = (source(OTHER, 0), messages / 100, messages / 40);
        let readers = [vec![], vec![]];
        Self { source, users, conversations, sent: 0, readers }
    }

    /// The conversation to which a message belongs, its recipient and its sender.
    pub(crate) fn parties(&self, message: u64) -> (u64, [u64; 2]) {
        let message = &mut source(MESSAGE, message);
        let conversation = skewed(self.conversations, message);
        let members = &mut source(CONVERSATION, conversation);
        let mut parties = [skewed(self.users, members), skewed(self.users, members)];
        parties.rotate_left(below(2, message));
        (conversation, parties)
    }

    /// A message: the ids of its recipient, itself, its conversation and its sender, a place for its number in the
    /// conversation, its time, the name that the client gave it if any, its text, and its number among all messages.
    pub(crate) fn message(&self, number: u64) -> Values {
        let (conversation, [recipient, sender]) = self.parties(number);
        let source = &mut source(OTHER, number + 1);
        let named = below(2_u8, source) == 1;
        let (start, length) = (below(TALK.len() - 90, source), 30 + below(61, source));
        vec![
            id(USER, recipient),
            id(MESSAGE, number),
            id(CONVERSATION, conversation),
            id(USER, sender),
            Value::Integer(0),
            Value::Integer((EPOCH + number * STEP).cast_signed()),
            Value::Text(named.then(|| Uuid::from_u128(StandardUniform.sample(source)).to_string())),
            Value::Text(Some(TALK[start..start + length].to_owned())),
            Value::Integer(number.cast_signed()),
        ]
    }

    /// The next messages that are sent.
    pub(crate) fn messages(&mut self, count: u64) -> Vec<Values> {
        self.sent += count;
        let numbers = self.sent - count..self.sent;
        numbers.map(|number| self.message(number)).collect()
    }

    /// The id of some message that was sent.
    pub(crate) fn sent(&mut self) -> Values {
        vec![id(MESSAGE, below(self.sent, &mut self.source))]
    }

    /// One of the readers, from whom the messages are, and how many.
    pub(crate) fn reader(&mut self, kind: usize) -> Values {
        let place = below(self.readers[kind].len(), &mut self.source);
        let (Id(recipient), Id(sender)) = self.readers[kind][place].clone();
        vec![Value::Id(recipient), Value::Id(sender), Value::Integer(PAGE)]
    }
}
