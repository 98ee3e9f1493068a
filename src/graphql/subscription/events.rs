use async_graphql::{Context, ID, Result, Subscription};
use futures_util::{Stream, stream};

use crate::{
    app::App,
    domain::{Following, follow_events},
    graphql::{
        cursor::EventCursor, fan_out::FollowerHandover, id::parse, request::LastEventId,
        resolver_error::domain_error, types::EventEdge, viewer::Viewer,
    },
};

#[derive(Default)]
pub(in crate::graphql) struct EventsSubscription;

#[Subscription]
impl EventsSubscription {
    /// Everything that happens in the acting user's conversations, or in one of them: no gap, nothing twice,
    /// in one order that everybody shares.
    ///
    /// Without `after` it starts now, and its first event is `CaughtUp`, with a cursor. With `after` it first
    /// tells what was missed, then `CaughtUp`, then goes on live. Keep the cursor of the last event you have
    /// handled, of those that have one; after a lost connection subscribe again with `after: cursor`. The
    /// `eventCursor` of a page that you have read is such a place as well: what is on the page had happened
    /// by then, and everything else is told.
    ///
    /// What is told of a thing is how it is by now: a message that was sent and edited while you were away
    /// has its new text in both events. A chatroom begins to be told when you join it, and ends when you
    /// leave it. What you missed of a chatroom that you are not in any more, or what has waited for you, is
    /// not told, but for your own `MemberLeft`, so that you drop it; once you are back, it is told from each
    /// joining to each leaving. A cursor that is older than what the server keeps, or of another server, or from
    /// before you joined and left more than 2,000 chatrooms, gives `ResetRequired`.
    ///
    /// As server-sent events by GET each event has its cursor as `id`, so a browser's own `EventSource` goes on where it was: the
    /// header `Last-Event-ID`, which it sends when it connects again, goes before `after`.
    ///
    /// `PresenceChanged` and `TypingChanged` are told only while you listen: they are not kept, their
    /// `cursor` is `null`, and they never come before `CaughtUp`. As long as the subscription lasts the
    /// acting user is there: `ONLINE` to their contacts, unless they chose
    /// something else with `setPresence`.
    ///
    /// It runs again for each event, so it may ask for `serverInfo.limits.subscriptionComplexity` values of
    /// each, in a document of at most `subscriptionBytes`; `userSubscriptions` may run at once. Whoever is
    /// told very much at once is told the rest more slowly, and all of it.
    ///
    /// Errors: `ACTING_USER_REQUIRED`, `FORBIDDEN`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`,
    /// `CURSOR_INVALID`, `TOO_MANY_OPERATIONS`.
    ///
    #[doc = example!("examples/events.graphql")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The acting user's id. Whom the token stands for, or the header `Messenger-User` names, when it is left out."
        )]
        user_id: Option<ID>,
        #[graphql(desc = "Only what happens in this direct conversation or chatroom.")]
        conversation_id: Option<ID>,
        #[graphql(
            desc = "Only what happened after the event with this cursor, or after a page with this `eventCursor` was read. From now on, when it is left out."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = EventEdge>> {
        let user_id = Viewer::named(ctx, user_id.as_ref())?.require()?;
        let only = conversation_id.map(|id| parse("conversationId", &id)).transpose()?;
        let after = match ctx.data_opt::<LastEventId>() {
            Some(LastEventId(cursor)) => Some(EventCursor::read_position("Last-Event-ID", cursor)?),
            None => after.map(|after| EventCursor::read_position("after", &after)).transpose()?,
        };
        let following = Following { user_id, only, after };
        let follower = follow_events(ctx.data::<App>()?, following).await.map_err(domain_error)?;
        ctx.data::<FollowerHandover>()?.leave(follower);
        Ok(stream::empty())
    }
}
