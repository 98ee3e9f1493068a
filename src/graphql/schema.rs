//! The schema and its export.

use async_graphql::{SDLExportOptions, Schema, SchemaBuilder, ValidationMode};

use super::{
    gate::Gate,
    loaders,
    mutation::Mutation,
    query::Query,
    subscription::Subscription,
    types::{Conversation, Node, Trusting, UserError},
};
use crate::{app::App, config::Limits};

/// The schema as the library runs it.
pub(super) type MessengerSchema = Schema<Query, Mutation, Subscription>;

/// The schema over an application, as far as the gate shows it.
pub(super) fn schema(app: App, gate: &Gate) -> MessengerSchema {
    over(builder(&app.limits), app, gate)
}

/// The same for operations that have run before: it does not look once more at what their variables cannot change, which takes
/// 12 µs for a page of messages, and 10 for a mutation.
///
/// Not for a mutation with several fields: what is wrong with an argument is found only when the library comes to it, after
/// the fields before it have run.
pub(super) fn schema_of_known(app: App, gate: &Gate) -> MessengerSchema {
    over(builder(&app.limits).validation_mode(ValidationMode::Fast), app, gate)
}

fn over(builder: Builder, app: App, gate: &Gate) -> MessengerSchema {
    let builder = loaders::provide(builder, &app).data(app).data(Trusting(gate.is_trusting()));
    if gate.introspection() {
        return builder.finish();
    }
    builder.disable_introspection().disable_suggestions().finish()
}

type Builder = SchemaBuilder<Query, Mutation, Subscription>;

/// The schema to be.
pub(super) fn builder(limits: &Limits) -> Builder {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .register_output_type::<Node>()
        .register_output_type::<Conversation>()
        .register_output_type::<UserError>()
        .limit_aliases(limits.document_aliases)
        .limit_depth(limits.document_depth)
        .limit_recursive_depth(limits.document_recursion)
        .limit_directives(limits.field_directives)
}

/// The schema in GraphQL's own language, with its items sorted: what `schema.graphql` holds.
#[must_use]
pub fn sdl() -> String {
    export(&builder(&Limits::default()).finish())
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
    format!("{}\n", lines.join("\n").trim())
}
