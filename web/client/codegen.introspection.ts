// The same from a running server instead of the file.
import config from "./codegen";

const url = process.env["MESSENGER_URL"] ?? "http://127.0.0.1:8080/graphql";
const preset = config.generates["generated/gql/"];
if (preset === undefined) throw new Error("codegen.ts has no client preset");

export default {
  ...config,
  // Left out, the tools do not ask which inputs take exactly one field.
  schema: { [url]: { oneOf: true } },
  generates: { "generated/introspected/": preset },
};
