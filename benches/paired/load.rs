//! The load: wrk, with a script of its own for each round.

use std::{fmt::Write, path::Path, process::Stdio};

use crate::{
    Outcome,
    contender::{Contender, pinned},
    operation::KEY,
};

/// What wrk is to do.
pub struct Load<'a> {
    pub bodies: &'a [String],
    pub connections: usize,
    pub seconds: u32,
    pub cpus: Option<&'a str>,
}

/// What one round came to.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    pub requests: f64,
    pub per_second: f64,
    /// In milliseconds.
    pub p50: f64,
    pub p99: f64,
    /// Of the server, in milliseconds for each request.
    pub cpu: f64,
    /// Of an answer, with its head.
    pub bytes: f64,
}

/// Requests are written once; only those with a key of their own are written anew. wrk counts answers by their status.
const SCRIPT: &str = r#"
local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/graphql-response+json" }
local requests, turn = {}, 0

function init(arguments)
  for place, body in ipairs(bodies) do
    requests[place] = wrk.format("POST", "/graphql", headers, body)
  end
  stamp = arguments[1]
end

function request()
  turn = turn + 1
  local text = requests[turn % #requests + 1]
  if not keyed then return text end
  return (text:gsub("@key@", stamp .. string.format("%09d", turn), 1))
end

function done(summary, latency, _)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("figures %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), failed))
end
"#;

/// Sends as many requests as are answered, on so many connections, for so long.
pub fn run(contender: &Contender, load: &Load<'_>, folder: &Path, number: usize) -> Outcome<Round> {
    let script = folder.join("load.lua");
    std::fs::write(&script, self::script(load.bodies)?)?;
    let before = contender.cpu()?;
    let output = pinned(Path::new("wrk"), load.cpus)
        .args(["--threads", "1", "--connections", &load.connections.to_string()])
        .args(["--duration", &format!("{}s", load.seconds), "--timeout", "30s", "--script"])
        .arg(&script)
        .args([&format!("http://{}", contender.address), "--", &format!("{number:05}")])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("wrk: {error} (apt-get install wrk)"))?;
    let cpu = contender.cpu()? - before;
    let text = String::from_utf8_lossy(&output.stdout);
    let figures =
        text.lines().find_map(|line| line.strip_prefix("figures ")).ok_or_else(|| text.to_string())?;
    let figures: Vec<f64> = figures.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let [requests, micros, bytes, p50, p99, failed] = figures[..] else {
        return Err(format!("wrk says {text}").into());
    };
    if failed > 0.0 || requests < 1.0 {
        return Err(format!("{}: {failed} of {requests} requests failed:\n{text}", contender.name).into());
    }
    Ok(Round {
        requests,
        per_second: requests / micros * 1e6,
        p50: p50 / 1e3,
        p99: p99 / 1e3,
        cpu: cpu / requests * 1e3,
        bytes: bytes / requests,
    })
}

fn script(bodies: &[String]) -> Outcome<String> {
    let keyed = bodies.iter().any(|body| body.contains(KEY));
    let mut script = format!("keyed = {keyed}\nbodies = {{\n");
    for body in bodies {
        writeln!(script, "  [==[{body}]==],")?;
    }
    Ok(script + "}\n" + SCRIPT)
}
