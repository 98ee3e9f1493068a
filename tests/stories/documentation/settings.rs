//! What the pages and the help say of settings and commands is what the program has.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Arg, Args, Command};
use messenger::config::{
    AuthArgs, BrowserArgs, DatabaseArgs, DocumentArgs, EventArgs, LimitArgs, LogArgs, ProxyArgs, RateArgs,
    ServerArgs, Setting,
};

use super::{OPERATING, README, page::names};
use crate::settings::{told_default, told_range};

fn commands() -> Command {
    let mut command = messenger::cli::command();
    command.build();
    command
}

fn variable(argument: &Arg) -> Option<String> {
    argument.get_env()?.to_str().map(str::to_owned)
}

/// The settings of the server by their variables, each with its help.
fn settings() -> BTreeMap<String, String> {
    let command = commands();
    let setting =
        |argument: &Arg| Some((variable(argument)?, argument.get_help().expect("a help").to_string()));
    command.get_arguments().filter_map(setting).collect()
}

/// A number as a table has it: with commas, or with a unit.
fn number(text: &str) -> u64 {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number: u64 = number.replace(',', "").parse().unwrap_or_else(|_| panic!("{text} is no number"));
    match unit {
        "" => number,
        "KiB" => number << 10,
        "MiB" => number << 20,
        other => panic!("{other} is no unit"),
    }
}

#[test]
fn the_readme_has_each_setting_with_its_flag_and_default() {
    let settings = settings();
    let rows = README.rows("Settings").into_iter().filter(|row| row.len() == 4);
    let (mut told, mut families) = (BTreeSet::new(), Vec::new());
    for row in rows {
        let variables: Vec<&str> = names(row[0]).collect();
        if let Some(family) = variables[0].strip_suffix('…') {
            assert_eq!(
                names(row[1]).next(),
                Some(format!("{}…", Setting(family.to_owned().leak()).flag()).as_str())
            );
            families.push(family);
            continue;
        }
        for (variable, flag) in variables.iter().zip(names(row[1])) {
            let help = settings.get(*variable).unwrap_or_else(|| panic!("{variable} is no setting"));
            assert_eq!(flag, Setting(variable).flag());
            assert_eq!(names(row[2]).next().map(str::to_owned), told_default(help), "{variable}");
            if let Some(bounds) = told_range(row[3]) {
                assert_eq!(Some(bounds), told_range(help), "{variable}");
            }
            assert!(told.insert((*variable).to_owned()), "{variable} is told twice");
        }
    }
    let untold = settings.into_keys().filter(|variable| !told.contains(variable));
    let missing = untold.filter(|variable| !families.iter().any(|family| variable.starts_with(family)));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_readme_has_each_command() {
    let rows = README.rows("Settings").into_iter().filter(|row| row.len() == 2);
    let word = |row: Vec<&'static str>| names(row[0]).last()?.split_whitespace().nth(1);
    let told: BTreeSet<&str> = rows.filter_map(word).collect();
    let command = commands();
    let there = command.get_subcommands().map(Command::get_name).filter(|name| *name != "help");
    assert_eq!(told, there.collect());
}

#[test]
fn the_operators_page_has_each_limit_and_rate_with_its_default_and_range() {
    let mut settings = settings();
    settings.retain(|name, _| name.starts_with("MESSENGER_MAX_") || name.starts_with("MESSENGER_RATE_"));
    for row in OPERATING.rows("Limits and rates") {
        let name = row[1].trim_matches('`');
        let help = settings.remove(name).unwrap_or_else(|| panic!("{name} is told twice, or is no setting"));
        let default = told_default(&help).expect("a default");
        if name.starts_with("MESSENGER_RATE_") {
            assert_eq!(row[2].trim_matches('`'), default, "{name}");
            continue;
        }
        let (least, most) = row[3].split_once(" to ").expect("a range");
        assert_eq!(Some([number(least), number(most)]), told_range(&help), "{name}");
        assert_eq!(number(row[2].split(':').next().expect("a number")).to_string(), default, "{name}");
    }
    // Clients do not meet these, so they are told of in the text.
    let section = OPERATING.section("Limits and rates");
    for (name, before) in [
        ("MESSENGER_MAX_CONNECTIONS", "At most 16,000 connections are open at a time"),
        ("MESSENGER_MAX_ADDRESS_CONNECTIONS", "One address may have 1,000"),
    ] {
        let help = settings.remove(name).expect(name);
        assert!(section.contains(&format!("{before} (`{name}`, 1 to 1,000,000)")), "{name}");
        let told = before.split(' ').find(|word| word.contains(',')).map(number);
        assert_eq!(
            (told.map(|told| told.to_string()), told_range(&help)),
            (told_default(&help), Some([1, 1_000_000]))
        );
    }
    assert!(settings.is_empty(), "{settings:?}");
}

#[test]
fn no_page_names_a_setting_that_there_is_not() {
    let settings = settings();
    for page in [README, OPERATING] {
        let words = page.0.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
        let ours = words.filter(|word| word.starts_with("MESSENGER_") && !word.ends_with('_'));
        let unknown = ours.filter(|word| !settings.contains_key(*word));
        assert_eq!(unknown.collect::<Vec<_>>(), [""; 0]);
    }
}

/// The options of a struct with the heading that they stand under in every help.
fn under<T: Args>(heading: &'static str) -> Vec<(String, &'static str)> {
    let command = T::augment_args(Command::new("messenger"));
    command.get_arguments().filter_map(variable).map(|variable| (variable, heading)).collect()
}

#[test]
fn each_option_stands_under_the_heading_of_its_struct() {
    let headings: BTreeMap<String, &str> = [
        under::<AuthArgs>("Keys"),
        under::<BrowserArgs>("Browsers"),
        under::<DatabaseArgs>("Database"),
        under::<DocumentArgs>("Documents"),
        under::<EventArgs>("Events"),
        under::<LimitArgs>("Limits"),
        under::<LogArgs>("Logs"),
        under::<ProxyArgs>("Proxies"),
        under::<RateArgs>("Rates"),
        under::<ServerArgs>("Server"),
    ]
    .concat()
    .into_iter()
    .collect();
    let command = commands();
    for command in std::iter::once(&command).chain(command.get_subcommands()) {
        for argument in command.get_arguments() {
            let expected = variable(argument).map(|variable| headings[&variable]);
            let place = format!("{} --{}", command.get_name(), argument.get_id());
            assert_eq!(argument.get_help_heading(), expected, "{place}");
        }
    }
}
