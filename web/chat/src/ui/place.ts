import { useSyncExternalStore } from "react";

/** What is shown: the inbox alone, a conversation (at one of its messages), or a person to write to. */
export type Place =
  | { kind: "inbox" }
  | { kind: "conversation"; id: string; seq: number | null }
  | { kind: "person"; id: string };

export const toInbox = "#/";
export const toConversation = (id: string, seq?: number) => (seq ? `#/c/${id}/${seq}` : `#/c/${id}`);
export const toPerson = (id: string) => `#/u/${id}`;

/** The place stands in the hash, so that Back, reload and bookmarks do what one expects. */
export function usePlace(): Place {
  return placeOf(useSyncExternalStore(subscribe, () => location.hash));
}

export function goTo(hash: string): void {
  location.hash = hash;
}

/** Goes on without a step in the history, where Back would only lead here again. */
export function replaceWith(hash: string): void {
  location.replace(hash);
}

function subscribe(onChange: () => void): () => void {
  addEventListener("hashchange", onChange);
  return () => removeEventListener("hashchange", onChange);
}

function placeOf(hash: string): Place {
  const [, kind, id, seq] = hash.split("/");
  if (kind === "c" && id) return { kind: "conversation", id, seq: Number(seq) || null };
  if (kind === "u" && id) return { kind: "person", id };
  return { kind: "inbox" };
}
