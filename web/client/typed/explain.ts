import type { ErrorCode, ProblemFragment } from "../generated/gql/graphql";

/** What a form says beside a field, from the facts that the error carries. */
export function explain(problem: ProblemFragment): string {
  switch (problem.__typename) {
    case "MessageTooLong":
      return `${problem.actual} characters, and ${problem.max} are the most`;
    case "UsernameTaken":
      return `${problem.username} is taken`;
    case "SeqOutOfRange":
      return `the newest message is ${problem.latestSeq}`;
    case "TooManyReactions":
      return `no more than ${problem.max} different reactions`;
    case "InvitationRefused":
      return `${problem.userId} cannot be added`;
    case "ChatroomFull":
      return `no more than ${problem.max} members`;
    case "TooManyChatrooms":
      return `${problem.userId} is in ${problem.max} chatrooms already`;
    case "IdempotencyConflict":
      return `the key belongs to ${problem.messageId ?? "another message of the batch"}`;
    case "NotFound":
      return `${problem.unknownId} is gone`;
    case "InvalidId":
      return `not the id of a ${problem.expectedPrefixes.join(" or ")}`;
    case "RateLimited":
      return `too often: again in ${Math.ceil(problem.retryAfterMs / 1000)} s`;
    case "InvalidInput":
    case "Refused":
      return problem.message;
    default:
      // A kind of error that is new in the schema does not compile here.
      return problem satisfies never;
  }
}

const REPEATABLE: readonly ErrorCode[] = [
  "EXECUTION_TIMEOUT",
  "OVERLOADED",
  "RATE_LIMITED",
  "REQUEST_TIMEOUT",
  "UNAVAILABLE",
];

/** Whether the same mutation, with the same `clientMessageId`, may do better in a while. */
export function isWorthRepeating(problem: ProblemFragment): boolean {
  return REPEATABLE.includes(problem.code);
}
