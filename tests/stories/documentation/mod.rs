//! What is written for the web team is so.

mod links;
mod page;
mod played;
mod schema;
mod searches;
mod tables;

use page::Page;

/// The pages that have operations with their answers.
pub const README: Page = Page(include_str!("../../../README.md"));
pub const GUIDE: Page = Page(include_str!("../../../docs/web-team.md"));
