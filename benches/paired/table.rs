//! What is printed.

use crate::{Args, Outcome, contender::Contender, load::Round, operation::Operation};

pub fn head(args: &Args) {
    println!(
        "{} messages; medians of {} rounds of {} s in turn; ratios to the yardstick are medians of those of each round.\n",
        args.messages, args.rounds, args.seconds
    );
    println!(
        "| operation | connections | | requests/s | ratio | p50 ms | p99 ms | CPU s for 1,000 | ratio | MiB |\n\
         |---|---:|---|---:|---:|---:|---:|---:|---:|---:|"
    );
}

/// A line for each contender.
pub fn print(
    operation: Operation,
    connections: usize,
    contenders: &[Contender],
    rounds: &[Vec<Round>],
) -> Outcome<()> {
    let yardstick = &rounds[0];
    for (contender, rounds) in contenders.iter().zip(rounds) {
        let of = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
        let ratio = |figure: fn(&Round, &Round) -> f64| {
            median(rounds.iter().zip(yardstick).map(|(round, yardstick)| figure(round, yardstick)).collect())
        };
        println!(
            "| {operation} | {connections} | {} | {:.0} | {:.2} | {:.2} | {:.2} | {:.3} | {:.2} | {:.0} |",
            contender.name,
            of(|round| round.per_second),
            ratio(|round, yardstick| round.per_second / yardstick.per_second),
            of(|round| round.p50),
            of(|round| round.p99),
            of(|round| round.cpu),
            ratio(|round, yardstick| yardstick.cpu / round.cpu),
            contender.resident()?,
        );
    }
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
