//! The schema and its export.

use async_graphql::{SDLExportOptions, Schema, SchemaBuilder, ValidationMode};

use super::{
    document_policy::DocumentPolicy,
    limits::MAX_NESTING,
    mutation::Mutation,
    query::Query,
    subscription::Subscription,
    types::{Conversation, Node, Trusting, UserError},
};
use crate::app::App;

/// What the API is, as introspection and the exported schema say it.
pub(super) const DESCRIPTION: &str = "The API of Messenger: people write to each other directly or in chatrooms, read and search what was written, and follow what happens while it happens.";

/// The schema as the library runs it.
pub(super) type MessengerSchema = Schema<Query, Mutation, Subscription>;

/// The schema over an application, as far as the gate shows it.
pub(super) fn schema(app: App, policy: &DocumentPolicy) -> MessengerSchema {
    over(builder(), app, policy)
}

fn over(builder: Builder, app: App, policy: &DocumentPolicy) -> MessengerSchema {
    let builder = builder.data(app).data(Trusting(policy.is_trusting()));
    if policy.introspection() {
        return builder.finish();
    }
    builder.disable_introspection().disable_suggestions().finish()
}

type Builder = SchemaBuilder<Query, Mutation, Subscription>;

/// The schema to be. It neither validates nor limits: a document has passed the front door, as have its variables.
fn builder() -> Builder {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .register_output_type::<Node>()
        .register_output_type::<Conversation>()
        .register_output_type::<UserError>()
        .validation_mode(ValidationMode::Fast)
        // The library's own default is lower than what a setting may allow.
        .limit_recursive_depth(MAX_NESTING + 1)
}

/// The schema in GraphQL's own language, with its items sorted: what `schema.graphql` holds.
#[must_use]
pub fn sdl() -> String {
    export(&builder().finish())
}

/// The schema as the library's parser reads it, which takes no description of a schema.
#[cfg(test)]
pub(super) fn parsed() -> async_graphql::parser::types::ServiceDocument {
    let description = format!("\"\"\"\n{DESCRIPTION}\n\"\"\"\nschema");
    async_graphql::parser::parse_schema(sdl().replace(&description, "schema")).expect("a schema")
}

/// The same of a schema that is there already.
pub(super) fn export(schema: &MessengerSchema) -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    let text = schema.sdl_with_options(options);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("{}\n", described(lines.join("\n").trim()))
}

/// The same with the description of the schema, for which the library has no place.
fn described(text: &str) -> String {
    match text.rsplit_once("\nschema {") {
        Some((before, roots)) => format!("{before}\n\"\"\"\n{DESCRIPTION}\n\"\"\"\nschema {{{roots}"),
        None => text.to_owned(),
    }
}
