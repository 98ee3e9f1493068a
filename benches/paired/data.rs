//! The data: seeded once, kept in `target/bench`, and copied for each contender.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Outcome, progress};

/// Where everything is kept.
pub fn folder() -> Outcome<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The data set of so many messages, made when it is not there.
pub fn seeded(server: &Path, messages: usize) -> Outcome<PathBuf> {
    let file = folder()?.join(format!("messages-{messages}.db"));
    if file.exists() {
        return Ok(file);
    }
    let unfinished = file.with_extension("unfinished");
    remove(&unfinished)?;
    let mut child = Command::new(server)
        .args(["seed", "--messages", &messages.to_string()])
        .args(["--users", &(messages / 100).max(2).to_string()])
        .args(["--chatrooms", &(messages / 500).to_string(), "--database"])
        .arg(&unfinished)
        .env("MESSENGER_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()?;
    for line in BufReader::new(child.stdout.take().ok_or("a pipe")?).lines() {
        progress::tell(bar(&line?));
    }
    progress::end();
    if !child.wait()?.success() {
        return Err("the data could not be made".into());
    }
    fs::rename(unfinished, &file)?;
    Ok(file)
}

/// A file without anything in it, which a server takes for a database to make.
pub fn empty() -> Outcome<PathBuf> {
    let file = folder()?.join("empty.db");
    fs::write(&file, [])?;
    Ok(file)
}

/// A bar in front of `480000 messages, 48 %, 9600 a second`; a full one in front of what has no such number.
fn bar(line: &str) -> String {
    let before = line.split(" %").next().and_then(|before| before.split(' ').next_back());
    let percent: usize = before.and_then(|number| number.parse().ok()).unwrap_or(100);
    format!("[{:<50}] {line}", "#".repeat(percent.min(100) / 2))
}

/// A copy for one contender, which may write to it; removed when it is dropped.
pub struct Copy {
    pub file: PathBuf,
}

impl Copy {
    pub fn make(seeded: &Path, name: &str) -> Outcome<Self> {
        let copy = Self { file: folder()?.join(format!("copy-{}.db", name.replace(' ', "-"))) };
        remove(&copy.file)?;
        fs::copy(seeded, &copy.file)?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // What cannot be removed now is overwritten by the next run.
        drop(remove(&self.file));
    }
}

fn remove(file: &Path) -> Outcome<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        if Path::new(&name).exists() {
            fs::remove_file(name)?;
        }
    }
    Ok(())
}
