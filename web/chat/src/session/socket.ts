import { type Client, createClient } from "graphql-ws";
import type { Credentials } from "./credentials";
import { headersOf } from "./identity";

const PING_MS = 10_000;
const SILENCE_MS = 5_000;
const FORBIDDEN = 4403;

/**
 * The socket of one acting user. It is open while something is subscribed to, and does not connect again by itself:
 * `live/follow.ts` subscribes anew, because it knows after which event.
 */
export function createSocket(credentials: Credentials): Client {
  let used = credentials.identity;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const socket: Client = createClient({
    url: new URL("/graphql", location.href.replace(/^http/, "ws")).href,
    connectionParams() {
      used = credentials.identity;
      return headersOf(used);
    },
    retryAttempts: 0,
    keepAlive: PING_MS,
    on: {
      // A network can vanish without a word; then the answer to a ping is what is missing.
      ping: (received) => received || (silence = setTimeout(() => socket.terminate(), SILENCE_MS)),
      pong: () => clearTimeout(silence),
      closed(event) {
        clearTimeout(silence);
        const { code, reason } = event as CloseEvent;
        if (code === FORBIDDEN) credentials.refuse(used, reason);
      },
    },
  });
  return socket;
}
