//! Every setting that cannot be used is refused in one line, which names both its forms and says what is allowed.

use clap::{Arg, Command};
use messenger::config::Setting;
use tempfile::TempDir;

use crate::{
    bad_start::refuses,
    settings::told_range,
    support::{folder, run},
};

/// What no line may show: a part of each value that can hold a secret.
const HIDDEN: &str = "open-sesame";
const DATABASE: &str = "mysql://me:open-sesame@host/db";
const SWITCH: &str = "is neither on nor off";
const RATE: &str = "is no rate; give how many a second and how many at once, such as 10:100, or off";
const NO_KEY: &str = "is set, and no key to verify tokens with; set MESSENGER_JWT_SECRET";

/// The settings that are no numbers: a value that cannot be used, and what is said of it.
const BAD: [(&str, &str, &str); 28] = [
    ("DATABASE_URL", DATABASE, "the scheme mysql: is unknown; use a path or sqlite://path"),
    ("MESSENGER_ADDR", "nonsense", "such as 127.0.0.1:8080"),
    ("MESSENGER_ALLOWED_ORIGINS", "chat.example", "is no origin; write scheme://host"),
    ("MESSENGER_ALLOW_OPEN", "yes", "is neither 1 nor 0"),
    ("MESSENGER_CHAT", "yes", SWITCH),
    ("MESSENGER_DB_SQLITE_FILE", DATABASE, "the scheme mysql: is unknown; use a path or sqlite://path"),
    ("MESSENGER_GRAPHIQL", "yes", SWITCH),
    ("MESSENGER_INTROSPECTION", "yes", SWITCH),
    ("MESSENGER_JWKS_FILE", "missing.json", "it cannot be read: "),
    ("MESSENGER_JWKS_URL", "ftp://me:open-sesame@host", "it must begin with https:// or http://"),
    ("MESSENGER_JWT_AUDIENCE", HIDDEN, NO_KEY),
    ("MESSENGER_JWT_ISSUER", HIDDEN, NO_KEY),
    ("MESSENGER_JWT_PUBLIC_KEY_FILE", "missing.pem", "it cannot be read: "),
    ("MESSENGER_JWT_SECRET", HIDDEN, "the secret has 11 bytes and must have 32 or more"),
    ("MESSENGER_LOG", "loud", "is no level; use error, warn, info, debug, trace or off"),
    ("MESSENGER_LOG", "info,loud", "is no level; use error, warn, info, debug, trace or off"),
    ("MESSENGER_RATE_CONNECTS", "fast", RATE),
    ("MESSENGER_RATE_EVENT_VALUES", "10", RATE),
    ("MESSENGER_RATE_INVITES", "0:10", RATE),
    ("MESSENGER_RATE_MESSAGES", "10:0", RATE),
    ("MESSENGER_RATE_MUTATIONS", "10:10:10", RATE),
    ("MESSENGER_RATE_QUERIES", "-1:10", RATE),
    ("MESSENGER_RATE_REQUESTS", "1.5:10", RATE),
    ("MESSENGER_RATE_SENDS", "10:4294967296", RATE),
    ("MESSENGER_TRUSTED_DOCUMENTS", "missing.json", "it cannot be read: "),
    ("MESSENGER_TRUSTED_PROXIES", "proxy.example", "is no IP address; give addresses with commas between"),
    ("MESSENGER_TRUSTED_PROXIES", "10.0.0.0/8", "is no IP address; give addresses with commas between"),
    ("MESSENGER_USERNAME_CHANGES", "yes", SWITCH),
];

/// An address that is free, in case that a setting should be accepted.
const FREE: (&str, &str) = ("MESSENGER_ADDR", "127.0.0.1:0");

/// The options of `serve` that are settings too: each with its variable and its flag.
fn settings() -> Vec<(String, String, Arg)> {
    let mut command: Command = messenger::cli::command();
    command.build();
    let serve = command.find_subcommand("serve").expect("the command").clone();
    let forms = |argument: &Arg| {
        let variable = argument.get_env()?.to_str()?.to_owned();
        Some((variable, format!("--{}", argument.get_long()?), argument.clone()))
    };
    serve.get_arguments().filter_map(forms).collect()
}

