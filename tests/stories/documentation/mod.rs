//! What is written for the web team is so.

mod links;
mod page;
mod played;
mod schema;
mod searches;
mod settings;
mod tables;

use page::Page;

/// The pages that have operations with their answers.
pub const README: Page = Page(include_str!("../../../README.md"));
pub const OPERATING: Page = Page(include_str!("../../../docs/operating.md"));
pub const GUIDE: Page = Page(include_str!("../../../docs/web-team.md"));
