//! The schema, taken apart.

use async_graphql::parser::{parse_schema, types::ServiceDocument};
use messenger::graphql::sdl;

/// The schema as the library's parser reads it, and its description, which that parser does not take.
pub fn schema() -> (ServiceDocument, String) {
    let sdl = sdl();
    let parts: Vec<&str> = sdl.rsplitn(3, "\n\"\"\"\n").collect();
    let [roots, description, types] = parts[..] else { panic!("no description") };
    (parse_schema(format!("{types}\n{roots}")).expect("a schema"), description.to_owned())
}
