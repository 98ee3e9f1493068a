//! What is printed: tables in Markdown.

use std::fmt::Write;

use crate::{
    Outcome,
    mixed::{EACH, Mixed},
    rounds::Comparison,
};

/// The head of the table of comparisons.
pub const COMPARISONS: &str = "\
| operation | connections | | requests/s | ratio | p50, ms | p99, ms | CPU, s for 1,000 | ratio | memory, MiB |
|---|---:|---|---:|---:|---:|---:|---:|---:|---:|";

/// A line for each contender.
pub fn comparison(Comparison { operation, connections, figures }: &Comparison) -> Outcome<String> {
    let mut lines = String::new();
    for of in figures {
        let (name, rate, round) = (&of.name, grouped(of.round.per_second), of.round);
        write!(lines, "| {operation} | {connections} | {name} | {rate} | {:.2} ", of.rate)?;
        write!(lines, "| {:.2} | {:.2} | {:.3} | {:.2} ", round.p50, round.p99, round.cpu, of.cpu)?;
        writeln!(lines, "| {:.0} |", of.resident)?;
    }
    Ok(lines)
}

/// Readers beside writers.
pub fn mixed(figures: &[Mixed]) -> Outcome<String> {
    let mut table = format!(
        "\
| | {EACH} readers alone, requests/s | beside {EACH} writers | ratio | p99 alone, ms | p99 beside, ms | ratio | writes/s | p99 of writes, ms |
|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for Mixed { name, alone, beside, writers, rate, p99 } in figures {
        let [alone_rate, beside_rate, writes] =
            [alone, beside, writers].map(|round| grouped(round.per_second));
        write!(table, "| {name} | {alone_rate} | {beside_rate} | {rate:.2} ")?;
        write!(table, "| {:.2} | {:.2} | {p99:.2} ", alone.p99, beside.p99)?;
        writeln!(table, "| {writes} | {:.2} |", writers.p99)?;
    }
    Ok(table)
}

/// The memory that each has before anybody has asked for anything, in MiB.
pub fn memory(figures: &[(String, f64)]) -> Outcome<String> {
    let mut table = "| idle | memory, MiB |\n|---|---:|\n".to_owned();
    for (what, resident) in figures {
        writeln!(table, "| {what} | {resident:.1} |")?;
    }
    Ok(table)
}

/// A number with a comma before every three digits.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
