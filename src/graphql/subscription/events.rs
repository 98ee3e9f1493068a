use async_graphql::{Context, ID, Result, Subscription};
use futures_util::{Stream, stream};

use crate::graphql::{
    types::{CaughtUp, Event, EventEdge},
    viewer::Viewer,
};

#[derive(Default)]
pub(in crate::graphql) struct EventsSubscription;

#[Subscription]
impl EventsSubscription {
    /// Everything that happens in the acting user's conversations, or in one of them.
    ///
    #[doc = example!("examples/events.graphql")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The acting user's id. Whom the header `Messenger-User` names, when it is left out."
        )]
        user_id: Option<ID>,
    ) -> Result<impl Stream<Item = EventEdge>> {
        Viewer::named(ctx, user_id.as_ref())?.require()?;
        let caught_up = EventEdge { cursor: None, event: Event::CaughtUp(CaughtUp { caught_up: true }) };
        Ok(stream::iter([caught_up]))
    }
}
