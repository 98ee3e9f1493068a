// What a web team may take for granted about the types of gql.tada. It does not compile when one of these changes.
import type { Equal, Expect } from "../expect";
import type { ErrorCode } from "../generated/gql/graphql";
import type { inbox, message, problem, recent, events, send } from "./documents";
import type { FragmentOf, ResultOf, VariablesOf } from "./graphql";

type Message = ResultOf<typeof message>;
type Inbox = ResultOf<typeof inbox>["conversations"];
type Row = Inbox["nodes"][number];
type Happening = ResultOf<typeof events>["events"]["event"];
type Problem = ResultOf<typeof problem>;

export type Promises = [
  Expect<Equal<Message["id"], string>>,
  Expect<Equal<Message["seq"], number>>,
  Expect<Equal<Message["sentAt"], string>>,
  Expect<Equal<Message["deletedAt"], string | null>>,
  Expect<Equal<Row["__typename"], "Chatroom" | "DirectConversation">>,
  Expect<Equal<Extract<Row, { __typename: "Chatroom" }>["name"], string>>,
  Expect<Equal<Row["lastMessage"], FragmentOf<typeof message> | null>>,
  Expect<Equal<Inbox["pageInfo"], { hasNextPage: boolean; endCursor: string | null }>>,
  Expect<Equal<VariablesOf<typeof inbox>, { first: number; after?: string | null }>>,
  // Both tools read one schema, and find the same codes.
  Expect<Equal<Problem["code"], ErrorCode>>,
  Expect<Equal<Extract<Problem, { __typename: "MessageTooLong" }>["max"], number>>,
  Expect<Equal<ResultOf<typeof send>["sendMessage"]["deduplicated"], boolean>>,
  Expect<Equal<Extract<Happening, { __typename: "MessageSent" }>["message"], FragmentOf<typeof message>>>,
  Expect<Equal<VariablesOf<typeof recent>["window"], { days: number } | { last: number }>>,
];
