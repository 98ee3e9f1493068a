//! What is rendered is what the library answers, byte by byte.

mod both_ways;
mod document;
mod draw;
mod fixture;
mod kinds;
mod people;
