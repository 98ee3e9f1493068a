// What a web team may take for granted about the types. It does not compile when one of these changes.
import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import type { Equal, Expect } from "../expect";
import type {
  ChatDocument,
  ChatroomRole,
  ErrorCode,
  EventsDocument,
  HappeningFragment,
  InboxDocument,
  MessageLineFragment,
  PersonFragment,
  PersonPresenceFragment,
  PresenceStatus,
  ProblemFragment,
  RecentWindow,
  SendMessageDocument,
  SendMessageInput,
} from "../generated/gql/graphql";

type Inbox = ResultOf<typeof InboxDocument>["conversations"];
type Chat = ResultOf<typeof ChatDocument>["conversation"];
type Sent = ResultOf<typeof SendMessageDocument>["sendMessage"];
type Told = ResultOf<typeof EventsDocument>["events"];

export type Scalars = [
  Expect<Equal<PersonFragment["id"], string>>,
  Expect<Equal<MessageLineFragment["id"], string>>,
  Expect<Equal<MessageLineFragment["seq"], number>>,
  Expect<Equal<MessageLineFragment["sentAt"], string>>,
  Expect<Equal<SendMessageInput["recipientId"], string>>,
];

export type Nullability = [
  // What may be missing says so, and nothing else does.
  Expect<Equal<MessageLineFragment["editedAt"], string | null>>,
  Expect<Equal<MessageLineFragment["clientMessageId"], string | null>>,
  Expect<Equal<Extract<PersonPresenceFragment["presence"], null>, null>>,
  Expect<Equal<Extract<Chat, null>, null>>,
  Expect<Equal<Extract<Sent["message"], null>, null>>,
  Expect<Equal<Extract<Sent["errors"], null>, never>>,
  Expect<Equal<Extract<Inbox, null>, never>>,
  Expect<Equal<Extract<Inbox["edges"][number]["node"], null>, never>>,
  Expect<Equal<Inbox["pageInfo"]["hasNextPage"], boolean>>,
  Expect<Equal<Inbox["pageInfo"]["endCursor"], string | null>>,
  Expect<Equal<Inbox["eventCursor"], string>>,
  Expect<Equal<Told["cursor"], string | null>>,
];

export type Variables = [
  Expect<Equal<VariablesOf<typeof InboxDocument>["after"], string | null | undefined>>,
  Expect<Equal<VariablesOf<typeof InboxDocument>["first"], number>>,
  // Exactly one of the two, as `@oneOf` says.
  Expect<Equal<RecentWindow, { days: number; last?: never } | { days?: never; last: number }>>,
];

export type Enums = [
  Expect<Equal<PresenceStatus, "AWAY" | "BUSY" | "OFFLINE" | "ONLINE">>,
  Expect<Equal<ChatroomRole, "MEMBER" | "OWNER">>,
  // A closed list of codes, whatever kind of error it is, and no mere string.
  Expect<Equal<ProblemFragment["code"], ErrorCode>>,
  Expect<Equal<string extends ErrorCode ? true : false, false>>,
];

export type Kinds = [
  Expect<
    Equal<
      ProblemFragment["__typename"],
      | "ChatroomFull"
      | "IdempotencyConflict"
      | "InvalidId"
      | "InvalidInput"
      | "InvitationRefused"
      | "MessageTooLong"
      | "NotFound"
      | "RateLimited"
      | "Refused"
      | "SeqOutOfRange"
      | "TooManyChatrooms"
      | "TooManyReactions"
      | "UsernameTaken"
    >
  >,
  Expect<
    Equal<
      HappeningFragment["__typename"],
      | "CaughtUp"
      | "ChatroomRenamed"
      | "ConversationRead"
      | "MemberJoined"
      | "MemberLeft"
      | "MessageDeleted"
      | "MessageEdited"
      | "MessageSent"
      | "OwnerChanged"
      | "PresenceChanged"
      | "ReactionAdded"
      | "ReactionRemoved"
      | "ResetRequired"
      | "TypingChanged"
    >
  >,
];
