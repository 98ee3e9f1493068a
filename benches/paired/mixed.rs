//! Readers alone, and beside as many writers.

use std::thread;

use crate::{
    Args, Outcome,
    contender::Contender,
    load::{self, Load, Round},
    operation::Ask,
    progress,
    rounds::median,
};

/// How many read, and how many write.
pub const EACH: usize = 16;

/// A round alone, and the round after it beside writers.
#[derive(Clone, Copy)]
struct Pair {
    alone: Round,
    beside: Round,
    writers: Round,
}

/// What one contender came to.
pub struct Mixed {
    pub name: String,
    pub alone: Round,
    pub beside: Round,
    pub writers: Round,
    /// What is left of the readers' rate.
    pub rate: f64,
    /// What their p99 has become.
    pub p99: f64,
}

/// Rounds in turn, each alone first.
pub fn measure(args: &Args, contenders: &[Contender], reads: &[Ask], sends: &[Ask]) -> Outcome<Vec<Mixed>> {
    let cpus = args.load_cpus.as_deref();
    let read = Load { asks: reads, connections: EACH, seconds: args.seconds, cpus };
    let write = Load { asks: sends, ..read };
    let mut pairs: Vec<Vec<Pair>> = vec![Vec::new(); contenders.len()];
    for _ in 0..=args.rounds {
        for (contender, pairs) in contenders.iter().zip(&mut pairs) {
            progress::tell(format_args!("readers beside writers: {}", contender.name));
            pairs.push(pair(contender, read, write)?);
        }
    }
    progress::end();
    // The first round has warmed the caches.
    Ok(contenders.iter().zip(&pairs).map(|(contender, pairs)| mixed(contender, &pairs[1..])).collect())
}

fn pair(contender: &Contender, read: Load<'_>, write: Load<'_>) -> Outcome<Pair> {
    let alone = load::run(contender, read)?;
    let (beside, writers) = thread::scope(|scope| {
        let writers = scope.spawn(|| load::run(contender, write));
        (load::run(contender, read), writers.join())
    });
    let writers = writers.map_err(|_| "the writers' thread panicked")?;
    Ok(Pair { alone, beside: beside?, writers: writers? })
}

fn mixed(contender: &Contender, pairs: &[Pair]) -> Mixed {
    let all = |of: fn(&Pair) -> f64| median(pairs.iter().map(of));
    let of = |round: fn(&Pair) -> Round| {
        let all = |figure: fn(Round) -> f64| median(pairs.iter().map(|pair| figure(round(pair))));
        Round {
            per_second: all(|round| round.per_second),
            p50: all(|round| round.p50),
            p99: all(|round| round.p99),
            cpu: all(|round| round.cpu),
        }
    };
    Mixed {
        name: contender.name.clone(),
        alone: of(|pair| pair.alone),
        beside: of(|pair| pair.beside),
        writers: of(|pair| pair.writers),
        rate: all(|pair| pair.beside.per_second / pair.alone.per_second),
        p99: all(|pair| pair.beside.p99 / pair.alone.p99),
    }
}
