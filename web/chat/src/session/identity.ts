/** Who acts: a user of an open server, or whoever a token stands for. */
export type Identity = { readonly userId: string } | { readonly token: string };

/** How the server is told: in the headers of a request, and in the same words when a socket is opened. */
export function headersOf(identity: Identity | null): Record<string, string> {
  if (!identity) return {};
  return "token" in identity ? { Authorization: `Bearer ${identity.token}` } : { "Messenger-User": identity.userId };
}

const KEY = "messenger-chat.identity";

/** Kept for this tab only, and never in the URL: URLs end up in logs and histories. */
export function remember(identity: Identity | null): void {
  if (identity) sessionStorage.setItem(KEY, JSON.stringify(identity));
  else sessionStorage.removeItem(KEY);
}

export function remembered(): Identity | null {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Identity | null;
}
