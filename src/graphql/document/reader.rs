//! The front door: from a text to a document that may run.

use std::{collections::HashSet, sync::Arc};

use apollo_compiler::{
    Schema,
    ast::Document as WrittenDocument,
    executable::{ExecutableDocument, OperationType as Kind},
    schema::ExtendedType,
    validation::Valid,
};
use async_graphql::parser::types::OperationType;

use super::{
    Described, Document, Operation,
    cost::Cost,
    diagnostics::{Refusals, refusals},
    introspection, literals, measure,
    normalise::{Normal, normalise},
    positions::Positions,
    roots, scan, syntax, typed_schema,
    usages::Usages,
    variables::Variable,
};
use crate::{
    config::Limits,
    graphql::{
        error::RequestError,
        limits::{MAX_ERRORS, PageSize},
        render::Merging,
    },
};

/// Reads documents against one schema.
pub(in crate::graphql) struct Reader {
    pub(super) schema: Valid<Schema>,
    /// The names of the fields that give several items.
    lists: HashSet<String>,
    /// Whether a document may ask for the schema.
    pub(in crate::graphql) introspection: bool,
    pub(in crate::graphql) limits: Arc<Limits>,
}

impl Reader {
    /// Reads documents against the schema in this text. Without introspection no message suggests a name of it.
    pub(in crate::graphql) fn of(sdl: &str, introspection: bool, limits: Arc<Limits>) -> Self {
        let schema = typed_schema::read(sdl);
        let lists = list_fields(&schema);
        Self { schema, lists, introspection, limits }
    }

    /// The document of a text, or what is wrong with it: at most [`MAX_ERRORS`] errors, in the order of the
    /// text; the last one says how many more there are.
    ///
    /// Each step makes the next one safe: the scan bounds what the parser recurses along, and measuring bounds what
    /// validation follows.
    pub(in crate::graphql) fn read(&self, text: &str) -> Result<Document, Vec<RequestError>> {
        let scanned = scan::check(text, &self.limits)?;
        let positions = Positions::of(text);
        let written = syntax::parse(&scanned, &positions)?;
        measure::check(&written, &positions, &self.limits)?;
        if !self.introspection {
            introspection::refuse(&written, &positions)?;
        }
        let typed = self.validate(&written, &positions)?;
        let introspects = introspection::is_asked(&written);
        Ok(Document { introspects, ..self.finish(&typed, &positions) })
    }

    fn validate(
        &self,
        written: &WrittenDocument,
        positions: &Positions<'_>,
    ) -> Result<Valid<ExecutableDocument>, Vec<RequestError>> {
        let (typed, Refusals { told: mut wrong, mut more }) =
            match written.to_executable_validate(&self.schema) {
                Ok(typed) => (typed, Refusals::default()),
                Err(problem) => {
                    let suggest = self.introspection.then_some(&*self.schema);
                    let refusals = refusals(&problem.errors, written, positions, suggest);
                    (Valid::assume_valid(problem.partial), refusals)
                }
            };
        wrong.extend(literals::fields_given_twice(written, positions));
        for operation in typed.operations.iter() {
            wrong.extend(roots::check(&typed, operation, positions));
            let usages = Usages::of(&self.schema, &typed, operation);
            wrong.extend(usages.check_defaults(operation, positions));
        }
        wrong.sort_by_key(RequestError::place);
        more += wrong.len().saturating_sub(MAX_ERRORS);
        wrong.truncate(MAX_ERRORS);
        match wrong.last_mut() {
            None => Ok(typed),
            Some(last) => {
                last.add_more(more);
                Err(wrong)
            }
        }
    }

    fn finish(&self, typed: &Valid<ExecutableDocument>, positions: &Positions<'_>) -> Document {
        let Normal { document: content, alternatives, mut bytes } = normalise(&self.schema, typed, positions);
        let is_object = |name: &str| self.schema.get_object(name).is_some();
        let merging = Merging::of(&content, |field| self.lists.contains(field), is_object);
        let operations = typed.operations.iter().map(|operation| {
            let usages = Usages::of(&self.schema, typed, operation);
            let variables = operation.variables.iter();
            let known = Operation {
                name: operation.name.as_ref().map(ToString::to_string),
                kind: kind(operation.operation_type),
                has_plain_field: roots::has_plain_field(operation),
                described: Described::by(typed, operation),
                variables: variables
                    .map(|variable| {
                        let must_not_be_null = usages.must_not_be_null(&variable.name);
                        Variable::of(&self.schema, variable, must_not_be_null, positions)
                    })
                    .collect(),
                cost: Cost::of(typed, operation),
            };
            bytes += size_of::<Operation>() + known.variables.len() * size_of::<Variable>();
            bytes += known.cost.bytes() + known.described.bytes();
            known
        });
        let operations = operations.collect();
        Document { content, alternatives, merging, introspects: false, operations, bytes }
    }
}

pub(super) fn kind(kind: Kind) -> OperationType {
    match kind {
        Kind::Query => OperationType::Query,
        Kind::Mutation => OperationType::Mutation,
        Kind::Subscription => OperationType::Subscription,
    }
}

/// The names of the fields that give a page or another list of objects.
fn list_fields(schema: &Schema) -> HashSet<String> {
    let objects = schema.types.iter().filter(|(name, _)| PageSize::of_connection(name).is_none());
    let fields = objects.filter_map(|(_, definition)| match definition {
        ExtendedType::Object(object) => Some(&object.fields),
        ExtendedType::Interface(interface) => Some(&interface.fields),
        _ => None,
    });
    let lists = fields.flat_map(|fields| fields.values()).filter(|field| {
        let of_type = field.ty.inner_named_type();
        let is_leaf = schema.types.get(of_type).is_none_or(ExtendedType::is_leaf);
        PageSize::of_connection(of_type).is_some() || (field.ty.is_list() && !is_leaf)
    });
    lists.map(|field| field.name.to_string()).collect()
}
