/**
 * How Apollo Client's cache keeps what this API answers. Copy this file; it needs nothing but Apollo Client:
 *
 *     new InMemoryCache({ possibleTypes, typePolicies })
 *
 * - **A conversation's messages** are merged by `seq`. Pages from either end and live messages may come in any order
 *   and as often as they like; each message is there once.
 * - **The inbox** is sorted by activity, so a conversation moves up when its `lastMessage` changes.
 * - **All other lists** grow by `fetchMore` with `after: pageInfo.endCursor`.
 *
 * Ask for `nodes` or `edges`, as you like, and always for the `id` of what has one. To add what came live, write a page
 * that has nothing but it: `fragment New on Conversation { messages { nodes { id seq … } } }`.
 *
 * What the cache holds depends on who acts (`unreadCount`, `viewerHasReacted`): use one for each acting user.
 */
import type { FieldFunctionOptions, FieldPolicy, Reference, TypePolicies } from "@apollo/client";

/** Which types an interface or a union may be. */
export const possibleTypes = {
  Conversation: ["Chatroom", "DirectConversation"],
  Event: [
    "CaughtUp", "ChatroomRenamed", "ConversationRead", "MemberJoined", "MemberLeft", "MessageDeleted", "MessageEdited",
    "MessageSent", "OwnerChanged", "PresenceChanged", "ReactionAdded", "ReactionRemoved", "ResetRequired", "TypingChanged",
  ],
  Node: ["Chatroom", "DirectConversation", "Message", "User"],
  Recipient: ["Chatroom", "User"],
  UserError: [
    "ChatroomFull", "IdempotencyConflict", "InvalidId", "InvalidInput", "InvitationRefused", "MessageTooLong", "NotFound",
    "RateLimited", "Refused", "SeqOutOfRange", "TooManyChatrooms", "TooManyReactions", "UsernameTaken",
  ],
};

interface PageInfo {
  startCursor?: string | null;
  endCursor?: string | null;
  hasNextPage?: boolean;
  hasPreviousPage?: boolean;
}

interface Edge {
  node: Reference;
  cursor?: string;
}

/** What is written: a page that was read, or something new without a `pageInfo`. */
interface Page {
  __typename?: string;
  edges?: readonly Edge[];
  nodes?: readonly Reference[];
  pageInfo?: PageInfo;
  eventCursor?: string;
}

/** The cursors of a page's ends are known also to those who ask for `nodes` alone. */
function edgesOf({ edges, nodes = [], pageInfo }: Page): readonly Edge[] {
  const found = (edges ?? nodes.map((node) => ({ node }))).map((edge): Edge => ({ ...edge }));
  const [first, last] = [found.at(0), found.at(-1)];
  if (first && pageInfo?.startCursor) first.cursor = pageInfo.startCursor;
  if (last && pageInfo?.endCursor) last.cursor = pageInfo.endCursor;
  return found;
}

interface History {
  __typename?: string;
  eventCursor?: string;
  bySeq: Record<number, Edge>;
  /** Apollo writes a conversation before the messages in it that name it in turn: what their `seq` is can be read later. */
  unplaced: Edge[];
}

/** Puts every message whose `seq` can be read in its place. */
function placed(history: History, readField: FieldFunctionOptions["readField"]): History {
  if (history.unplaced.length === 0) return history;
  const bySeq = { ...history.bySeq };
  const unplaced = history.unplaced.filter((edge) => {
    const seq = readField<number>("seq", edge.node);
    if (seq === undefined) return true;
    bySeq[seq] = { ...bySeq[seq], ...edge };
    return false;
  });
  return { ...history, bySeq, unplaced };
}

/**
 * The messages of a conversation, newest first.
 *
 * A `seq` has no holes, so the cache knows by itself what it lacks. It keeps every message it was ever given, and shows
 * those from the newest one on, down to the first hole. `hasNextPage` tells of the hole, and `fetchMore` with
 * `after: endCursor` fills it: after a long absence the same scrolling that reads history closes the gap. A page may
 * overlap what is there already.
 */
function history(): FieldPolicy<History, Page> {
  return {
    keyArgs: false,
    merge(existing, incoming, { readField }) {
      const unplaced = [...(existing?.unplaced ?? []), ...edgesOf(incoming)];
      return placed({ ...existing, ...described(incoming), bySeq: existing?.bySeq ?? {}, unplaced }, readField);
    },
    read(existing, { readField }) {
      if (!existing) return undefined;
      const { bySeq, unplaced, ...described } = placed(existing, readField);
      if (unplaced.length > 0) throw new Error("Ask for the `seq` of messages: they are merged by it.");
      const newest = newestSeq(bySeq);
      const edges = downToAHole(bySeq, newest);
      const pageInfo = {
        __typename: "PageInfo",
        // Only the ends of pages have a cursor for sure, and live messages have none: the nearest one will do.
        startCursor: edges.find((edge) => edge.cursor)?.cursor ?? null,
        endCursor: edges.findLast((edge) => edge.cursor)?.cursor ?? null,
        hasNextPage: newest > edges.length,
        hasPreviousPage: (readField<number>("latestSeq") ?? newest) > newest,
      };
      return asConnection(described, edges, pageInfo);
    },
  };
}

