//! What a document asks of one type of event, as a text that is equal when the answers are.

use async_graphql::{
    Positioned,
    parser::types::{Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};

use super::shareable::{EVENT, LEAF, ROOT, type_of};

/// What a subscription asks of the events of one type, with its fragments written out and without what is about others.
///
/// `None` when the answer could differ from one follower to the next: it asks for a field that is not
/// `shareable`, or something hangs on a directive or an argument. The arguments of the root field say what is
/// told and not how.
pub(super) fn shareable_selection(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    event: &'static str,
) -> Option<EventSelection> {
    let selection = EventSelection { text: String::new(), is_nothing: true };
    let mut writer = Writer { document, event, selection };
    writer.set(&operation.selection_set.node, ROOT)?;
    Some(writer.selection)
}

/// The selection on one type of event.
pub(super) struct EventSelection {
    /// Equal when the answers are.
    pub(super) text: String,
    /// Whether no field is selected that only this type has.
    pub(super) is_nothing: bool,
}

struct Writer<'a> {
    document: &'a ExecutableDocument,
    /// The type of the event.
    event: &'static str,
    selection: EventSelection,
}

impl Writer<'_> {
    /// Recurses no deeper than the document was found to be.
    fn set(&mut self, set: &SelectionSet, parent: &str) -> Option<()> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::InlineFragment(inline) => {
                    require_none(&inline.node.directives)?;
                    let condition = inline.node.type_condition.as_ref();
                    let condition = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                    self.fragment(&inline.node.selection_set.node, parent, condition)?;
                }
                Selection::FragmentSpread(spread) => {
                    require_none(&spread.node.directives)?;
                    let fragment = &self.document.fragments.get(&spread.node.fragment_name.node)?.node;
                    require_none(&fragment.directives)?;
                    let condition = fragment.type_condition.node.on.node.as_str();
                    self.fragment(&fragment.selection_set.node, parent, condition)?;
                }
            }
        }
        Some(())
    }

    fn fragment(&mut self, set: &SelectionSet, parent: &str, condition: &str) -> Option<()> {
        let is_of_event = |name: &str| name == EVENT || name == self.event;
        if is_of_event(parent) {
            // Selections on other events do not apply to this one.
            return if is_of_event(condition) { self.set(set, self.event) } else { Some(()) };
        }
        // "Message, answered" stays what it is inside of `... on Message`; through an interface one would come out of it.
        let (base, is_special) = parent.split_once(',').map_or((parent, false), |(base, _)| (base, true));
        if is_special && base != condition {
            return None;
        }
        self.selection.text.push_str("...on ");
        self.selection.text.push_str(condition);
        self.braces(set, if is_special { parent } else { condition })
    }

    fn field(&mut self, field: &Field, parent: &str) -> Option<()> {
        require_none(&field.directives)?;
        let name = field.name.node.as_str();
        let of_type = if name == "__typename" { LEAF } else { type_of(parent, name)? };
        if !field.arguments.is_empty() && parent != ROOT {
            return None;
        }
        self.selection.is_nothing &= parent != self.event || name == "__typename";
        self.selection.text.push_str(field.response_key().node.as_str());
        self.selection.text.push(':');
        self.selection.text.push_str(name);
        self.selection.text.push(' ');
        if of_type == LEAF { Some(()) } else { self.braces(&field.selection_set.node, of_type) }
    }

    fn braces(&mut self, set: &SelectionSet, parent: &str) -> Option<()> {
        self.selection.text.push('{');
        self.set(set, parent)?;
        self.selection.text.push('}');
        Some(())
    }
}

fn require_none(directives: &[Positioned<Directive>]) -> Option<()> {
    directives.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn selection(document: &str) -> Option<String> {
        let document = parse_query(document).expect("a document");
        let (_, operation) = document.operations.iter().next().expect("an operation");
        shareable_selection(&document, &operation.node, "MessageSent").map(|selection| selection.text)
    }

    #[test]
    fn equal_questions_are_equal_texts() {
        let plain = "subscription ($me: ID) { events(userId: $me) { cursor event { ... on MessageSent { message { id } } } } }";
        let expected = "events:events {cursor:cursor event:event {message:message {id:id }}}";
        assert_eq!(selection(plain).as_deref(), Some(expected));
        let others = [
            "subscription Other { events(after: \"a\") { cursor event { ... on ReactionAdded { emoji @skip(if: true) } ...Sent } } }
             fragment Sent on MessageSent { message { id } }",
            "subscription { ...Root } fragment Root on Subscription { events { cursor event { ... on MessageSent { message { id } } } } }",
        ];
        assert_eq!(selection(others[0]).as_deref(), Some(expected));
        assert_eq!(selection(others[1]), Some(format!("...on Subscription{{{expected}}}")));
    }

    #[test]
    fn what_may_differ_is_not_alike() {
        let asking = |message: &str| {
            format!("subscription {{ events {{ event {{ ... on MessageSent {message} }} }} }}")
        };
        let table = [
            ("{ message { text } }", true),
            ("{ message { mine: clientMessageId } }", true),
            ("{ message { replyTo { ... on Message { text } } } }", true),
            ("{ message { replyTo { ... on Message { clientMessageId } } } }", false),
            ("{ message { replyTo { ... on Node { id ... on Message { clientMessageId } } } } }", false),
            ("{ message { text @include(if: true) } }", false),
            ("@include(if: true) { message { text } }", false),
            ("{ message { sender { presence { status } } } }", false),
            ("{ message { reactions { viewerHasReacted } } }", false),
            ("{ message { conversation { ... on Chatroom { name } } } }", true),
            ("{ message { conversation { unreadCount } } }", false),
            ("{ message { conversation { messages(first: 1) { nodes { id } } } } }", false),
        ];
        for (message, is_alike) in table {
            assert_eq!(selection(&asking(message)).is_some(), is_alike, "{message}");
        }
    }
}
