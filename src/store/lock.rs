//! One process at a time works with a database file.
//!
//! Two would each remember messages that the other changes, give the same ids twice, and tell their followers
//! half of what happens. So the process that opens a database holds an exclusive lock (`flock`) on
//! `FILE.lock` beside it; the operating system releases the lock when the process ends, however it ends. Who
//! closes the database removes the lock's file, and who gets the lock of a file that was removed meanwhile
//! starts over. SQLite's own file is not locked, because the locks of SQLite and this one would meet there.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Read, Write},
    net::SocketAddr,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use chrono::{DateTime, SecondsFormat, Utc};

/// How often a lock is tried that another process holds.
const PAUSE: Duration = Duration::from_millis(50);
/// The most bytes that are read of what the holder says of itself.
const NOTE: u64 = 256;
/// As many symbolic links in a row as Linux follows.
const LINKS: usize = 40;

/// The lock of a database file; released when it is dropped.
#[derive(Debug)]
pub(super) struct FileLock {
    path: PathBuf,
    /// Locked for as long as it is open.
    file: File,
}

impl FileLock {
    /// The lock, unless another process holds it.
    fn try_take(path: &Path) -> Result<Self, TryLockError> {
        loop {
            let file = open(path).map_err(TryLockError::Error)?;
            file.try_lock()?;
            // Otherwise the one who held it has removed the file.
            if is_at(&file, path).map_err(TryLockError::Error)? {
                return Ok(Self { path: path.to_owned(), file });
            }
        }
    }

    /// Notes who holds it.
    fn note(&mut self, address: Option<SocketAddr>) -> io::Result<()> {
        let at = address.map(|address| format!(" (http://{address})")).unwrap_or_default();
        self.file.set_len(0)?;
        self.file.write_all(format!("process {}{at}", std::process::id()).as_bytes())
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // What stays is taken by the next process.
        drop(fs::remove_file(&self.path));
    }
}

/// Whether the path leads to this file.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let file = file.metadata()?;
    match fs::metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (file.dev(), file.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// A lock that was taken.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) lock: FileLock,
    /// Whether another process held it first, and may have changed the database.
    pub(super) has_waited: bool,
}

/// Takes the lock of a database file, and notes who holds it now. While another process holds it, waits for
/// up to `patience`, and logs it. Blocks.
pub(super) fn take(file: &Path, address: Option<SocketAddr>, patience: Duration) -> Result<Taken, String> {
    let path = lock_path(file).map_err(|error| error.to_string())?;
    let cannot = |error: io::Error| {
        format!(
            "its lock {} cannot be taken ({error}); the database must be on a disk of this machine",
            path.display()
        )
    };
    let since = Instant::now();
    let mut has_waited = false;
    let mut lock = loop {
        match FileLock::try_take(&path) {
            Ok(lock) => break lock,
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        let holder = holder(&path);
        if since.elapsed() >= patience {
            return Err(format!("{holder} is using it; stop that one first"));
        }
        if !has_waited {
            let seconds = patience.as_secs();
            tracing::warn!(seconds, "{holder} is using the database; waiting for it to end");
        }
        has_waited = true;
        pause();
    };
    lock.note(address).map_err(cannot)?;
    Ok(Taken { lock, has_waited })
}

#[expect(clippy::disallowed_methods, reason = "nothing tells when another process releases a lock")]
fn pause() {
    thread::sleep(PAUSE);
}

/// Who holds the lock, by its own note, and since when.
fn holder(path: &Path) -> String {
    let mut note = String::new();
    let read = File::open(path).and_then(|file| {
        file.take(NOTE).read_to_string(&mut note)?;
        fs::metadata(path)?.modified()
    });
    // Between taking the lock and writing the note there is none.
    let who = if note.is_empty() { "another process" } else { note.as_str() };
    match read.map(DateTime::<Utc>::from) {
        Ok(since) => format!("{who}, since {},", since.to_rfc3339_opts(SecondsFormat::Secs, true)),
        Err(_) => who.to_owned(),
    }
}

/// The lock beside the file itself, by whichever symbolic links it was named.
fn lock_path(file: &Path) -> io::Result<PathBuf> {
    let mut path = file.to_owned();
    for _ in 0..LINKS {
        match fs::canonicalize(&path) {
            Ok(real) => return Ok(with_suffix(real)),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Err(_) => {}
        }
        // A new file, or a link to one.
        let Ok(target) = fs::read_link(&path) else {
            let name = path.file_name().map(OsString::from).unwrap_or_default();
            return Ok(with_suffix(fs::canonicalize(folder(&path))?.join(name)));
        };
        path = folder(&path).join(target);
    }
    Err(io::Error::other("too many symbolic links"))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn with_suffix(path: PathBuf) -> PathBuf {
    let mut name = path.into_os_string();
    name.push(".lock");
    name.into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn refusal(file: &Path) -> String {
        take(file, None, Duration::ZERO).expect_err("a refusal")
    }

    #[test]
    fn a_file_has_one_lock_by_whichever_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("messenger.db");
        let link = folder.path().join("link.db");
        symlink("messenger.db", &link).expect("a link");
        let address = "127.0.0.1:8080".parse().expect("an address");
        // The link leads to nothing yet.
        let held = take(&link, Some(address), Duration::ZERO).expect("a lock");
        assert!(!held.has_waited);
        let refused = refusal(&file);
        let expected = format!("process {} (http://127.0.0.1:8080), since 20", std::process::id());
        assert!(refused.starts_with(&expected), "{refused}");
        assert!(refused.ends_with("Z, is using it; stop that one first"), "{refused}");

        fs::write(&file, "").expect("a file");
        let indirect = folder.path().join("./../").join(folder.path().file_name().expect("a name"));
        for path in [&file, &link, &indirect.join("messenger.db")] {
            assert_eq!(refusal(path), refused, "{}", path.display());
        }
        drop(held);
        assert!(!folder.path().join("messenger.db.lock").exists(), "nothing is left behind");
        assert!(take(&file, None, Duration::ZERO).is_ok());
    }

    #[test]
    fn who_waits_has_the_lock_when_the_other_lets_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("messenger.db");
        let held = take(&file, None, Duration::ZERO).expect("a lock");
        let waiting = thread::spawn(move || take(&file, None, Duration::from_mins(10)).expect("a lock"));
        drop(held);
        waiting.join().expect("no panic");
    }
}
