//! Has cargo notice new files among the pages that the binary embeds; `just web` builds them.

fn main() {
    println!("cargo::rerun-if-changed=web/built");
}
