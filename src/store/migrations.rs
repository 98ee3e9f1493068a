//! The embedded migrations.

use diesel::{
    RunQueryDsl,
    dsl::sql,
    migration::MigrationSource,
    sql_types::{BigInt, Text},
    sqlite::{Sqlite, SqliteConnection},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Connection;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Brings the database up to date, and logs it.
pub(super) fn run(connection: &mut Connection) -> Result<(), String> {
    let Connection::Sqlite(connection) = connection;
    let applied = connection
        .run_pending_migrations(SQLITE)
        .map_err(|error| format!("it could not be migrated: {error}"))?;
    if !applied.is_empty() {
        tracing::info!(migrations = applied.len(), "database migrated");
    }
    Ok(())
}

/// Takes back every migration, newest first, and with them all data.
pub fn revert_all(connection: &mut Connection) -> Result<(), String> {
    let Connection::Sqlite(connection) = connection;
    connection.revert_all_migrations(SQLITE).map(drop).map_err(|error| error.to_string())
}

/// Refuses a database that knows migrations which this program does not.
pub(super) fn check_not_newer(connection: &mut SqliteConnection) -> Result<(), String> {
    let known = known_versions().map_err(|error| error.to_string())?;
    let applied = applied_versions(connection).map_err(|error| error.to_string())?;
    let Some(newer) = applied.iter().find(|version| !known.contains(version)) else {
        return Ok(());
    };
    Err(format!(
        "it was migrated by a newer messenger (migration {newer}); this is version {}, start the newer one",
        env!("CARGO_PKG_VERSION")
    ))
}

fn known_versions() -> diesel::migration::Result<Vec<String>> {
    let migrations = MigrationSource::<Sqlite>::migrations(&SQLITE)?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

fn applied_versions(connection: &mut SqliteConnection) -> diesel::QueryResult<Vec<String>> {
    const TABLE: &str = "SELECT count(*) FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
    if sql::<BigInt>(TABLE).get_result::<i64>(connection)? == 0 {
        return Ok(Vec::new());
    }
    sql::<Text>("SELECT version FROM __diesel_schema_migrations ORDER BY version DESC").load(connection)
}
