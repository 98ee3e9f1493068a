// What must not compile: were one of these accepted, tsc would call its `@ts-expect-error` unused.
import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import { graphql } from "../generated/gql";
import type {
  ErrorCode,
  InboxDocument,
  MessageLineFragment,
  RecentMessagesDocument,
  SendMessageDocument,
  SendMessageInput,
} from "../generated/gql/graphql";

// @ts-expect-error a text is missing
export const withoutText: SendMessageInput = { recipientId: "user_…" };
// @ts-expect-error no such field
export const withMore: SendMessageInput = { recipientId: "user_…", text: "Hello", loud: true };
// @ts-expect-error an id is no number
export const withNumber: SendMessageInput = { recipientId: 7, text: "Hello" };
// @ts-expect-error `first` is missing
export const withoutFirst: VariablesOf<typeof InboxDocument> = { after: null };
export const withBoth: VariablesOf<typeof RecentMessagesDocument> = {
  recipientId: "user_…",
  // @ts-expect-error one of the two, not both
  window: { last: 100, days: 30 },
};
// @ts-expect-error no such code
export const wrongCode: ErrorCode = "TEXT_TO_LONG";

export function read(
  inbox: ResultOf<typeof InboxDocument>,
  sent: ResultOf<typeof SendMessageDocument>,
  line: MessageLineFragment,
) {
  return [
    // @ts-expect-error the fragment belongs to another component
    inbox.conversations.edges[0]?.node.unreadCount,
    // @ts-expect-error a page may be empty
    inbox.conversations.edges[0].cursor,
    // @ts-expect-error no message was sent when there are errors
    sent.sendMessage.message.__typename,
    // @ts-expect-error most messages answer none
    line.replyTo.seq,
    // @ts-expect-error this was not asked for
    line.recipient,
  ];
}

// @ts-expect-error a document that was never generated is `unknown`
export const stranger: string = graphql("query Stranger { viewer { id } }").kind;
