//! When the WAL is moved, and when it is begun anew.

use std::{fs, path::Path};

use diesel::connection::SimpleConnection;

use super::*;
use crate::store::{StatementObserver, StoreConfig};

fn database(folder: &Path) -> Database {
    let config = StoreConfig::new(&folder.join("messenger.db"));
    Database::new(&config, StatementObserver::log())
}

fn write(writer: &mut Connection, rows: usize) {
    let insert = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
         INSERT INTO pages SELECT zeroblob(4000) FROM n"
    );
    writer.batch_execute(&insert).expect("rows");
}

#[test]
fn a_log_is_begun_anew_after_the_writer_has_moved_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = database(folder.path());
    let mut writer = database.open_for_writing().expect("a writer");
    let mut mover = database.reopen_for_writing().expect("another connection");
    writer.batch_execute("CREATE TABLE pages (page BLOB)").expect("a table");
    write(&mut writer, 100);
    assert!(!move_nearly_all(&mut mover, 200, 50).expect("a look"), "there is too little");

    write(&mut writer, 200);
    assert!(move_nearly_all(&mut mover, 200, 50).expect("a move"));
    write(&mut writer, 10);
    let before = WalState::wal_checkpoint(&mut writer, "NOOP").expect("a look");
    assert!((10..50).contains(&before.remaining()), "{before:?}");

    WalState::wal_checkpoint(&mut writer, "PASSIVE").expect("the end is moved");
    let bytes = fs::metadata(folder.path().join("messenger.db-wal")).expect("a WAL").len();
    write(&mut writer, 10);
    let after = WalState::wal_checkpoint(&mut writer, "NOOP").expect("a look");
    assert!(after.wal_pages < 50, "begun anew: {after:?}");
    assert_eq!(fs::metadata(folder.path().join("messenger.db-wal")).expect("a WAL").len(), bytes);
}

#[test]
fn a_log_is_begun_anew_although_reads_follow_each_other_without_a_gap() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = database(folder.path());
    let mut writer = database.open_for_writing().expect("a writer");
    let mut mover = database.reopen_for_writing().expect("another connection");
    let gate = CheckpointGate::default();
    writer.batch_execute("CREATE TABLE pages (page BLOB)").expect("a table");
    let read = || {
        let mut reader = database.open_for_reading(1).expect("a reader");
        reader.batch_execute("BEGIN; SELECT count(*) FROM pages").expect("a read");
        reader
    };
    let mut reading = read();
    for _ in 0..5 {
        write(&mut writer, 100);
        // The next read begins before the last one ends.
        reading = read();
        assert!(move_nearly_all(&mut mover, 1, 0).expect("a move"));
        WalState::wal_checkpoint(&mut writer, "PASSIVE").expect("what can be moved");
    }
    let before = WalState::wal_checkpoint(&mut writer, "NOOP").expect("a look");
    assert!(before.wal_pages >= 500, "it only grows: {before:?}");
    let commits = CommitGate::default();
    assert_eq!(
        begin_anew(&mut mover, (&gate, &commits), before.wal_pages + 1),
        Ok(before.wal_pages),
        "not yet"
    );

    // A read of a lane holds the gate open while it runs.
    let running = gate.read().expect("nobody panicked");
    std::thread::scope(|scope| {
        let anew = scope.spawn(|| begin_anew(&mut mover, (&gate, &commits), 500));
        drop((reading, running));
        assert_eq!(anew.join().expect("no panic"), Ok(0));
    });
    write(&mut writer, 10);
    let after = WalState::wal_checkpoint(&mut writer, "NOOP").expect("a look");
    assert!(after.wal_pages < 50, "begun anew: {after:?}");
}

#[test]
fn a_log_is_begun_anew_although_the_writer_never_rests() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = database(folder.path());
    let mut writer = database.open_for_writing().expect("a writer");
    let mut mover = database.reopen_for_writing().expect("another connection");
    let (reads, commits, is_done) =
        (CheckpointGate::default(), CommitGate::default(), AtomicBool::new(false));
    writer.batch_execute("CREATE TABLE pages (page BLOB)").expect("a table");
    write(&mut writer, 100);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                let _open = commits.read().expect("nobody panicked");
                write(&mut writer, 1);
            }
        });
        for _ in 0..20 {
            assert_eq!(begin_anew(&mut mover, (&reads, &commits), 0), Ok(0));
        }
        is_done.store(true, Ordering::Relaxed);
    });
}
