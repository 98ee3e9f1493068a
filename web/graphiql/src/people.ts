// Who is there: whose ids the tabs have in their variables, and who asks.
import { Cell } from "./cell";
import { ask } from "./endpoint";

export interface User {
  id: string;
  username: string;
  displayName: string;
}

/** What the tabs' variables are called: who sends to whom, and who reads their own messages. */
export interface Roles {
  sender: string;
  recipient: string;
  reader: string;
}

export interface People {
  /** Why the server did not tell. */
  problem: string | null;
  /** Whether the server asks for no token. */
  isOpen: boolean;
  viewer: User | null;
  /** `null` while there are not two people. */
  roles: Roles | null;
}

const QUERY = `{
  serverInfo { openMode }
  viewer { id username displayName }
  users(first: 2) { nodes { id } }
}`;

export const people = new Cell<People>({ problem: null, isOpen: false, viewer: null, roles: null });

/** Asks the server, with the headers of an operation that it has just answered. */
export async function lookWhoIsThere(headers?: HeadersInit): Promise<void> {
  people.set(await answered(headers).catch((error) => unknown(String(error))));
}

async function answered(headers?: HeadersInit): Promise<People> {
  const { data, errors } = await ask({ query: QUERY }, headers);
  if (!data) return unknown(errors[0].message);
  const ids = data.users.nodes.map((user: User) => user.id);
  return { problem: null, isOpen: data.serverInfo.openMode, viewer: data.viewer, roles: rolesOf(data.viewer, ids) };
}

function unknown(problem: string): People {
  return { problem, isOpen: false, viewer: null, roles: null };
}

/** A user whom the server knows may act for nobody else. Without one, whoever the message was sent to reads it. */
function rolesOf(viewer: User | null, ids: string[]): Roles | null {
  const sender = viewer?.id ?? ids[0];
  const recipient = ids.find((id) => id !== sender);
  if (!sender || !recipient) return null;
  return { sender, recipient, reader: viewer?.id ?? recipient };
}
