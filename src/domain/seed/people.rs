//! Who there is.

use crate::{
    models::User,
    types::{ChatroomName, DisplayName, IdMint, InvitationsFrom, Timestamp, Username},
};

const GIVEN: [(&str, &str); 24] = [
    ("anna", "Anna"),
    ("ben", "Ben"),
    ("chloe", "Chloé"),
    ("david", "David"),
    ("elif", "Elif"),
    ("fatima", "Fatima"),
    ("george", "George"),
    ("hana", "Hana"),
    ("ivan", "Иван"),
    ("jose", "José"),
    ("kenji", "健二"),
    ("lena", "Lena"),
    ("mia", "Mia"),
    ("noor", "Noor"),
    ("oskar", "Oskar"),
    ("priya", "Priya"),
    ("quinn", "Quinn"),
    ("ravi", "Ravi"),
    ("sofia", "Sofía"),
    ("tom", "Tom"),
    ("uma", "Uma"),
    ("vera", "Vera"),
    ("wei", "伟"),
    ("zoe", "Zoë"),
];

const FAMILY: [(&str, &str); 20] = [
    ("adams", "Adams"),
    ("bauer", "Bauer"),
    ("costa", "Costa"),
    ("dubois", "Dubois"),
    ("eriksson", "Eriksson"),
    ("fischer", "Fischer"),
    ("garcia", "García"),
    ("haddad", "Haddad"),
    ("ito", "Ito"),
    ("jensen", "Jensen"),
    ("kowalski", "Kowalski"),
    ("li", "Li"),
    ("muller", "Müller"),
    ("novak", "Novák"),
    ("okafor", "Okafor"),
    ("patel", "Patel"),
    ("rossi", "Rossi"),
    ("silva", "Silva"),
    ("tanaka", "Tanaka"),
    ("weber", "Weber"),
];

/// The person with this number. Names are in use more than once; usernames are not.
pub(super) fn person(number: usize, mint: &IdMint, created_at: Timestamp) -> Option<User> {
    let (given, given_shown) = GIVEN[number % GIVEN.len()];
    let (family, family_shown) = FAMILY[number / GIVEN.len() % FAMILY.len()];
    let username = match number / (GIVEN.len() * FAMILY.len()) {
        0 => format!("{given}.{family}"),
        namesakes => format!("{given}.{family}{}", namesakes + 1),
    };
    Some(User {
        id: mint.mint(created_at),
        username: Username::parse(&username).ok()?,
        display_name: DisplayName::parse(format!("{given_shown} {family_shown}")).ok()?,
        created_at,
        external_id: None,
        invitations_from: InvitationsFrom::default(),
    })
}

const TOPICS: [&str; 12] = [
    "General",
    "Support",
    "Lunch",
    "Football",
    "Release",
    "Books",
    "Café",
    "Hiking",
    "Music",
    "Travel",
    "Board games",
    "Наука",
];

/// What the chatroom with this number is called.
pub(super) fn topic(number: usize) -> Option<ChatroomName> {
    let name = TOPICS[number % TOPICS.len()];
    let name = match number / TOPICS.len() {
        0 => name.to_owned(),
        namesakes => format!("{name} {}", namesakes + 1),
    };
    ChatroomName::parse(name).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn everybody_has_a_username_of_their_own() {
        let mint = IdMint::new(Box::new(StdRng::seed_from_u64(1)), None);
        let made = |number| person(number, &mint, Timestamp::from_millis(0));
        let names: HashSet<Username> = (0..10_000).filter_map(made).map(|user| user.username).collect();
        assert_eq!(names.len(), 10_000);
        assert!((0..2_000).all(|number| topic(number).is_some()));
    }
}
