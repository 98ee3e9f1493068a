import { CombinedGraphQLErrors } from "@apollo/client";
import type { ErrorCode, RefusalFieldsFragment } from "../generated/graphql";

/** A mutation that was answered with `errors`, and changed nothing. */
export class Refusal extends Error {
  constructor(readonly first: RefusalFieldsFragment) {
    super(first.message);
  }
}

/** Throws what the payload of a mutation says against it. */
export function accepted<Payload extends { errors: readonly RefusalFieldsFragment[] }>(payload: Payload | undefined): Payload {
  if (!payload) throw new Error("no answer");
  const [first] = payload.errors;
  if (first) throw new Refusal(first);
  return payload;
}

// The code decides; the server's own words are for what has none here.
const WORDS: Partial<Record<ErrorCode, string>> = {
  ACTING_USER_UNKNOWN: "There is nobody of this name here any more.",
  CHATROOM_FULL: "The room has as many members as it can have.",
  EXECUTION_TIMEOUT: "The server took too long.",
  IDEMPOTENCY_CONFLICT: "Something else was sent under the same key.",
  INTERNAL: "The server failed.",
  INVITATION_REFUSED: "Somebody does not want to be added: they do not take your invitations, or they have left.",
  MESSAGE_DELETED: "This message was deleted meanwhile.",
  NOT_FOUND: "This is not there, or not for you.",
  NOT_OWNER: "Only the owner of the room may do this.",
  NOT_SENDER: "Only who sent a message may change it.",
  OVERLOADED: "The server has too much to do. Try again in a moment.",
  SEARCH_TOO_EXPENSIVE: "There is too much to look through. Use longer words, or search in one conversation.",
  TOO_MANY_CHATROOMS: "Somebody is in as many rooms as one can be in.",
  TOO_MANY_REACTIONS: "This message has as many different reactions as it can have.",
  UNAVAILABLE: "The server cannot write just now.",
  USERNAME_TAKEN: "Somebody has this username.",
};

/** The code of a failure; `null` when no answer came. */
export function codeOf(error: unknown): ErrorCode | null {
  if (error instanceof Refusal) return error.first.code;
  if (CombinedGraphQLErrors.is(error)) return (error.errors[0]?.extensions?.code as ErrorCode | undefined) ?? null;
  return null;
}

/** What to tell a person about a failure. */
export function explain(error: unknown): string {
  if (error instanceof Refusal) return explainRefusal(error.first);
  if (CombinedGraphQLErrors.is(error)) return WORDS[codeOf(error) ?? "INTERNAL"] ?? error.errors[0]?.message ?? error.message;
  return "The server cannot be reached.";
}

function explainRefusal(refusal: RefusalFieldsFragment): string {
  if (refusal.__typename === "MessageTooLong") return `${refusal.actual} characters are too many: ${refusal.max} are allowed.`;
  if (refusal.__typename === "RateLimited") return `Too often: try again in ${Math.ceil(refusal.retryAfterMs / 1000)} s.`;
  return WORDS[refusal.code] ?? refusal.message;
}
