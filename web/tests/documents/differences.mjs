// Where this server and graphql-js (16.15.0) judge a document differently, each with the reason. Anything else is an error.
//
// `ours` and `theirs` say who accepts it; `when` looks at the messages of the one who refuses it. The example is judged that
// way, or the list is out of date.

export const DIFFERENCES = [
  {
    reason: "the root of a subscription has neither @skip nor @include (September 2025, 5.2.4.1); graphql-js has this rule from 17 on",
    example: "subscription { events @skip(if: true) { cursor } }",
    ours: false,
    theirs: true,
    when: (messages) => messages.some((message) => message.includes("can not specify @skip or @include on root fields")),
  },
  {
    reason: "introspection of a later edition: graphql-js tells of deprecated directives, the executor here does not answer that",
    example: "{ __schema { directives(includeDeprecated: true) { isDeprecated deprecationReason } } }",
    ours: false,
    theirs: true,
    when: (messages) => messages.every((message) => /"(includeDeprecated|isDeprecated|deprecationReason)"/.test(message) && /"__(Directive|Schema\.directives)"/.test(message)),
  },
];
