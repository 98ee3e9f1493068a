//! Reads fields, and what is wrong with lists of them.

use std::sync::Arc;

use async_graphql::{Context, ID, Result};

use super::{InputPath, Outcome, explain::Explain};
use crate::{
    app::App,
    domain::DomainError,
    graphql::{limits::MAX_BATCH, resolver_error::domain_error, types::UserError, viewer::Session},
    rates::{RateLimited, Rates},
    types::{GlobalId, MessageText, UserId},
};

/// The most that the text of one message counts more than one: it may have 5,000 characters of four bytes.
const MAX_WEIGHT: u32 = 19;

/// Reads fields, and keeps what is wrong with them.
pub(in crate::graphql) struct Reader {
    errors: Vec<UserError>,
    session: Session,
    /// Whom the input names as the one who acts, or the session.
    acting: Option<UserId>,
    /// How many messages are to be sent.
    sends: u32,
    /// How much more the texts count than one.
    weight: u32,
    /// How many people are to be added to a chatroom.
    invites: usize,
    rates: Arc<Rates>,
}

impl Reader {
    /// A reader of the request's input.
    pub(in crate::graphql) fn new(ctx: &Context<'_>) -> Result<Self> {
        let rates = Arc::clone(&ctx.data::<App>()?.rates);
        Ok(Self {
            errors: Vec::new(),
            session: Session::of(ctx)?,
            acting: None,
            sends: 0,
            weight: 0,
            invites: 0,
            rates,
        })
    }

    /// Does what was read, or tells what was wrong with it: in the payload, where it is the caller's to mend. `place` is
    /// where the items of a list stand.
    pub(in crate::graphql) async fn perform<I, T>(
        self,
        input: Option<I>,
        place: impl FnOnce(usize) -> InputPath,
        act: impl AsyncFnOnce(I) -> Result<T, DomainError>,
    ) -> Result<Outcome<T>> {
        // Before what is wrong is told: looking at wrong input costs as much as looking at right input.
        if let Err(rate_limited) = self.count() {
            return Ok(Err(vec![rate_limited.explain(InputPath::input())]));
        }
        let Some(input) = input else {
            return Ok(Err(self.errors));
        };
        match act(input).await {
            Ok(done) => Ok(Ok(done)),
            Err(error) => refused(error, place).map(Err),
        }
    }

    /// Takes it out of the acting user's bucket.
    fn count(&self) -> Result<(), RateLimited> {
        let Some(rate_key) = self.session.rate_key(self.acting) else {
            return Ok(());
        };
        match self.sends {
            0 => self.rates.mutations(rate_key, 1 + self.weight)?,
            sends => self.rates.sends(rate_key, sends + self.weight)?,
        }
        self.rates.invites(rate_key, u32::try_from(self.invites).unwrap_or(u32::MAX))
    }

    /// Whether a service sends the request.
    pub(in crate::graphql) fn is_of_service(&self) -> bool {
        self.session.is_service()
    }

    /// Counts a message that is to be sent.
    pub(in crate::graphql) fn counts_a_send(&mut self) {
        self.sends += 1;
    }

    /// Reads the text of a message. It counts once more for each whole KiB: indexing its words, under the writer's lock, costs
    /// more than all else that is done for a message.
    pub(in crate::graphql) fn text(&mut self, path: InputPath, text: String) -> Option<MessageText> {
        self.weight += u32::try_from(text.len() / 1024).unwrap_or(u32::MAX).min(MAX_WEIGHT);
        self.field(path, MessageText::parse(text))
    }

    /// A field that must be there. `None` after an error.
    pub(in crate::graphql) fn field<T, E: Explain>(
        &mut self,
        path: InputPath,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.errors.push(error.explain(path))).ok()
    }

    /// A field that may be missing. `None` after an error.
    #[expect(clippy::option_option, reason = "wrong and missing are two things")]
    pub(in crate::graphql) fn optional<T, E: Explain>(
        &mut self,
        path: InputPath,
        value: Option<Result<T, E>>,
    ) -> Option<Option<T>> {
        match value {
            None => Some(None),
            Some(value) => self.field(path, value).map(Some),
        }
    }

    /// A field that holds an id.
    pub(in crate::graphql) fn id<I: GlobalId>(&mut self, path: InputPath, id: &ID) -> Option<I> {
        self.field(path, id.parse().map_err(|error| (error, I::PREFIXES)))
    }

    /// A field that may hold an id.
    #[expect(clippy::option_option, reason = "as in `optional`")]
    pub(in crate::graphql) fn optional_id<I: GlobalId>(
        &mut self,
        path: InputPath,
        id: Option<&ID>,
    ) -> Option<Option<I>> {
        match id {
            None => Some(None),
            Some(id) => self.id(path, id).map(Some),
        }
    }

    /// The field that names the acting user, who may also be known from the request.
    pub(in crate::graphql) fn acting_user(&mut self, path: InputPath, id: Option<&ID>) -> Option<UserId> {
        let acting = match id {
            Some(id) => {
                let id = self.id(path.clone(), id)?;
                self.field(path, self.session.act_for(id))
            }
            None => self.field(path, self.session.viewer()),
        };
        self.acting = acting;
        acting
    }

    /// Whether whoever sends the request may create users.
    pub(in crate::graphql) fn creates_users(&mut self, path: InputPath) -> Option<()> {
        self.field(path, self.session.create_users())
    }

    /// Whoever sends the request.
    pub(in crate::graphql) fn session(&self) -> Session {
        self.session
    }

    /// A field that names people who are to be added to a chatroom: so many at most, and no fewer than the least.
    pub(in crate::graphql) fn people(
        &mut self,
        path: &InputPath,
        ids: &[ID],
        least: usize,
    ) -> Option<Vec<UserId>> {
        let size = BatchSize { what: "people", least, actual: ids.len() };
        self.field(path.clone(), size.check())?;
        self.invites = ids.len();
        let read: Vec<_> = ids.iter().enumerate().map(|(place, id)| self.id(path.item(place), id)).collect();
        read.into_iter().collect()
    }
}

/// The refusal of the domain as an error in the payload; a fault stays an error beside `data`.
fn refused(error: DomainError, place: impl FnOnce(usize) -> InputPath) -> Result<Vec<UserError>> {
    match error {
        DomainError::Refused { item, refusal } => {
            let path = place(item).of_refusal(&refusal);
            Ok(vec![refusal.explain(path)])
        }
        fault @ DomainError::Fault(_) => Err(domain_error(fault)),
    }
}

/// A list that must have a certain length.
#[derive(Clone, Copy, Debug)]
pub(in crate::graphql) struct BatchSize {
    /// What is in it.
    pub(in crate::graphql) what: &'static str,
    /// How many there must be.
    pub(in crate::graphql) least: usize,
    /// How many there are.
    pub(in crate::graphql) actual: usize,
}

impl BatchSize {
    /// Whether it has at most as many as all such lists may have.
    pub(in crate::graphql) fn check(self) -> Result<(), BatchSizeError> {
        let fits = (self.least..=MAX_BATCH as usize).contains(&self.actual);
        if fits { Ok(()) } else { Err(BatchSizeError(self)) }
    }
}

/// A list of the wrong length.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("there are {} {}; give {} to {MAX_BATCH} at once", .0.actual, .0.what, .0.least)]
pub(in crate::graphql) struct BatchSizeError(BatchSize);
