//! The attacks, by the findings of the review that found them.

mod connections;
mod documents;
mod event_replays;
mod files;
mod headers;
mod histories;
mod json;
mod long_answers;
mod packed;
mod pages;
mod people;
mod presence;
mod queries;
mod reactions;
mod refusals;
mod searches;
mod slow_readers;
mod sockets;
mod subscriptions;
mod texts;

use crate::attack::Attack;

/// All of them, in the order in which they run.
pub static ALL: &[&Attack] = &[
    &json::OVER_A_SOCKET,
    &json::IN_A_BODY,
    &json::IN_A_QUERY_STRING,
    &long_answers::ONE,
    &long_answers::THREE,
    &searches::FORTY,
    &searches::ONE_IN_A_MILLION,
    &searches::WAL,
    &subscriptions::EXPENSIVE_EVENTS,
    &event_replays::ATTACK,
    &subscriptions::ROOMS,
    &connections::SILENT,
    &connections::SLOW_BODIES,
    &reactions::ATTACK,
    &documents::OF_ONE,
    &documents::OF_MANY,
    &refusals::ATTACK,
    &files::DELETED_WORDS,
    &histories::ATTACK,
    &files::TWO_SERVERS,
    &files::TAKEN_AWAY,
    &sockets::SLOW_LISTENER,
    &subscriptions::VARIABLES,
    &people::NAMES,
    &people::STRANGERS,
    &sockets::BEFORE_THE_SESSION,
    &pages::ATTACK,
    &connections::ONE_BYTE_CHUNKS,
    &slow_readers::ATTACK,
    &presence::ATTACK,
    &texts::ATTACK,
    &headers::ATTACK,
    &queries::ATTACK,
    &queries::NEW_DOCUMENTS,
    &queries::INTROSPECTION,
    &texts::HAN,
    &headers::SUB_PROTOCOLS,
    &packed::ATTACK,
];
