//! `.env.example` tells every setting, and tells the truth.

use std::{collections::BTreeMap, fs};

use clap::{Arg, Command};
use messenger::config::{
    AuthArgs, BrowserArgs, DatabaseArgs, DocumentArgs, EventArgs, Limits, LogArgs, RateArgs, RateConfig,
    ServerArgs,
};
use tempfile::TempDir;

use crate::support::run;

const EXAMPLE: &str = include_str!("../../.env.example");

/// Settings by their names, each with its default.
type Settings = BTreeMap<String, Option<String>>;

fn name_and_example(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix('#')?
        .split_once('=')
        .filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
}

/// Each paragraph of the file that ends in a setting.
fn told_in_the_file() -> Settings {
    let setting = |paragraph: &str| {
        let (name, _) = name_and_example(paragraph.lines().last()?)?;
        Some((name.to_owned(), told_default(paragraph)))
    };
    EXAMPLE.split("\n\n").filter_map(setting).collect()
}

/// Each argument that can be set in the environment, of the program and of its subcommands.
fn told_in_the_help(command: &Command) -> Settings {
    let setting = |argument: &Arg| {
        let name = argument.get_env()?.to_str().expect("text").to_owned();
        let help = argument.get_help().expect("a help").to_string();
        Some((name, told_default(&help)))
    };
    let mut settings: Settings = command.get_arguments().filter_map(setting).collect();
    for subcommand in command.get_subcommands() {
        settings.extend(told_in_the_help(subcommand));
    }
    settings
}

/// What stands in `[default: …]`.
pub fn told_default(text: &str) -> Option<String> {
    let (_, told) = text.split_once("[default: ")?;
    Some(told.split_once(']').expect("its end").0.to_owned())
}

/// The bounds of a number: what stands on both sides of `to`.
pub fn told_range(text: &str) -> Option<[u64; 2]> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(3).find_map(|words| {
        let number = |word: &str| word.trim_end_matches([',', ';', '.']).parse().ok();
        Some([number(words[0])?, number(words[2]).filter(|_| words[1] == "to")?])
    })
}

#[test]
fn the_file_and_the_help_tell_the_same_settings_with_the_defaults_that_are_used() {
    let database = DatabaseArgs::default().file().expect("a file");
    let days = EventArgs::default().retention_days().expect("a number");
    let switch = |is_on: bool| if is_on { "on" } else { "off" }.to_owned();
    let graphiql = BrowserArgs::default().graphiql().expect("a switch");
    let chat = BrowserArgs::default().chat().expect("a switch");
    let introspection = DocumentArgs::default().introspection().expect("a switch");
    let allows_open = if ServerArgs::default().allows_open().expect("yes or no") { "1" } else { "0" };
    let connections = ServerArgs::default().max_connections().expect("a number");
    let of_address = ServerArgs::default().max_address_connections().expect("a number");
    assert_eq!(AuthArgs::default().config(), Ok(None));
    let used = [
        ("DATABASE_URL", Some(database.display().to_string())),
        ("MESSENGER_ADDR", Some(ServerArgs::default().addr().expect("an address").to_owned())),
        ("MESSENGER_ALLOWED_ORIGINS", None),
        ("MESSENGER_ALLOW_OPEN", Some(allows_open.to_owned())),
        ("MESSENGER_CHAT", Some(switch(chat))),
        ("MESSENGER_DB_SQLITE_FILE", None),
        ("MESSENGER_EVENT_RETENTION_DAYS", Some(days.to_string())),
        ("MESSENGER_GRAPHIQL", Some(switch(graphiql))),
        ("MESSENGER_MAX_ADDRESS_CONNECTIONS", Some(of_address.to_string())),
        ("MESSENGER_MAX_CONNECTIONS", Some(connections.to_string())),
        ("MESSENGER_INTROSPECTION", Some(switch(introspection))),
        ("MESSENGER_JWKS_FILE", None),
        ("MESSENGER_JWKS_URL", None),
        ("MESSENGER_JWT_AUDIENCE", None),
        ("MESSENGER_JWT_ISSUER", None),
        ("MESSENGER_JWT_PUBLIC_KEY_FILE", None),
        ("MESSENGER_JWT_SECRET", None),
        ("MESSENGER_TRUSTED_DOCUMENTS", None),
        ("MESSENGER_USERNAME_CHANGES", Some(switch(false))),
        ("MESSENGER_LOG", Some(LogArgs::default().filter().expect("a filter").to_owned())),
    ];
    let limits = Limits::default();
    let limits = [
        ("MESSENGER_MAX_ADDRESS_SOCKETS", limits.address_sockets),
        ("MESSENGER_MAX_ANSWER_BYTES", limits.answer_bytes),
        ("MESSENGER_MAX_ANSWER_MEMORY_BYTES", limits.answer_memory_bytes),
        ("MESSENGER_MAX_BODY_BYTES", limits.body_bytes),
        ("MESSENGER_MAX_DOCUMENT_ALIASES", limits.document_aliases),
        ("MESSENGER_MAX_DOCUMENT_BYTES", limits.document_bytes),
        ("MESSENGER_MAX_DOCUMENT_COMPLEXITY", limits.document_complexity),
        ("MESSENGER_MAX_DOCUMENT_DEPTH", limits.document_depth),
        ("MESSENGER_MAX_DOCUMENT_FIELDS", limits.document_fields),
        ("MESSENGER_MAX_DOCUMENT_RECURSION", limits.document_recursion),
        ("MESSENGER_MAX_DOCUMENT_TOKENS", limits.document_tokens),
        ("MESSENGER_MAX_EXECUTION_SECONDS", limits.execution_seconds),
        ("MESSENGER_MAX_FIELD_DIRECTIVES", limits.field_directives),
        ("MESSENGER_MAX_REQUEST_BATCH", limits.request_batch),
        ("MESSENGER_MAX_SOCKET_MESSAGE_BYTES", limits.socket_message_bytes),
        ("MESSENGER_MAX_SOCKET_OPERATIONS", limits.socket_operations),
        ("MESSENGER_MAX_SUBSCRIPTION_BYTES", limits.subscription_bytes),
        ("MESSENGER_MAX_SUBSCRIPTION_COMPLEXITY", limits.subscription_complexity),
        ("MESSENGER_MAX_CHATROOM_MEMBERS", limits.chatroom_members),
        ("MESSENGER_MAX_USER_CHATROOMS", limits.user_chatrooms),
        ("MESSENGER_MAX_USER_SOCKETS", limits.user_sockets),
        ("MESSENGER_MAX_USER_SUBSCRIPTIONS", limits.user_subscriptions),
    ];
    let limits = limits.map(|(name, default)| (name, Some(default.to_string())));
    let rates = RateArgs::default().rates(false).expect("rates");
    let rates = [
        ("MESSENGER_RATE_CONNECTS", rates.connects),
        ("MESSENGER_RATE_EVENT_VALUES", rates.event_values),
        ("MESSENGER_RATE_MESSAGES", rates.messages),
        ("MESSENGER_RATE_INVITES", rates.invites),
        ("MESSENGER_RATE_MUTATIONS", rates.mutations),
        ("MESSENGER_RATE_QUERIES", rates.queries),
        ("MESSENGER_RATE_REQUESTS", rates.requests),
        ("MESSENGER_RATE_SENDS", rates.sends),
    ];
    let rates =
        rates.map(|(name, rate)| (name, rate.map(|rate| format!("{}:{}", rate.per_second, rate.burst))));
    let none_in_open_mode = RateArgs::default().rates(true).expect("rates");
    assert_eq!(none_in_open_mode, RateConfig::default());
    let used: Settings = used
        .into_iter()
        .chain(limits)
        .chain(rates)
        .chain([("MESSENGER_TRUSTED_PROXIES", None)])
        .map(|(name, default)| (name.to_owned(), default))
        .collect();
    assert_eq!(told_in_the_help(&messenger::cli::command()), used);
    assert_eq!(told_in_the_file(), used);
}

