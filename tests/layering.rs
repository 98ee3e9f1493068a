//! The rules of the architecture, checked against the source: what may import what, how long a file may be,
//! and what a room is called.
#![allow(clippy::expect_used, reason = "clippy only knows functions marked as tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rooms, top to bottom. Imports point down this list only; rooms on one floor do not import each other.
const FLOORS: [&[&str]; 9] = [
    &["cli"],
    &["http"],
    &["graphql"],
    &["domain"],
    &["app"],
    &["live", "presence", "media", "auth", "rates"],
    &["models"],
    &["store"],
    &["types", "config"],
];

/// At the root beside the rooms: the library's list of rooms, and the binary, which only uses the library.
const ROOTS: [&str; 2] = ["lib", "main"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = ["common", "helper", "helpers", "manager", "misc", "shared", "util", "utils"];

const MAX_LINES: usize = 300;

/// Libraries that only these rooms know.
const KNOWN_TO: [(&str, &[&str]); 12] = [
    ("async_graphql", &["graphql", "http"]),
    ("axum", &["http"]),
    ("clap", &["cli", "config"]),
    ("diesel", &["domain", "live", "models", "store", "types"]),
    ("diesel_migrations", &["store"]),
    ("flate2", &["http"]),
    ("icu_casemap", &["types"]),
    ("icu_normalizer", &["types"]),
    ("icu_properties", &["types"]),
    ("jsonwebtoken", &["auth"]),
    ("reqwest", &["auth"]),
    ("rust_embed", &["http"]),
];

struct Source {
    /// Below `src/`, with slashes.
    path: String,
    /// What is written there.
    text: String,
}

impl Source {
    /// The room it belongs to.
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs")
    }

    /// The code without its comments.
    fn code(&self) -> String {
        let code_of = |line: &'_ str| match line.trim_start() {
            comment if comment.starts_with("//") => String::new(),
            _ => line.split(" // ").next().unwrap_or_default().to_owned(),
        };
        self.text.lines().map(code_of).collect::<Vec<_>>().join("\n")
    }
}

/// All of `src/`.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 50, "the source is somewhere else: {}", files.len());
    let source = |file: PathBuf| Source {
        path: file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/"),
        text: fs::read_to_string(file).expect("a source file"),
    };
    files.into_iter().map(source).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Fails with everything that was found, not only with the first of it.
fn assert_none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The first steps of every `crate::…` path, also of each path in a `crate::{…}`.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        if !ends_a_word(&code[..at]) {
            found.extend(first_steps(&code[at + path.len()..]));
        }
    }
    found
}

/// Whether what comes next would belong to the same name.
fn ends_a_word(before: &str) -> bool {
    before.ends_with(|last: char| last.is_alphanumeric() || last == '_')
}

fn first_steps(path: &str) -> Vec<String> {
    let Some(tree) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut steps = vec![word(tree)];
    let mut depth = 1;
    for (at, character) in tree.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => steps.push(word(&tree[at + 1..])),
            _ => {}
        }
    }
    // After a last comma comes nothing.
    steps.retain(|step| !step.is_empty());
    steps
}

fn word(text: &str) -> String {
    let letters = text.trim_start().chars();
    letters.take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let code = "
        use crate::app::App;
        use crate::{
            domain::{self, error::{A, B}, find},
            models,
            types::{Bounds, Page},
        };
        pub(crate) fn f(x: crate::store::Connection) -> other_crate::http::X {}
    ";
    assert_eq!(imports(code), ["app", "domain", "models", "types", "store"]);
}

#[test]
fn every_room_has_its_floor() {
    let unknown = |source: &Source| {
        let room = source.room();
        (floor(room).is_none() && !ROOTS.contains(&room)).then(|| format!("{} is on no floor", source.path))
    };
    assert_none(&sources().iter().filter_map(unknown).collect::<Vec<_>>());
}

#[test]
fn imports_point_down() {
    let mut broken = Vec::new();
    for source in sources() {
        let room = source.room();
        for import in imports(&source.code()) {
            let down = import == room || floor(&import).is_some_and(|below| floor(room) < Some(below));
            if !down {
                broken.push(format!("{}: crate::{import} is not below {room}", source.path));
            }
        }
    }
    assert_none(&broken);
}

/// Such a path could leave its room unseen.
#[test]
fn nobody_climbs_two_floors_at_once() {
    let climbs = |source: &Source| {
        source
            .code()
            .contains("super::super")
            .then(|| format!("{}: write crate:: instead of super::super", source.path))
    };
    assert_none(&sources().iter().filter_map(climbs).collect::<Vec<_>>());
}

