//! Whether the database file is still where it was opened.
//!
//! A file that is removed or replaced stays open: SQLite goes on to read and write it, and all of that is
//! lost when the process ends. So nothing is acknowledged, and no connection opened, unless the path leads to
//! the file that was opened first.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{StoreError, error::DISPLACED};

/// Where a database file was when it was opened. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct DatabaseFile(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    file: OnceLock<Opened>,
    /// Whether the operator was told that it is gone.
    is_told: AtomicBool,
}

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    wal: PathBuf,
    id: FileId,
}

/// A file system and a file on it.
type FileId = (u64, u64);

impl DatabaseFile {
    /// Takes the file that is there now, and its WAL, for those that were opened.
    pub(super) fn set_opened(&self, path: &Path, wal: PathBuf) -> io::Result<()> {
        let opened = Opened { id: file_id(path)?, path: path.to_owned(), wal };
        // Once is enough.
        let _ = self.0.file.set(opened);
        Ok(())
    }

    /// Whether the file and its WAL are still there, or nothing was opened yet. Takes two microseconds.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let Some(opened) = self.0.file.get() else {
            return Ok(());
        };
        if let Some(reason) = opened.what_is_wrong() {
            if !self.0.is_told.swap(true, Ordering::Relaxed) {
                tracing::error!(
                    reason,
                    "nothing is written any more. Stop the server, put the database file back with its -wal file, or a backup \
                     without one, and start it again"
                );
            }
            return Err(StoreError::Displaced(reason));
        }
        if self.0.is_told.swap(false, Ordering::Relaxed) {
            tracing::info!("the database file is back in its place; writes go on");
        }
        Ok(())
    }
}

impl Opened {
    fn what_is_wrong(&self) -> Option<String> {
        let name = self.path.display();
        match file_id(&self.path) {
            Ok(id) if id != self.id => return Some(format!("{name} was replaced {DISPLACED}")),
            Ok(_) => {}
            Err(error) => return Some(format!("{name} was removed {DISPLACED} ({error})")),
        }
        // While a database is open, its WAL is there.
        let error = fs::metadata(&self.wal).err()?;
        Some(format!("{} was removed {DISPLACED} ({error})", self.wal.display()))
    }
}

fn file_id(path: &Path) -> io::Result<FileId> {
    fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}
