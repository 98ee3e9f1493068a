//! The load: wrk, with a script of its own for each round.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{
    Outcome,
    contender::{Contender, pinned},
    data,
    operation::{Ask, KEY},
};

/// What wrk is to do.
#[derive(Clone, Copy)]
pub struct Load<'a> {
    pub asks: &'a [Ask],
    pub connections: usize,
    pub seconds: u32,
    pub cpus: Option<&'a str>,
}

/// What one round came to.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    pub per_second: f64,
    /// In milliseconds.
    pub p50: f64,
    pub p99: f64,
    /// Of the server, in milliseconds for each request.
    pub cpu: f64,
}

/// Requests are written once; only into those with a key of their own it is put each time, random as a client's would be,
/// so that it falls anywhere in the index. wrk counts the answers that are no success.
const SCRIPT: &str = r#"
local heads, tails, turn, stamp = {}, {}, 0, ""

function init(arguments)
  stamp = arguments[1]
  for place, ask in ipairs(asks) do
    local headers = {
      ["Content-Type"] = "application/json",
      ["Accept"] = "application/graphql-response+json",
      ["Authorization"] = ask.authorization,
    }
    local text = wrk.format("POST", "/graphql", headers, ask.body)
    local first, last = text:find(key, 1, true)
    heads[place] = first and text:sub(1, first - 1) or text
    tails[place] = last and text:sub(last + 1)
  end
end

function request()
  turn = turn + 1
  local place = turn % #heads + 1
  local tail = tails[place]
  if not tail then return heads[place] end
  return heads[place] .. string.format("%08x-%011d-%s", turn * 2654435761 % 4294967296, turn, stamp) .. tail
end

function done(summary, latency, _)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("figures %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failed))
end
"#;

/// Keys are the contender's for ever, so every round has others.
static STAMP: AtomicU32 = AtomicU32::new(1);

/// Sends as many requests as are answered, on so many connections, for so long.
pub fn run(contender: &Contender, load: Load<'_>) -> Outcome<Round> {
    let (cpu, stored) = (contender.cpu()?, stored(contender)?);
    let figures = wrk(contender, load)?;
    let [requests, micros, p50, p99, failed] = figures[..] else {
        return Err(format!("wrk says {figures:?}").into());
    };
    let cpu = contender.cpu()? - cpu;
    if failed > 0.0 || requests < 1.0 {
        return Err(format!("{}: {failed} of {requests} requests failed", contender.name).into());
    }
    let writes = load.asks.iter().any(|ask| ask.body.contains(KEY));
    if writes && self::stored(contender)? - stored < requests {
        return Err(format!("{}: not all of {requests} messages were stored", contender.name).into());
    }
    let per_second = requests / micros * 1e6;
    Ok(Round { per_second, p50: p50 / 1e3, p99: p99 / 1e3, cpu: cpu / requests * 1e3 })
}

/// How many events were ever logged: one for each message.
fn stored(contender: &Contender) -> Outcome<f64> {
    let count = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'";
    Ok(contender.look()?.query_row(count, [], |row| row.get::<_, i64>(0))? as f64)
}

fn wrk(contender: &Contender, load: Load<'_>) -> Outcome<Vec<f64>> {
    let stamp = format!("{:010}", STAMP.fetch_add(1, Ordering::Relaxed));
    let script = script(contender, load.asks, &stamp)?;
    let output = pinned(Path::new("wrk"), load.cpus)
        .args(["--threads", "1", "--connections", &load.connections.to_string()])
        .args(["--duration", &format!("{}s", load.seconds), "--timeout", "30s", "--script"])
        .arg(&script)
        .args([&format!("http://{}", contender.address), "--", &stamp])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("wrk: {error}; Debian has it in a package of that name"))?;
    fs::remove_file(script)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let figures = text.lines().find_map(|line| line.strip_prefix("figures "));
    let figures = figures.ok_or_else(|| format!("{}: wrk says {text}", contender.name))?;
    Ok(figures.split(' ').map(str::parse).collect::<Result<_, _>>()?)
}

fn script(contender: &Contender, asks: &[Ask], stamp: &str) -> Outcome<PathBuf> {
    let mut script = format!("key = [==[{KEY}]==]\nasks = {{\n");
    for Ask { body, viewer } in asks {
        write!(script, "  {{ body = [==[{body}]==]")?;
        if let Some(token) = contender.token(viewer)? {
            write!(script, ", authorization = \"Bearer {token}\"")?;
        }
        script.push_str(" },\n");
    }
    let file = data::folder()?.join(format!("load-{stamp}.lua"));
    fs::write(&file, script + "}\n" + SCRIPT)?;
    Ok(file)
}
