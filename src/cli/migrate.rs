//! `messenger migrate`: bring the database up to date.

use super::{
    application::{open, store_config},
    outcome::{CliError, say},
};
use crate::{auth::Auth, config::DatabaseArgs};

pub(super) fn migrate(args: &DatabaseArgs) -> Result<(), CliError> {
    open(&store_config(args)?, Auth::open())?.store.close();
    say(&format!("{} is up to date", args.file()?.display()))
}
