// Those who follow a conversation with each of the recipes, and write in it.
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { token } from "./stage.mjs";

/** How long the first token of a reader is good: long enough to begin with. */
const FIRST_TOKEN_S = 3;

/** What somebody sees of a conversation, and whether the connection is there. */
export class Screen {
  #waiting = [];
  timeline = [];
  connections = [];
  tokens = 0;

  show(timeline) {
    this.timeline = timeline.map(({ id, seq, text }) => ({ id, seq, text }));
    this.#waiting = this.#waiting.filter((isReady) => !isReady());
  }

  fail(error) {
    throw error;
  }

  /** Waits until this text is there, or is not. */
  async has(text, isThere = true) {
    const isReady = () => this.timeline.some((message) => message.text === text) === isThere;
    if (!isReady()) await new Promise((resolve) => this.#waiting.push(() => isReady() && (resolve(), true)));
  }

  /** Tokens of somebody; the first ones expire soon, and `isRenewed` is settled when another one was asked for. */
  getToken(name) {
    const begin = Date.now();
    let renewed;
    this.isRenewed = new Promise((resolve) => (renewed = resolve));
    return async () => {
      if (Date.now() - begin < (FIRST_TOKEN_S * 1000) / 2) return token(name, FIRST_TOKEN_S);
      renewed();
      return token(name, 3600);
    };
  }
}

const signedInAs = ({ signedIn }, name) => signedIn(async () => token(name, 3600));

/** Plain fetch. */
export async function fetchReader(load, url) {
  const [identity, { send }, { watch }] = await Promise.all(["identity", "fetch", "watch"].map(load));
  const stopping = new AbortController();
  return {
    watch(screen, name, id) {
      const messenger = { url, identity: identity.signedIn(screen.getToken(name)) };
      watch(messenger, id, (timeline) => screen.show(timeline), stopping.signal).catch(screen.fail);
    },
    send: (name, input) => send({ url, identity: signedInAs(identity, name) }, input),
    stop: () => stopping.abort(),
  };
}

/** urql. */
export async function urqlReader(load, url) {
  const [identity, { createMessengerClient, send, watch }] = await Promise.all(["identity", "urql"].map(load));
  let stop;
  return {
    async watch(screen, name, id) {
      const reader = identity.signedIn(screen.getToken(name));
      const client = createMessengerClient(url, reader, (state) => screen.connections.push(state));
      stop = await watch(client, id, (timeline) => screen.show(timeline), screen.fail);
    },
    send: (name, input) => send(createMessengerClient(url, signedInAs(identity, name), () => {}), input),
    stop: () => stop(),
  };
}

/** Apollo Client; a conversation is watched by a query, as a component does it. */
export async function apolloReader(load, url) {
  const names = ["identity", "client", "live", "documents"];
  const [identity, { createMessengerClient }, { send, goLive }, { HISTORY }] = await Promise.all(names.map(load));
  const { gql } = await import("@apollo/client");
  const stops = [];
  return {
    async watch(screen, name, id) {
      const reader = identity.signedIn(screen.getToken(name));
      const client = createMessengerClient(url, reader, (state) => screen.connections.push(state));
      stops.push(await goLive(client, screen.fail));
      const query = client.watchQuery({ query: gql(HISTORY), variables: { id }, notifyOnNetworkStatusChange: false });
      const subscription = query.subscribe(({ data }) => data && screen.show(data.conversation.messages.nodes));
      stops.push(() => subscription.unsubscribe());
    },
    send: (name, input) => send(createMessengerClient(url, signedInAs(identity, name), () => {}), input),
    stop: () => stops.forEach((stop) => stop()),
  };
}

/** What a React component of the recipe shows to somebody, as HTML. */
export async function rendered(load, url, name, component, properties) {
  const [identity, { createMessengerClient }, components] = await Promise.all(["identity", "client", component].map(load));
  const { ApolloProvider } = await import("@apollo/client/react");
  const { prerenderStatic } = await import("@apollo/client/react/ssr");
  const client = createMessengerClient(url, signedInAs(identity, name), () => {});
  const shown = createElement(components[component], { client, ...properties });
  const tree = createElement(ApolloProvider, { client }, shown);
  const { result } = await prerenderStatic({ tree, context: { client }, renderFunction: renderToString });
  // What React puts between two texts.
  return result.replaceAll("<!-- -->", "");
}
