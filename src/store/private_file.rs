//! The database is for the user that runs the server: SQLite would make its file readable for everybody.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Read and written by its owner. SQLite gives its WAL and the index of the WAL the mode of the database.
const OWNER_ONLY: u32 = 0o600;
/// What lets others read, write or run a file.
const OTHERS: u32 = 0o077;

/// Makes an empty file that only its owner reads and writes. A file that is there stays as it is, and a
/// warning is logged when others may read it: who may is its operator's choice.
pub(super) fn make(file: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => warn_if_others_may_read(file),
        Err(error) => Err(error),
    }
}

fn warn_if_others_may_read(file: &Path) -> io::Result<()> {
    if is_open_to_others(file)? {
        tracing::warn!(
            file = %file.display(),
            "other users of this machine may read or write the database, and with it all messages: `chmod 600` takes that away"
        );
    }
    Ok(())
}

fn is_open_to_others(file: &Path) -> io::Result<bool> {
    Ok(fs::metadata(file)?.permissions().mode() & OTHERS != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_its_owners_and_an_old_one_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("messenger.db");
        make(&file).expect("a file");
        assert!(!is_open_to_others(&file).expect("a look"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("another mode");
        make(&file).expect("it is there");
        assert!(is_open_to_others(&file).expect("a look"));
    }
}
