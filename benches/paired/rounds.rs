//! Rounds in turn, and what they come to.

use crate::{
    Args, Outcome,
    contender::Contender,
    load::{self, Load, Round},
    operation::{Ask, Operation},
};

/// What the rounds of one contender came to.
pub struct Figures {
    pub name: String,
    /// Medians.
    pub round: Round,
    /// Rate by rate of the yardstick, the median of all rounds.
    pub rate: f64,
    /// CPU of the yardstick by CPU, likewise.
    pub cpu: f64,
    /// Afterwards, in MiB.
    pub resident: f64,
}

/// An operation with so many connections.
pub struct Comparison {
    pub operation: Operation,
    pub connections: usize,
    /// The yardstick's are the first.
    pub figures: Vec<Figures>,
}

/// There and back again, so that whatever else the machine does meets all alike. The first round warms the caches.
pub fn compare(
    args: &Args,
    contenders: &[Contender],
    (operation, asks): (Operation, &[Ask]),
    connections: usize,
) -> Outcome<Comparison> {
    let load = Load { asks, connections, seconds: args.seconds, cpus: args.load_cpus.as_deref() };
    let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); contenders.len()];
    for contender in contenders {
        load::run(contender, Load { seconds: 1, ..load })?;
    }
    for number in 0..args.rounds {
        let mut order: Vec<usize> = (0..contenders.len()).collect();
        if number % 2 == 1 {
            order.reverse();
        }
        for place in order {
            rounds[place].push(load::run(&contenders[place], load)?);
        }
    }
    let figures = contenders.iter().zip(&rounds).map(|(contender, own)| figures(contender, own, &rounds[0]));
    Ok(Comparison { operation, connections, figures: figures.collect::<Outcome<_>>()? })
}

fn figures(contender: &Contender, own: &[Round], yardstick: &[Round]) -> Outcome<Figures> {
    let of = |figure: fn(&Round) -> f64| median(own.iter().map(figure));
    let ratio = |figure: fn(&Round, &Round) -> f64| {
        median(own.iter().zip(yardstick).map(|(own, yardstick)| figure(own, yardstick)))
    };
    Ok(Figures {
        name: contender.name.clone(),
        round: Round {
            per_second: of(|round| round.per_second),
            p50: of(|round| round.p50),
            p99: of(|round| round.p99),
            cpu: of(|round| round.cpu),
        },
        rate: ratio(|own, yardstick| own.per_second / yardstick.per_second),
        cpu: ratio(|own, yardstick| yardstick.cpu / own.cpu),
        resident: contender.resident()?,
    })
}

/// The one in the middle.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
