//! Documents that are known before they come: those that clients registered, or the only ones that run.

mod hash;
mod known;
mod lookup;
mod recent;
mod trusted;

pub(super) use known::Known;
pub(super) use lookup::{Catalogue, Found};
pub(super) use trusted::Trusted;
