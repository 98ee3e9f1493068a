//! Rounds in turn, and what they come to.

use crate::{
    Args, Outcome,
    contender::Contender,
    load::{self, Load, Round},
    operation::{Ask, Operation},
    progress,
};

/// Somebody who is measured, and what they are asked.
#[derive(Clone, Copy)]
pub struct Entrant<'a> {
    pub contender: &'a Contender,
    pub asks: &'a [Ask],
}

/// What the rounds of one contender came to.
pub struct Figures {
    pub name: String,
    /// Medians.
    pub round: Round,
    /// The rate, by that of the first entrant: the median of the ratios of all rounds.
    pub rate: f64,
    /// The CPU for a request, likewise.
    pub cpu: f64,
    /// Afterwards, in MiB.
    pub resident: f64,
}

/// An operation with so many connections.
pub struct Comparison {
    pub operation: Operation,
    pub connections: usize,
    /// The others are held against the first.
    pub figures: Vec<Figures>,
}

/// Connections of the first round, which does not count: it fills the caches, and with sends the WAL, whose
/// syncs are slower for as long as the file grows.
const WARM_UP: usize = 64;

/// There and back again, so that whatever else the machine does meets all alike.
pub fn compare(
    args: &Args,
    operation: Operation,
    entrants: &[Entrant<'_>],
    connections: usize,
) -> Outcome<Comparison> {
    let cpus = args.load_cpus.as_deref();
    let run = |Entrant { contender, asks }, connections, seconds| {
        progress::tell(format_args!("{operation}, {connections} connections: {}", contender.name));
        load::run(contender, Load { asks, connections, seconds, cpus })
    };
    for entrant in entrants {
        run(*entrant, WARM_UP, args.seconds)?;
    }
    let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); entrants.len()];
    for number in 0..args.rounds {
        let mut order: Vec<usize> = (0..entrants.len()).collect();
        if number % 2 == 1 {
            order.reverse();
        }
        for place in order {
            rounds[place].push(run(entrants[place], connections, args.seconds)?);
        }
    }
    progress::end();
    let figures =
        entrants.iter().zip(&rounds).map(|(entrant, own)| figures(entrant.contender, own, &rounds[0]));
    Ok(Comparison { operation, connections, figures: figures.collect::<Outcome<_>>()? })
}

fn figures(contender: &Contender, own: &[Round], first: &[Round]) -> Outcome<Figures> {
    let of = |figure: fn(&Round) -> f64| median(own.iter().map(figure));
    let ratio = |figure: fn(&Round, &Round) -> f64| {
        median(own.iter().zip(first).map(|(own, first)| figure(own, first)))
    };
    Ok(Figures {
        name: contender.name.clone(),
        round: Round {
            per_second: of(|round| round.per_second),
            p50: of(|round| round.p50),
            p99: of(|round| round.p99),
            cpu: of(|round| round.cpu),
        },
        rate: ratio(|own, first| own.per_second / first.per_second),
        cpu: ratio(|own, first| own.cpu / first.cpu),
        resident: contender.resident()?,
    })
}

/// The one in the middle.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
