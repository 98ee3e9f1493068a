//! The one place that calls SQLite itself.

use std::{
    error::Error,
    ffi::{c_char, c_int, c_void},
    fmt, ptr,
};

use libsqlite3_sys::{
    SQLITE_OK, sqlite3, sqlite3_api_routines, sqlite3_auto_extension, sqlite3_progress_handler,
};

use crate::is_over;

/// Instructions of SQLite's virtual machine between two calls of the handler: some microseconds. With 1,000
/// instead of 200, one statement in 61 overran its deadline by 337 ms, because one instruction of a full-text
/// search can do much.
const EVERY: c_int = 200;

/// SQLite has no memory to note the handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstallError {
    /// SQLite's result code (<https://www.sqlite.org/rescode.html>).
    pub code: i32,
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SQLite cannot install a progress handler (result code {})", self.code)
    }
}

impl Error for InstallError {}

/// Gives every connection that this process opens from now on a handler that looks at
/// [deadlines](crate::Deadline). To call it again changes nothing.
pub fn install() -> Result<(), InstallError> {
    #[expect(unsafe_code, reason = "SQLite calls `attach` for each connection as it is opened")]
    // SAFETY: `attach` has the signature of an extension's entry point, and is there for as long as the
    // program.
    let code = unsafe { sqlite3_auto_extension(Some(attach)) };
    if code == SQLITE_OK { Ok(()) } else { Err(InstallError { code }) }
}

/// Gives a connection its handler; called by SQLite while it opens the connection.
#[expect(unsafe_code, reason = "an entry point has this signature")]
unsafe extern "C" fn attach(
    connection: *mut sqlite3,
    _message: *mut *mut c_char,
    _routines: *const sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite hands in a connection that it has just opened and that no other thread knows. The
    // handler needs no data of its own, and is there for as long as the program.
    unsafe { sqlite3_progress_handler(connection, EVERY, Some(progress), ptr::null_mut()) };
    SQLITE_OK
}

/// Tells SQLite whether to end the statement that runs: anything but 0 does.
extern "C" fn progress(_: *mut c_void) -> c_int {
    c_int::from(is_over())
}
