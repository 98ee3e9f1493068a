import config from "../codegen";

export default {
  ...config,
  documents: "mistakes/viewer.graphql",
  generates: { "generated/mistakes/": { preset: "client" } },
};
