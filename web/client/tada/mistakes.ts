// What must not compile: were one of these accepted, tsc would call its `@ts-expect-error` unused.
import type { inbox, recent, send } from "./documents";
import type { ResultOf, VariablesOf } from "./graphql";

export function read(inboxes: ResultOf<typeof inbox>, sent: ResultOf<typeof send>) {
  return [
    // @ts-expect-error the fragment belongs to another component
    inboxes.conversations.nodes[0]?.lastMessage?.text,
    // @ts-expect-error a page may be empty
    inboxes.conversations.nodes[0].id,
    // @ts-expect-error no message was sent when there are errors
    sent.sendMessage.message satisfies object,
  ];
}

// @ts-expect-error `first` is missing
export const withoutFirst: VariablesOf<typeof inbox> = { after: null };
// @ts-expect-error one of the two is needed; both at once are refused by the server only
export const withNeither: VariablesOf<typeof recent> = { recipientId: "user_…", window: {} };
// @ts-expect-error a text is missing
export const withoutText: VariablesOf<typeof send> = { input: { recipientId: "user_…" } };
