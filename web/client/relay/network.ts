import { createClient } from "graphql-sse";
import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  Store,
  type SubscribeFunction,
} from "relay-runtime";

/** Relay's store of one person: queries and mutations by fetch, subscriptions as server-sent events. */
export function environmentOf(url: string, username: string): Environment {
  const headers = { "content-type": "application/json", "messenger-user": username };
  const streams = createClient({ url, headers });
  const ask: FetchFunction = async ({ text }, variables) => {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query: text, variables }) });
    return response.json();
  };
  const follow: SubscribeFunction = ({ text }, variables) =>
    Observable.create<GraphQLResponse>((sink) => {
      if (text === null) throw new Error("a subscription is sent with its text");
      return streams.subscribe(
        { query: text, variables },
        {
          next: (answer) => sink.next(answer as GraphQLResponse),
          error: (error) => sink.error(error as Error),
          complete: () => sink.complete(),
        },
      );
    });
  return new Environment({ network: Network.create(ask, follow), store: new Store(new RecordSource()) });
}
