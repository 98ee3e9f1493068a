import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from "@apollo/client";
import { SetContextLink } from "@apollo/client/link/context";
import { ErrorLink } from "@apollo/client/link/error";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import type { Client as Socket } from "graphql-ws";
import { from, switchMap } from "rxjs";
import { possibleTypes, typePolicies } from "../cache/typePolicies";
import type { Credentials } from "./credentials";
import { type Identity, headersOf } from "./identity";

const PATIENCE_MS = 30_000;

/** For what is asked before a session begins: nothing is cached for long, and a refusal is told at once. */
export function createLobby(identity: Identity | null): ApolloClient {
  return new ApolloClient({ link: http(() => headersOf(identity)), cache: createCache() });
}

/** For one acting user: subscriptions go over the socket, everything else over HTTP. */
export function createClient(credentials: Credentials, socket: Socket): ApolloClient {
  const requests = ApolloLink.from([renewal(credentials), http(() => headersOf(credentials.identity))]);
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    requests,
  );
  return new ApolloClient({ link, cache: createCache() });
}

function createCache(): InMemoryCache {
  return new InMemoryCache({ possibleTypes, typePolicies });
}

function http(headers: () => Record<string, string>): ApolloLink {
  const acting = new SetContextLink((context) => ({ headers: { ...context.headers, ...headers() } }));
  return acting.concat(new HttpLink({ uri: "/graphql", fetch: fetchWithin }));
}

/** A request that is never answered must fail, or the message in it would be "sending" for ever. */
function fetchWithin(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, late]) : late });
}

/** What is refused for its token was not run: it is sent again with the next one. */
function renewal(credentials: Credentials): ApolloLink {
  const remembering = new SetContextLink(() => ({ identity: credentials.identity }));
  const repeating = new ErrorLink(({ error, operation, forward }) => {
    if (!CombinedGraphQLErrors.is(error) || error.errors[0]?.extensions?.code !== "UNAUTHENTICATED") return;
    credentials.refuse(operation.getContext().identity as Identity, error.errors[0].message);
    return from(credentials.usable()).pipe(switchMap(() => forward(operation)));
  });
  return remembering.concat(repeating);
}
