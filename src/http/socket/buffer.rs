//! The memory that a socket keeps.

use crate::graphql::{Answer, Api, Hold, Rendered, RequestId, Session};

/// A longer answer is sent at once, and not collected with others; in bytes.
pub(super) const LONG: usize = 64 * 1024;

/// What the socket's buffer takes of the memory for answers. It grows to the longest message that it has sent, and keeps that
/// size until the socket is closed.
#[derive(Default)]
pub(super) struct Buffer(Option<Hold>);

impl Buffer {
    /// Makes room for an answer; fails with what is sent in its place when there is no memory for it.
    pub(super) fn make_room(
        &mut self,
        rendered: &Rendered,
        api: &Api,
        session: Session,
        request_id: &RequestId,
    ) -> Result<(), Answer> {
        if rendered.len() <= LONG {
            return Ok(());
        }
        let hold = self.0.get_or_insert_with(|| api.hold(session));
        hold.grow_to(rendered.len(), rendered.kind(), request_id)
    }
}