#[test]
fn the_binary_only_uses_the_library() {
    let main = sources().into_iter().find(|source| source.path == "main.rs");
    let code = main.expect("a binary").code();
    assert!(!code.contains("mod ") && !code.contains("crate::"), "{code}");
}

#[test]
fn no_file_is_long_and_no_name_is_empty() {
    let mut broken = Vec::new();
    for Source { path, text } in sources() {
        let lines = text.lines().count();
        if lines > MAX_LINES {
            broken.push(format!("{path} has {lines} lines; split it at a noun"));
        }
        let names = path.trim_end_matches(".rs").split('/');
        for name in names.filter(|name| EMPTY_NAMES.contains(name)) {
            broken.push(format!("{path}: {name} says nothing"));
        }
    }
    assert_none(&broken);
}

#[test]
fn front_doors_declare_and_reexport() {
    let mut broken = Vec::new();
    for source in sources().into_iter().filter(|source| source.path.ends_with("mod.rs")) {
        let code = source.code();
        broken
            .extend(code.lines().filter(|line| defines(line)).map(|line| format!("{}: {line}", source.path)));
    }
    assert_none(&broken);
}

/// Whether a line starts the definition of something, whatever stands before the keyword.
fn defines(line: &str) -> bool {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| word.starts_with("pub") || ["async", "const", "unsafe"].contains(word));
    let keyword = words.next().unwrap_or_default();
    ["enum", "fn", "impl", "static", "struct", "trait", "type"]
        .iter()
        .any(|definition| keyword == *definition || keyword.starts_with(&format!("{definition}<")))
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for source in sources() {
        let code = source.code();
        for (library, rooms) in KNOWN_TO {
            if mentions(&code, library) && !rooms.contains(&source.room()) {
                broken.push(format!("{} knows {library}, as only {rooms:?} should", source.path));
            }
        }
    }
    assert_none(&broken);
}

/// JSON from outside may be nested until the stack overflows, so it is bounded before it is parsed, in one place; and never
/// becomes the one type in which a key of `serde_json`'s own begins a parser anew.
#[test]
fn json_comes_in_through_one_door() {
    const DOOR: &str = "types/json.rs";
    let parses = ["serde_json::from_", "serde_json::Value", "serde_json::Map", "serde_json::Deserializer"];
    let mut broken = Vec::new();
    for source in sources().into_iter().filter(|source| !source.path.contains("/tests/")) {
        let code = source.code();
        let (program, _) = code.split_once("#[cfg(test)]").unwrap_or((&code, ""));
        let listed = program.lines().filter(|line| line.contains("serde_json::{"));
        let listed = listed.filter(|line| ["Value", "Map", "from_"].iter().any(|name| line.contains(name)));
        let named = parses.iter().filter(|path| program.contains(**path) && source.path != DOOR);
        broken.extend(named.copied().chain(listed).map(|what| format!("{}: {what}", source.path)));
    }
    assert_none(&broken);
}

/// Whether a path starts with the name of this library.
fn mentions(code: &str, library: &str) -> bool {
    let starts_here = |at: usize| !ends_a_word(&code[..at]) && code[at + library.len()..].starts_with("::");
    code.match_indices(library).any(|(at, _)| starts_here(at))
}

/// A row is not an answer: what is stored and what is shown change for different reasons.
#[test]
fn no_type_is_both_a_row_and_an_answer() {
    const ROW: [&str; 4] = ["Queryable", "Insertable", "Selectable", "AsChangeset"];
    const ANSWER: [&str; 6] = ["SimpleObject", "InputObject", "OneofObject", "Interface", "Union", "Enum"];
    let mut broken = Vec::new();
    for source in sources() {
        let code = source.code();
        for head in code.split(['{', '}', ';']).filter(|head| head.contains("derive(")) {
            let derives = |names: &[&str]| derived(head).iter().any(|name| names.contains(&name.as_str()));
            if derives(&ROW) && derives(&ANSWER) {
                let item = head.trim().lines().last().unwrap_or_default();
                broken.push(format!("{}: {item}", source.path));
            }
        }
    }
    assert_none(&broken);
}

/// The names in the derives of an item's head, without their paths.
fn derived(head: &str) -> Vec<String> {
    let lists = head.split("derive(").skip(1).filter_map(|rest| rest.split(')').next());
    lists
        .flat_map(|list| list.split(','))
        .filter_map(|name| name.rsplit("::").next())
        .map(|name| name.trim().to_owned())
        .collect()
}