#[test]
fn the_file_says_what_each_setting_means_and_shows_one() {
    let paragraphs: Vec<&str> = EXAMPLE.trim_end().split("\n\n").skip(1).collect();
    for paragraph in &paragraphs {
        let lines: Vec<&str> = paragraph.lines().collect();
        let (last, meaning) = lines.split_last().expect("lines");
        let (_, example) = name_and_example(last).expect(paragraph);
        assert_ne!(example, "", "{paragraph}");
        assert!(!meaning.is_empty(), "{paragraph}");
        assert!(meaning.iter().all(|line| line.starts_with("# ")), "{paragraph}");
    }
    assert_eq!(paragraphs.len(), told_in_the_file().len());
}

#[test]
fn the_file_tells_the_ranges_and_the_meanings_of_the_help() {
    let paragraphs: BTreeMap<&str, String> = EXAMPLE.split("\n\n").filter_map(meaning).collect();
    for argument in messenger::cli::command().get_arguments() {
        let Some(name) = argument.get_env().and_then(|name| name.to_str()) else { continue };
        let help = argument.get_help().expect("a help").to_string();
        let told = &paragraphs[name];
        assert_eq!(told_range(told), told_range(&help), "{name}");
        // The settings of these two tables are told in the words of the code.
        if matches!(argument.get_help_heading(), Some("Limits" | "Rates")) {
            let meaning = help.split(" [default").next().expect("a meaning");
            assert_eq!(*told, format!("{meaning}."), "{name}");
        }
    }
}

/// What a paragraph says of its setting, as one line without the default.
fn meaning(paragraph: &str) -> Option<(&str, String)> {
    let (name, _) = name_and_example(paragraph.lines().last()?)?;
    let lines = paragraph.lines().filter_map(|line| line.strip_prefix("# "));
    let told: Vec<&str> = lines.filter(|line| !line.starts_with("[default: ")).collect();
    Some((name, told.join(" ")))
}

#[test]
fn the_file_changes_nothing_as_it_is() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join(".env"), EXAMPLE).expect("a file");
    let output = run(folder.path(), &["migrate"], &[]);
    assert_eq!(String::from_utf8(output.stdout).expect("text"), "messenger.db is up to date\n");
}

#[test]
fn its_examples_are_understood() {
    for (name, example) in EXAMPLE.lines().filter_map(name_and_example) {
        let folder = TempDir::new().expect("a folder");
        // A folder for the database, which is not made in the one that the example names.
        let example = example.replace("sqlite:///", &format!("sqlite://{}/", folder.path().display()));
        fs::create_dir_all(folder.path().join("var/lib/messenger")).expect("a folder");
        fs::write(folder.path().join(".env"), format!("{name}={example}\n")).expect("a file");
        let output = run(folder.path(), &["migrate"], &[]);
        assert!(output.status.success(), "{name}: {output:?}");
    }
}
