//! A look at the file before it is used: what is refused has not been touched.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read},
    os::unix::fs::MetadataExt,
    path::Path,
};

use diesel::{
    RunQueryDsl,
    dsl::sql,
    sql_types::{BigInt, Integer, Text},
    sqlite::SqliteConnection,
};

use super::{
    Connection, OpenError, StatementObserver, StoreConfig, StoreError, migrations,
    sqlite::{Database, check_version},
};

/// The first bytes of every SQLite file (<https://www.sqlite.org/fileformat2.html#magic_header_string>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// `PRAGMA application_id` of a messenger's database: "MSGR".
const APPLICATION_ID: i32 = 0x4d53_4752;
/// Files up to this size are checked page by page at start: about a second. Larger ones only by their
/// structure.
const FULL_CHECK_BYTES: u64 = 256 * 1024 * 1024;
/// Files from this size on are worth a line in the logs, because the check can be felt.
const NOTABLE_BYTES: u64 = 32 * 1024 * 1024;

/// Refuses what is not a sound database of this program or an older one. A file that is not there, or empty,
/// is fine.
pub(super) fn inspect(database: &Database) -> Result<(), OpenError> {
    check_version().map_err(|reason| database.refuse(&reason))?;
    let size = file_size(&database.file).map_err(|reason| database.refuse(&reason))?;
    if size == 0 {
        return Ok(());
    }
    if size > NOTABLE_BYTES {
        tracing::info!(mebibytes = size / 1024 / 1024, "checking the database");
    }
    let mut connection = database.open_for_inspection().map_err(|error| database.refuse(&error))?;
    inspect_content(&mut connection, size).map_err(|reason| database.refuse(&reason))
}

/// Reads from a database that another process may have open: takes no lock, migrates nothing, and does not
/// touch the file.
pub fn read_once<T>(
    config: &StoreConfig,
    work: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, OpenError> {
    let database = Database::new(config, StatementObserver::log());
    inspect(&database)?;
    let connection = database.open_for_inspection().map_err(|error| database.refuse(&error))?;
    work(&mut Connection::Sqlite(connection)).map_err(|error| database.refuse(&error))
}

/// The file's size, 0 when there is none, after making sure that it can be read and written.
fn file_size(file: &Path) -> Result<u64, String> {
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return check_folder(file).map(|()| 0);
        }
        Err(error) => return Err(error.to_string()),
    };
    if metadata.is_dir() {
        return Err("it is a folder; name a file".into());
    }
    if metadata.nlink() > 1 {
        return Err(format!(
            "it has {} names (hard links), and SQLite would keep a WAL for each of them; remove the other names",
            metadata.nlink()
        ));
    }
    check_access(file).map_err(|error| format!("it cannot be read and written ({error})"))?;
    if metadata.len() > 0 && !starts_with_magic(file).map_err(|error| error.to_string())? {
        return Err("it is not a SQLite database; name another file, or move this one away".into());
    }
    Ok(metadata.len())
}

/// Whether a new file can be made there.
fn check_folder(file: &Path) -> Result<(), String> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match fs::metadata(folder) {
        Ok(metadata) if !metadata.is_dir() => Err(format!("{} is not a folder", folder.display())),
        Ok(metadata) if metadata.permissions().readonly() => {
            Err(format!("the folder {} cannot be written to", folder.display()))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(format!("the folder {} cannot be used ({error}); make it first", folder.display())),
    }
}

/// Opens the file for reading and writing, and does neither.
fn check_access(file: &Path) -> io::Result<()> {
    OpenOptions::new().read(true).write(true).open(file).map(drop)
}

fn starts_with_magic(file: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(file)?.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start == MAGIC)
}

fn inspect_content(connection: &mut SqliteConnection, size: u64) -> Result<(), String> {
    check_soundness(connection, size)?;
    check_owner(connection)?;
    migrations::check_not_newer(connection)
}

fn corrupt(reason: &str) -> String {
    format!(
        "it is corrupt ({reason}); restore it from a backup, or save what is left with `sqlite3 FILE .recover`"
    )
}

/// What SQLite says of a file that will not be read however often one tries.
const CORRUPTION: [&str; 2] = ["malformed", "not a database"];

/// Reading the schema's version makes SQLite compare the file's size with its header; a full check reads
/// every page.
fn check_soundness(connection: &mut SqliteConnection, size: u64) -> Result<(), String> {
    const STRUCTURE: &str = "SELECT 'ok' FROM pragma_schema_version";
    const EVERY_PAGE: &str = "SELECT quick_check FROM pragma_quick_check LIMIT 1";
    let check = if size > FULL_CHECK_BYTES { STRUCTURE } else { EVERY_PAGE };
    match sql::<Text>(check).get_result::<String>(connection) {
        Ok(found) if found == "ok" => Ok(()),
        Ok(found) => Err(corrupt(&found)),
        Err(error) => {
            let reason = error.to_string();
            let is_corrupt = CORRUPTION.iter().any(|fault| reason.contains(fault));
            Err(if is_corrupt { corrupt(&reason) } else { format!("it cannot be read just now ({reason})") })
        }
    }
}

fn check_owner(connection: &mut SqliteConnection) -> Result<(), String> {
    // Diesel makes its own table before the first migration; whoever is killed in between may start again.
    const OBJECTS: &str = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> '__diesel_schema_migrations'";
    let mut ask = || -> diesel::QueryResult<(i32, i64)> {
        let application =
            sql::<Integer>("SELECT application_id FROM pragma_application_id").get_result(connection)?;
        let objects = sql::<BigInt>(OBJECTS).get_result(connection)?;
        Ok((application, objects))
    };
    match ask().map_err(|error| error.to_string())? {
        (APPLICATION_ID, _) | (0, 0) => Ok(()),
        _ => Err("it is the SQLite database of another program; name another file".into()),
    }
}
