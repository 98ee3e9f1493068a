import type { MessageFieldsFragment } from "../generated/graphql";

/** What the text that is written will become. */
export type Intent =
  | { kind: "new" }
  | { kind: "reply"; message: MessageFieldsFragment }
  | { kind: "edit"; message: MessageFieldsFragment };
