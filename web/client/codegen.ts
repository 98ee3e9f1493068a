import type { CodegenConfig } from "@graphql-codegen/cli";
import { addTypenameSelectionDocumentTransform } from "@graphql-codegen/client-preset";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: "operations/*.graphql",
  config: {
    // An id is a text. Left out, the inputs take numbers as well, and every other scalar is `any`.
    scalars: { ID: "string", DateTime: "string" },
    strictScalars: true,
    useTypeImports: true,
  },
  generates: {
    "generated/gql/": {
      preset: "client",
      // As Apollo Client would do while it runs: now the types know, and the documents stay what they are.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: {
        // Not `useFragment`, which linters take for a React hook.
        fragmentMasking: { unmaskFunctionName: "readFragment" },
        // For a server that runs only these: MESSENGER_TRUSTED_DOCUMENTS.
        persistedDocuments: true,
      },
    },
    // For Apollo's `new InMemoryCache(possibleTypes)`.
    "possibleTypes.json": { plugins: ["fragment-matcher"] },
  },
};

export default config;
