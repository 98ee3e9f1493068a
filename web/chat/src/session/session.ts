import { type ApolloClient, type ReactiveVar, makeVar } from "@apollo/client";
import { graphql } from "../generated";
import type { EnterQuery, UserFieldsFragment } from "../generated/graphql";
import type { Typing } from "../live/typing";
import { deliver } from "../sending/deliver";
import { Outbox } from "../sending/outbox";
import { createClient, createLobby } from "./client";
import { Credentials } from "./credentials";
import type { Identity } from "./identity";
import { createSocket } from "./socket";

const ENTER = graphql(`
  query Enter {
    viewer { ...UserFields }
    serverInfo {
      limits { messageTextLength chatroomNameLength usernameLength searchTextLength typingSeconds }
    }
  }
`);

export type Limits = EnterQuery["serverInfo"]["limits"];

/** Whether what happens is told live at present. */
export type Connection = "starting" | "live" | "cut off";

/** Everything that belongs to one acting user, and goes when they leave. */
export interface Session {
  readonly me: UserFieldsFragment;
  readonly limits: Limits;
  readonly client: ApolloClient;
  readonly credentials: Credentials;
  readonly connection: ReactiveVar<Connection>;
  readonly typing: ReactiveVar<Typing>;
  readonly outbox: Outbox;
  /** What was begun to be written, by recipient. */
  readonly drafts: Map<string, string>;
  /** What went wrong last, to be told once. */
  readonly notice: ReactiveVar<string | null>;
  leave(): void;
}

/** Asks the server who this is. */
export async function whoIs(identity: Identity) {
  const { data } = await createLobby(identity).query({ query: ENTER });
  if (!data?.viewer) throw new NamesNobody();
  return { me: data.viewer, limits: data.serverInfo.limits };
}

/** What the token of a service does: it acts for others, and belongs in a backend. */
export class NamesNobody extends Error {
  override readonly message = "This token stands for no user.";
}

export async function enter(identity: Identity): Promise<Session> {
  const known = await whoIs(identity);
  const credentials = new Credentials(identity);
  const socket = createSocket(credentials);
  const client = createClient(credentials, socket);
  const cutOff = () => socket.terminate(); // the browser knows before the socket does
  addEventListener("offline", cutOff);
  return {
    ...known,
    client,
    credentials,
    connection: makeVar<Connection>("starting"),
    typing: makeVar<Typing>({}),
    outbox: new Outbox((draft) => deliver(client, draft), sessionStorage, `messenger-chat.outbox.${known.me.id}`),
    drafts: new Map(),
    notice: makeVar<string | null>(null),
    leave() {
      removeEventListener("offline", cutOff);
      void socket.dispose();
      client.stop();
    },
  };
}
