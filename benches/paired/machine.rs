//! Where it was measured, and when.

use std::{
    fs::{self, File},
    io::Write,
    thread,
    time::{Duration, Instant, SystemTime},
};

use chrono::{DateTime, Utc};

use crate::{Outcome, data};

/// How often the disk is tried.
const TRIES: usize = 200;

/// The day, the processors, and what the disk takes to keep 4 KiB: nothing that is acknowledged can be faster.
#[expect(clippy::disallowed_methods, reason = "the day of a measurement is the real one")]
pub fn describe() -> Outcome<String> {
    let day = DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%d");
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let (model, cores) = (model.unwrap_or_else(|| "processor".to_owned()), thread::available_parallelism()?);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    let mut syncs = syncs()?;
    syncs.sort_unstable();
    let at = |percent: usize| syncs[TRIES * percent / 100].as_secs_f64() * 1e3;
    let (p50, p99) = (at(50), at(99));
    Ok(format!(
        "{day}; {cores} cores ({model}), shared with the load; a load of {load} before it began; a sync of the disk takes \
         {p50:.2} ms, and {p99:.1} ms at p99."
    ))
}

fn syncs() -> Outcome<Vec<Duration>> {
    let file = data::folder()?.join("sync");
    let mut open = File::create(&file)?;
    let mut sync = || {
        let begin = Instant::now();
        open.write_all(&[1; 4096])?;
        open.sync_data()?;
        Outcome::Ok(begin.elapsed())
    };
    let syncs = (0..TRIES).map(|_| sync()).collect();
    fs::remove_file(file)?;
    syncs
}
