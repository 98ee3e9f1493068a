//! By whom somebody lets themselves be added to chatrooms.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::Text,
};

/// By whom somebody lets themselves be added to chatrooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub enum InvitationsFrom {
    /// By everybody.
    #[default]
    Everybody,
    /// By their contacts: those with whom they share a chatroom, or a direct conversation in which both have written.
    Contacts,
    /// By no other user; a service still may.
    Nobody,
}

impl InvitationsFrom {
    const ALL: [Self; 3] = [Self::Everybody, Self::Contacts, Self::Nobody];

    const fn word(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Contacts => "contacts",
            Self::Nobody => "nobody",
        }
    }
}

impl<DB: Backend> ToSql<Text, DB> for InvitationsFrom
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.word().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for InvitationsFrom
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let word = String::from_sql(bytes)?;
        let found = Self::ALL.into_iter().find(|one| one.word() == word);
        found.ok_or_else(|| format!("users have the unknown word {word} in invitations_from").into())
    }
}
