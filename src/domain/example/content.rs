//! What the example holds.

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

/// The chatroom of the three, which Aaron made; always of this id, too.
pub const EXAMPLE_CHATROOM: &str = "room_01kdvq5a00edd8dddddddddddd";
pub(super) const CHATROOM_NAME: &str = "my chatroom";

pub(super) const AARON: usize = 0;
pub(super) const BETTY: usize = 1;
pub(super) const CAROL: usize = 2;

/// Where an example message goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum To {
    /// To this user.
    Person(usize),
    /// To the chatroom.
    Chatroom,
    /// To the chatroom, in answer to the message of this seq.
    Answer(i64),
}
use To::{Answer, Chatroom, Person};

/// 2026-01-01T00:00:00Z, when the chatroom was made and the first things were said in it. The ids of those are the same in every
/// example, too, because both their times and their randomness are.
pub(super) const BEGINNING: i64 = 1_767_225_600_000;
pub(super) const FIRST_WORDS: [(usize, &str); 2] =
    [(AARON, "Welcome to my chatroom!"), (AARON, "This one is here to be deleted.")];

/// Sender, recipient, how many minutes ago, text. The first two are older than thirty days.
pub(super) const MESSAGES: [(usize, To, u64, &str); 20] = [
    (AARON, Person(BETTY), 52_000, "Hi Betty, this is Aaron. Is this thing on?"),
    (BETTY, Person(AARON), 51_990, "It is! Welcome."),
    (AARON, Person(BETTY), 40_300, "Shall we try the new messenger with the team?"),
    (BETTY, Person(AARON), 40_280, "Yes. I will ask Carol, too."),
    (BETTY, Person(CAROL), 40_270, "Carol, Aaron and I are trying a new messenger. Join us?"),
    (CAROL, Person(BETTY), 38_900, "Gladly. What do I have to install?"),
    (BETTY, Person(CAROL), 38_890, "Nothing 🙂 one binary is running already."),
    (CAROL, Person(AARON), 27_400, "Hello Aaron! Betty says you set this up."),
    (AARON, Person(CAROL), 27_390, "cargo run, that was all."),
    (AARON, Person(AARON), 20_200, "Note to self: show them how paging works."),
    (AARON, Person(BETTY), 14_500, "Do messages arrive twice when my train goes through a tunnel?"),
    (BETTY, Person(AARON), 14_480, "No. Send with a clientMessageId and repeat it as often as you like."),
    (CAROL, Chatroom, 10_100, "Is everybody here?"),
    (BETTY, Answer(3), 10_090, "All three of us."),
    (CAROL, Person(BETTY), 7_300, "How far back can I read?"),
    (
        BETTY,
        Person(CAROL),
        7_290,
        "recentMessages gives the last hundred, or the last thirty days. History goes back to the start.",
    ),
    (AARON, Person(BETTY), 90, "Lunch?"),
    (BETTY, Person(AARON), 75, "In ten minutes."),
    (AARON, Chatroom, 60, "We are having lunch. Who joins us?"),
    (CAROL, Answer(5), 55, "I do!"),
];

/// Who reacts to the chatroom's message of which seq with what.
pub(super) const REACTIONS: [(usize, i64, &str); 3] = [(BETTY, 1, "🎉"), (CAROL, 1, "🎉"), (AARON, 4, "👍")];

/// Who has read the chatroom up to where. Betty has not seen what was said about lunch.
pub(super) const READ: [(usize, i64); 3] = [(AARON, 6), (BETTY, 4), (CAROL, 6)];
