// What a web team may take for granted about the types of relay-compiler. It does not compile when one of these
// changes, or when what must not compile does.
import type { Equal, Expect } from "../expect";
import type { ErrorCode } from "../generated/gql/graphql";
import type { EventsSubscription$data } from "../generated/relay/EventsSubscription.graphql";
import type { HistoryPageQuery$variables } from "../generated/relay/HistoryPageQuery.graphql";
import type { HistoryQuery$data } from "../generated/relay/HistoryQuery.graphql";
import type { History_messages$data } from "../generated/relay/History_messages.graphql";
import type { Inbox_rows$data } from "../generated/relay/Inbox_rows.graphql";
import type { InboxQuery$variables } from "../generated/relay/InboxQuery.graphql";
import type { Row_conversation$data } from "../generated/relay/Row_conversation.graphql";
import type { SendingMutation$data, SendingMutation$variables } from "../generated/relay/SendingMutation.graphql";

type Line = History_messages$data["messages"]["edges"][number]["node"];
type Sent = SendingMutation$data["sendMessage"];
type Happening = EventsSubscription$data["events"]["event"];

export type Promises = [
  Expect<Equal<Line["id"], string>>,
  Expect<Equal<Line["seq"], number>>,
  Expect<Equal<Line["sentAt"], string>>,
  Expect<Equal<Extract<HistoryQuery$data["conversation"], null>, null>>,
  // The id of the conversation, for `node`.
  Expect<Equal<HistoryPageQuery$variables["id"], string>>,
  Expect<Equal<Row_conversation$data["unreadCount"], number>>,
  Expect<Equal<Row_conversation$data["name"], string | undefined>>,
  Expect<Equal<Extract<Sent["message"], null>, null>>,
  // Relay expects of every enum that it grows.
  Expect<Equal<Sent["errors"][number]["code"], ErrorCode | "%future added value">>,
  Expect<Equal<EventsSubscription$data["events"]["cursor"], string | null>>,
  Expect<
    Equal<Happening["__typename"], "ConversationRead" | "MessageEdited" | "MessageSent" | "PresenceChanged" | "%other">
  >,
  Expect<Equal<InboxQuery$variables, { first: number }>>,
];

// @ts-expect-error a text is missing
export const withoutText: SendingMutation$variables = { input: { recipientId: "user_…" }, connections: [] };
export function read(inbox: Inbox_rows$data) {
  // @ts-expect-error the fragment belongs to another component
  return inbox.conversations.edges[0]?.node.unreadCount;
}
