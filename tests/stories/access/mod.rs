//! Who may see and do what: every field of the schema, asked for by everybody.

mod fields;
mod fixtures;
mod leaving;
mod nested;
mod outcome;
mod roots;
mod schema;
mod table;
