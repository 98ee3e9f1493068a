// The rules of graphql-eslint, all of them, over the schema and over the operations of a web team; what is switched off
// says why. Run in the repository's root, because ESLint looks at nothing above the folder it runs in.
import graphql from "@graphql-eslint/eslint-plugin";

const OPERATIONS = "web/client/operations/*.graphql";

export default [
  {
    files: ["schema.graphql", OPERATIONS],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@graphql-eslint": graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: "schema.graphql", documents: OPERATIONS } },
    },
  },
  {
    files: ["schema.graphql"],
    rules: {
      ...graphql.configs["flat/schema-all"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      // The schema is the documentation: every field, argument and value says what it is.
      "@graphql-eslint/require-description": [
        "error",
        {
          types: true,
          DirectiveDefinition: true,
          EnumValueDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          // Those of GraphQL itself: @include, @skip, @specifiedBy.
          ignoredSelectors: ["DirectiveDefinition InputValueDefinition"],
        },
      ],
      // Lists of known, short length are lists: reactions, participants, results, errors.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
      // Inboxes and lists of people are read in one direction; messages in both.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // `messenger schema` prints everything by its name; the rule wants `id` first and `createdAt` last.
      "@graphql-eslint/alphabetize": "off",
      // Messages are sent and followed here: all three roots are wanted.
      "@graphql-eslint/no-root-type": "off",
      // A username is one word, and the name of nothing else.
      "@graphql-eslint/no-typename-prefix": "off",
      // Payloads give what changed, with its id: a cache needs no second query in the mutation.
      "@graphql-eslint/require-field-of-type-query-in-mutation-result": "off",
      // A refused mutation has a payload that says why. A list that cannot be read is an error, and no empty list.
      "@graphql-eslint/require-nullable-result-in-root": "off",
      // What can be fetched by an id implements Node, which has it; everything else is a value of its parent.
      "@graphql-eslint/strict-id-in-types": "off",
    },
  },
  {
    files: [OPERATIONS],
    rules: {
      ...graphql.configs["flat/operations-all"].rules,
      // Fields stand in the order in which one reads them: id first.
      "@graphql-eslint/alphabetize": "off",
      // A file is a part of the client: the operations that it needs, and the fragments that are its own.
      "@graphql-eslint/lone-executable-definition": "off",
      "@graphql-eslint/match-document-filename": "off",
      // A fragment names what a component shows, be it in one place.
      "@graphql-eslint/no-one-place-fragments": "off",
      // The client preset finds fragments by their names, in all files.
      "@graphql-eslint/require-import-fragment": "off",
    },
  },
];
