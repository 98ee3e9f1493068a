//! Contacts: those with whom somebody has a direct conversation in which both have written.
//!
//! They have no table of their own. The two halves of somebody's direct conversations are stretches of an index, and two
//! read positions for each say whether both have written: one unasked message makes nobody a contact.

use diesel::{
    QueryResult,
    dsl::{AssumeNotNull, exists},
    prelude::*,
};

use crate::{
    store::{
        Connection, among, in_chunks,
        schema::{conversations, read_positions},
    },
    types::{ConversationKey, UserId},
};

/// Whether somebody who is named in a column, or by a value, has written in the conversation at hand.
macro_rules! has_written {
    ($user_id:expr) => {
        exists(
            read_positions::table
                .filter(read_positions::conversation_id.eq(conversations::id))
                .filter(read_positions::user_id.eq($user_id))
                .filter(read_positions::own_sent.gt(0)),
        )
    };
}

type Partner<Column> = AssumeNotNull<Column>;

/// The contacts of somebody with the conversations that they share; themselves in a note to self. In no order.
pub fn of_user(connection: &mut Connection, user_id: UserId) -> QueryResult<Vec<(UserId, ConversationKey)>> {
    let higher: Partner<conversations::higher_user_id> = conversations::higher_user_id.assume_not_null();
    let lower: Partner<conversations::lower_user_id> = conversations::lower_user_id.assume_not_null();
    let mut contacts: Vec<(UserId, ConversationKey)> = conversations::table
        .filter(conversations::lower_user_id.eq(user_id))
        .filter(has_written!(user_id))
        .filter(has_written!(higher))
        .select((higher, conversations::id))
        .load(connection)?;
    let others = conversations::table
        .filter(conversations::higher_user_id.eq(user_id))
        .filter(conversations::lower_user_id.ne(user_id))
        .filter(has_written!(user_id))
        .filter(has_written!(lower))
        .select((lower, conversations::id))
        .load::<(UserId, ConversationKey)>(connection)?;
    contacts.extend(others);
    Ok(contacts)
}

/// Those of the users who are contacts of somebody, in no order.
pub fn among_users(
    connection: &mut Connection,
    user_id: UserId,
    user_ids: &[UserId],
) -> QueryResult<Vec<UserId>> {
    in_chunks(user_ids, |user_ids| {
        let higher: Partner<conversations::higher_user_id> = conversations::higher_user_id.assume_not_null();
        let lower: Partner<conversations::lower_user_id> = conversations::lower_user_id.assume_not_null();
        let mut contacts: Vec<UserId> = conversations::table
            .filter(conversations::lower_user_id.eq(user_id))
            .filter(among(conversations::higher_user_id, user_ids))
            .filter(has_written!(user_id))
            .filter(has_written!(higher))
            .select(higher)
            .load(connection)?;
        let others = conversations::table
            .filter(among(conversations::lower_user_id, user_ids))
            .filter(conversations::higher_user_id.eq(user_id))
            .filter(has_written!(user_id))
            .filter(has_written!(lower))
            .select(lower)
            .load::<UserId>(connection)?;
        contacts.extend(others);
        Ok(contacts)
    })
}