function newestSeq(bySeq: Record<number, Edge>): number {
  return Number(Object.keys(bySeq).at(-1) ?? 0); // the keys of an object that are whole numbers ascend
}

function downToAHole(bySeq: Record<number, Edge>, newest: number): Edge[] {
  const edges: Edge[] = [];
  for (let edge = bySeq[newest]; edge; edge = bySeq[newest - edges.length]) edges.push(edge);
  return edges;
}

interface List {
  __typename?: string;
  eventCursor?: string;
  edges: readonly Edge[];
  pageInfo?: PageInfo;
}

/** A list that the server orders: pages follow each other, and reading the first one again begins anew. */
function pages(...argumentNames: string[]): FieldPolicy<List, Page> {
  return {
    keyArgs: keyOf(argumentNames),
    merge(existing, incoming, { args }) {
      const goesOn = Boolean(args?.after) || !incoming.pageInfo;
      return {
        ...existing,
        ...described(incoming),
        edges: union(goesOn ? (existing?.edges ?? []) : [], edgesOf(incoming)),
        ...pageInfoOf(incoming.pageInfo ?? existing?.pageInfo),
      };
    },
    read(existing, { canRead }) {
      if (!existing) return undefined;
      const { edges, pageInfo, ...described } = existing;
      return asConnection(described, edges.filter((edge) => canRead(edge.node)), pageInfo);
    },
  };
}

/** The inbox: everything that was ever listed, in the order of what was said last. */
function inbox(): FieldPolicy<List, Page> {
  return {
    keyArgs: keyOf(["userId"]),
    merge(existing, incoming, { args }) {
      // The first page, read again, says nothing of where the list ends that further pages have not said better.
      const isFurther = !existing?.pageInfo || args?.after === existing.pageInfo.endCursor;
      return {
        ...existing,
        ...described(incoming),
        edges: union(existing?.edges ?? [], edgesOf(incoming)),
        ...pageInfoOf(isFurther ? (incoming.pageInfo ?? existing?.pageInfo) : existing.pageInfo),
      };
    },
    read(existing, { canRead, readField }) {
      if (!existing) return undefined;
      const { edges, pageInfo, ...described } = existing;
      const activity = ({ node }: Edge) =>
        readField<string>("sentAt", readField<Reference>("lastMessage", node) ?? undefined)
        ?? readField<string>("createdAt", node)
        ?? "";
      const sorted = edges
        .filter((edge) => canRead(edge.node))
        .sort((one, other) => activity(other).localeCompare(activity(one)));
      return asConnection(described, sorted, pageInfo);
    },
  };
}

/** One list for each value of these arguments. (An array of names would tell a field without any arguments apart.) */
function keyOf(argumentNames: readonly string[]) {
  return (args: Record<string, unknown> | null) => JSON.stringify(argumentNames.map((name) => args?.[name] ?? null));
}

function union(known: readonly Edge[], incoming: readonly Edge[]): Edge[] {
  const byRef = new Map(known.map((edge) => [edge.node.__ref, edge]));
  for (const edge of incoming) byRef.set(edge.node.__ref, { ...byRef.get(edge.node.__ref), ...edge });
  return [...byRef.values()];
}

/**
 * A conversation by its id is the one that the cache has: what was not there once is found as soon as it is, when somebody
 * is let into a chatroom again.
 */
function conversationById(): FieldPolicy<Reference | null> {
  return {
    read(existing, { args, canRead, toReference }) {
      const id = args?.id as string | undefined;
      if (!id) return existing;
      const known = toReference({ __typename: id.startsWith("room_") ? "Chatroom" : "DirectConversation", id });
      return canRead(known) ? known : existing;
    },
  };
}

/** What a page says beside its items; what it does not say stays as it is. */
function described({ __typename, eventCursor }: Page): { __typename?: string; eventCursor?: string } {
  return { ...(__typename && { __typename }), ...(eventCursor && { eventCursor }) };
}

function pageInfoOf(pageInfo: PageInfo | undefined): { pageInfo?: PageInfo } {
  return pageInfo ? { pageInfo } : {};
}

function asConnection(described: object, edges: readonly Edge[], pageInfo: PageInfo | undefined) {
  return { ...described, edges, nodes: edges.map((edge) => edge.node), ...pageInfoOf(pageInfo) };
}

export const typePolicies: TypePolicies = {
  Query: {
    fields: {
      chatrooms: pages("userId"),
      conversation: conversationById(),
      conversations: inbox(),
      recentMessages: pages("userId", "recipientId", "senderId", "window"),
      searchMessages: pages("userId", "text", "conversationId", "senderId"),
      users: pages(),
    },
  },
  // What is subscribed to is a stream, of which the cache keeps the last item only.
  Subscription: { fields: { events: { keyArgs: false, merge: false } } },
  Chatroom: { fields: { messages: history(), members: pages() } },
  DirectConversation: { fields: { messages: history() } },
  // The groups of reactions have no id; what comes is all of them.
  Message: { fields: { reactions: { merge: false } } },
  User: { fields: { presence: { merge: true } } },
  ServerInfo: { keyFields: [], fields: { limits: { merge: true } } },
};
