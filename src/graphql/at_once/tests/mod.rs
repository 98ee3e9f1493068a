//! What is written at once is what the library says, byte by byte.

mod both_ways;
mod document;
mod draw;
mod kinds;
mod people;
mod stage;
