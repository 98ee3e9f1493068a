//! The table of docs/robustness.md.

use crate::{
    attack::Attack,
    figures::Waits,
    run::{Others, Report},
};

/// Its head.
pub const HEAD: &str =
    "| | attack | what is sent | answer | others' p99, ms | live event p99, ms | peak memory, MiB | verdict |
|---|---|---|---|---:|---:|---:|---|";

/// Its row for an attack, with how an earlier build did.
pub fn row(attack: &Attack, report: &Report, earlier: Option<&Report>) -> String {
    let cell = |of: &dyn Fn(&Report) -> String| match earlier {
        Some(earlier) => format!("{}; now **{}**", of(earlier), of(report)),
        None => of(report),
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        attack.code,
        attack.name,
        attack.sent,
        cell(&|report| answer(report)),
        cell(&|report| change(report, |others| others.requests)),
        cell(&|report| change(report, |others| others.live)),
        cell(&|report| report.memory_mib.map(|mib| mib.to_string()).join(" → ")),
        cell(&verdict),
    )
}

fn answer(report: &Report) -> String {
    let ended = report.ended.as_ref().map(|ended| format!("; the process ended: {ended}"));
    let failed = Some(report.during.failures).filter(|failures| *failures > 0 && report.ended.is_none());
    let failed = failed.map(|failures| {
        let first = report.during.first_failure.as_deref().unwrap_or_default();
        let first: String = first.chars().take(60).collect();
        format!("; {failures} requests of others failed ({first})")
    });
    format!("{}{}{}", report.answer, ended.unwrap_or_default(), failed.unwrap_or_default())
}

fn change(report: &Report, of: impl Fn(&Others) -> Waits) -> String {
    format!("{:.0} → {:.0}", of(&report.before).p99, of(&report.during).p99)
}

fn verdict(report: &Report) -> String {
    if report.faults.is_empty() { "held".to_owned() } else { report.faults.join(", ") }
}
