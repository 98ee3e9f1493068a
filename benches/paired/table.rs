//! What is printed.

use crate::{
    mixed::{EACH, Mixed},
    rounds::Comparison,
};

pub const COMPARISONS: &str = "| operation | connections | | requests/s | ratio | p50, ms | p99, ms | CPU, s for 1,000 | ratio | memory, MiB |
|---|---:|---|---:|---:|---:|---:|---:|---:|---:|";

impl Comparison {
    /// A line for each contender.
    pub fn lines(&self) -> String {
        let Self { operation, connections, figures } = self;
        let line = |of: &crate::rounds::Figures| {
            let round = of.round;
            format!(
                "| {operation} | {connections} | {} | {} | {:.2} | {:.2} | {:.2} | {:.3} | {:.2} | {:.0} |\n",
                of.name,
                grouped(round.per_second),
                of.rate,
                round.p50,
                round.p99,
                round.cpu,
                of.cpu,
                of.resident,
            )
        };
        figures.iter().map(line).collect()
    }
}

/// Readers beside writers.
pub fn mixed(figures: &[Mixed]) -> String {
    let mut table = format!(
        "| | {EACH} readers alone/s | beside {EACH} writers/s | ratio | p99 alone, ms | p99 beside, ms | ratio | writes/s | p99 of writes, ms |
|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for Mixed { name, alone, beside, writers, rate, p99 } in figures {
        let (reads, left, writes) =
            (grouped(alone.per_second), grouped(beside.per_second), grouped(writers.per_second));
        table += &format!(
            "| {name} | {reads} | {left} | {rate:.2} | {:.2} | {:.2} | {p99:.2} | {writes} | {:.2} |\n",
            alone.p99, beside.p99, writers.p99
        );
    }
    table
}

/// A number with a comma after every three digits.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let place = |place: usize| place > 0 && (digits.len() - place).is_multiple_of(3);
    digits
        .char_indices()
        .flat_map(|(at, digit)| place(at).then_some(',').into_iter().chain([digit]))
        .collect()
}