/// A start with a value that cannot be used; the line must tell all of this.
fn is_refused(folder: &TempDir, [variable, flag]: [&str; 2], value: &str, allowed: &str) {
    let outputs = [
        run(folder.path(), &["serve"], &[FREE, (variable, value)]),
        run(folder.path(), &["serve", &format!("{flag}={value}")], &[FREE]),
    ];
    for output in outputs {
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{variable}={value}: {said}");
        assert!(said.starts_with("messenger: "), "{said}");
        let shown = value.rsplit(',').next().filter(|value| !value.contains(HIDDEN) && *value != DATABASE);
        for part in [variable, flag, allowed, shown.unwrap_or_default()] {
            assert!(said.contains(part), "{variable}={value}: {part} is missing in: {said}");
        }
        assert!(!said.contains(HIDDEN), "{said}");
    }
}

#[test]
fn each_setting_is_refused_with_both_its_names_and_what_is_allowed() {
    let folder = folder();
    for (variable, flag, argument) in settings() {
        let names = [variable.as_str(), flag.as_str()];
        let bad = BAD.iter().filter(|(name, ..)| *name == variable).collect::<Vec<_>>();
        for (_, value, allowed) in &bad {
            is_refused(&folder, names, value, allowed);
        }
        let Some([least, most]) = told_range(&argument.get_help().expect("a help").to_string()) else {
            assert!(!bad.is_empty(), "{variable}: no value is known that it cannot have");
            continue;
        };
        let allowed = format!("is not a number from {least} to {most}");
        is_refused(&folder, names, &(most + 1).to_string(), &allowed);
        is_refused(
            &folder,
            names,
            &least.checked_sub(1).map_or("-1".into(), |less| less.to_string()),
            &allowed,
        );
    }
}

#[test]
fn no_setting_may_be_empty() {
    let folder = folder();
    for (variable, flag, _) in settings() {
        let expected = format!("{variable} or {flag} is empty; give it a value, or remove it");
        refuses(&folder, &["serve"], &[FREE, (&variable, " ")], &expected);
        refuses(&folder, &["serve", &format!("{flag}=")], &[FREE], &expected);
    }
    for (variable, flag) in [
        ("MESSENGER_ALLOWED_ORIGINS", "--allowed-origins"),
        ("MESSENGER_TRUSTED_PROXIES", "--trusted-proxies"),
    ] {
        let expected = format!("{variable} or {flag} is empty; give it a value, or remove it");
        refuses(&folder, &["serve"], &[FREE, (variable, " ,, ")], &expected);
    }
}

#[test]
fn a_setting_is_shown_with_the_flag_that_there_is() {
    for (variable, flag, _) in settings() {
        let variable: &'static str = variable.leak();
        assert_eq!(Setting(variable).flag(), flag);
    }
}

#[test]
fn a_variable_that_is_meant_for_a_setting_is_refused() {
    let folder = folder();
    let misspelt = "MESSENGER_JWT_SECRETT is no setting of Messenger; did you mean MESSENGER_JWT_SECRET? Rename it, or \
                    remove it";
    let secret = ("MESSENGER_JWT_SECRETT", HIDDEN);
    for arguments in [["serve"].as_slice(), &["migrate"], &["token", "betty"], &["seed"], &["example-setup"]]
    {
        refuses(&folder, arguments, &[FREE, secret], misspelt);
    }
    std::fs::write(folder.path().join(".env"), "MESSENGER_MAX_BODY_BYTE=2048\n").expect("a file");
    let misspelt = "MESSENGER_MAX_BODY_BYTE is no setting of Messenger; did you mean MESSENGER_MAX_BODY_BYTES? Rename it, \
                    or remove it";
    refuses(&folder, &["serve"], &[FREE], misspelt);
}

#[test]
fn a_variable_that_another_version_may_know_is_warned_of_once() {
    let folder = folder();
    let others = [("MESSENGER_MAX_USER_DEVICES", "5"), ("OTHER", "")];
    let output = run(folder.path(), &["schema"], &others);
    let said = String::from_utf8(output.stderr).expect("text");
    let warning =
        "MESSENGER_MAX_USER_DEVICES is no setting of Messenger; did you mean MESSENGER_MAX_USER_SOCKETS?\n";
    assert!(said.contains(" WARN ") && said.ends_with(warning), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(output.status.success());
}

#[test]
fn a_value_that_is_no_text_is_refused_by_its_name() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt, process::Command};
    let folder = folder();
    let output = Command::new(env!("CARGO_BIN_EXE_messenger"))
        .current_dir(folder.path())
        .env_clear()
        .env("MESSENGER_ADDR", OsStr::from_bytes(b"\xff"))
        .output()
        .expect("the program starts");
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(said, "messenger: MESSENGER_ADDR: its value is no UTF-8 text\n");
    assert_eq!(output.status.code(), Some(1));
}
