//! Has the pages built that the binary carries, GraphiQL and the example chat, where npm is there to do it. Whatever is
//! missing, the build goes on: `http::pages` knows what to show instead.

use std::{
    env,
    fs::File,
    path::Path,
    process::{Command, Stdio},
};

const SKIP: &str = "MESSENGER_SKIP_WEB_BUILD";
const SCRIPT: &str = "web/bundles.mjs";
/// What the script leaves, and `src/http/pages/` embeds.
const BUILT: &str = "web/built";

fn main() {
    println!("cargo::rerun-if-env-changed={SKIP}");
    println!("cargo::rerun-if-changed=build.rs");
    let is_skipped = env::var(SKIP).is_ok_and(|value| !["", "0"].contains(&value.as_str()));
    if is_skipped {
        watch_what_is_built();
    } else if Path::new(SCRIPT).exists() {
        build();
    }
}

/// The script tells cargo what it has read, and what went wrong.
fn build() {
    // Builds with target folders of their own share the sources. Where there are no locks, nobody waits.
    let lock = File::open(SCRIPT).inspect(|script| drop(script.lock()));
    let built = Command::new("node").args([SCRIPT, "--cargo"]).stdin(Stdio::null()).status();
    drop(lock);
    if !built.is_ok_and(|status| status.success()) {
        watch_what_is_built();
        warn_of_what_is_missing();
    }
}

/// It may have been built elsewhere.
fn watch_what_is_built() {
    if Path::new(BUILT).exists() {
        println!("cargo::rerun-if-changed={BUILT}");
    }
}

fn warn_of_what_is_missing() {
    let is_missing =
        |name: &str| Path::new("web").join(name).exists() && !Path::new(BUILT).join(name).exists();
    if ["graphiql", "chat"].into_iter().any(is_missing) {
        println!(
            "cargo::warning=there is no Node that builds GraphiQL and the chat, so this binary does without what is not \
             in {BUILT}: install Node 20.19 or later with npm and run `node {SCRIPT}`, or set {SKIP}=1"
        );
    }
}
