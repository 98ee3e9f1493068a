// Who asks, in every tab of the page. In sessionStorage: it is there after a reload, gone when the window is closed, and no
// other window has it.
import { Cell } from "./cell";

export interface Session {
  token: string;
  actingUser: string;
}

const KEY = "messenger:session";
const NOBODY: Session = { token: "", actingUser: "" };

export const session = new Cell(stored());

export function signIn(next: Session): void {
  sessionStorage.setItem(KEY, JSON.stringify(next));
  session.set(next);
}

/** The session's headers; those of a tab's own header editor go before them. */
export function headersWith(own: HeadersInit = {}): Headers {
  const { token, actingUser } = session.get();
  const headers = new Headers();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (actingUser) headers.set("Messenger-User", actingUser);
  for (const [name, value] of new Headers(own)) headers.set(name, value);
  return headers;
}

function stored(): Session {
  try {
    return { ...NOBODY, ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return NOBODY;
  }
}
