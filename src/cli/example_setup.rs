//! `messenger example-setup`: something to look at.

use clap::Args;

use super::{
    application::{open, runtime, store_config},
    outcome::{CliError, say},
};
use crate::{
    auth::Auth,
    config::{DatabaseArgs, database_file},
    domain::{DomainError, EXAMPLE_USERS, Example, Refusal, set_up_example},
};

#[derive(Args, Debug)]
pub(super) struct ExampleSetupArgs {
    /// The database to fill, as in `DATABASE_URL`; made when it is not there
    #[arg(long, value_name = "FILE", default_value = "example.db")]
    database: String,
}

pub(super) fn set_up(args: &ExampleSetupArgs) -> Result<(), CliError> {
    check(&args.database)?;
    let database = DatabaseArgs { database: Some(args.database.clone()), db_sqlite_file: None };
    let app = open(&store_config(&database)?, Auth::open())?;
    let outcome = runtime()?.block_on(set_up_example(&app));
    app.store.close();
    match outcome.map_err(|error| refused(&args.database, &error))? {
        Example::Made { messages } => {
            let users = EXAMPLE_USERS.map(|user| user.username).join(", ");
            say(&format!(
                "{}: made {users}, my chatroom and {messages} messages of the last weeks",
                args.database
            ))?;
        }
        Example::WasThere => {
            say(&format!("{}: the example is there already; nothing was changed", args.database))?;
        }
    }
    say(&next_steps(&args.database))
}

/// Refuses what names no file, by the name of the flag: no variable sets it here.
fn check(database: &str) -> Result<(), CliError> {
    let problem = match (database.trim(), database_file(database.trim())) {
        ("", _) => " is empty; name a file, such as example.db".to_owned(),
        (_, Err(reason)) => format!(": {reason}"),
        (_, Ok(_)) => return Ok(()),
    };
    Err(CliError::Other(format!("--database{problem}")))
}

fn refused(database: &str, error: &DomainError) -> CliError {
    CliError::Other(match error {
        DomainError::Refused { refusal: Refusal::UsernameTaken(username), .. } => format!(
            "{database}: somebody else is called {} there; fill another database, with --database FILE",
            username.as_str()
        ),
        other => format!("{database}: {other}"),
    })
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let is_plain = path.chars().all(|letter| letter.is_alphanumeric() || "_-./:".contains(letter));
    if is_plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

fn next_steps(database: &str) -> String {
    let [aaron, betty, _] = EXAMPLE_USERS;
    let database = quoted(database);
    format!(
        "
1. Start the server on it:

     DATABASE_URL={database} cargo run

2. Open http://127.0.0.1:8080/ and paste, for the last hundred messages to Betty:

     query {{
       recentMessages(recipientId: \"{betty}\", window: {{last: 100}}) {{
         nodes {{ seq text sentAt sender {{ displayName }} }}
         pageInfo {{ hasNextPage endCursor }}
       }}
     }}

   Then replace the window by {{days: 30}}: the message that is older than thirty days is gone.
   And this is Betty's inbox, with what is new to her in each conversation:

     query {{
       conversations(userId: \"{betty}\") {{
         nodes {{
           unreadCount
           lastMessage {{ text sender {{ displayName }} }}
           ... on DirectConversation {{ participants {{ displayName }} }}
           ... on Chatroom {{ id name memberCount }}
         }}
       }}
     }}

3. Send one from Aaron to Betty, and run the query again:

     mutation {{
       sendMessage(input: {{
         senderId: \"{aaron}\"
         recipientId: \"{betty}\"
         text: \"Hello, Betty!\"
       }}) {{
         message {{ id seq sentAt }}
         errors {{ code message path }}
       }}
     }}

4. Open http://127.0.0.1:8080/chat/ in two windows, as two people: the example chat.
",
        aaron = aaron.id,
        betty = betty.id,
    )
}
