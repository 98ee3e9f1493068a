// How GraphiQL runs operations.
import type { GraphiQL } from "graphiql";
import { type DocumentNode, getOperationAST, OperationTypeNode, parse } from "graphql";
import type { ComponentProps } from "react";
import { ask, follow, type Parameters } from "./endpoint";
import { lookWhoIsThere, people } from "./people";

type Fetcher = ComponentProps<typeof GraphiQL>["fetcher"];

export const fetcher: Fetcher = ({ query, variables, operationName }, { headers } = {}) => {
  const document = parsed(query);
  // For a moment after one has gone to another tab, GraphiQL has the name of the operation in the tab before.
  const operation = document && (getOperationAST(document, operationName) ?? getOperationAST(document));
  const parameters = { query, variables, operationName: operation?.name?.value };
  const isSubscription = operation?.operation === OperationTypeNode.SUBSCRIPTION;
  return isSubscription ? subscription(parameters, headers) : answer(parameters, headers);
};

async function answer(parameters: Parameters, headers?: HeadersInit) {
  const answered = await ask(parameters, headers);
  // It may have created the two people, or it had a token.
  if (!people.get().roles && !parameters.query.includes("__schema")) void lookWhoIsThere(headers);
  return answered;
}

/** As an observable, because a generator that waits for the next answer cannot be stopped. */
function subscription(parameters: Parameters, headers?: HeadersInit) {
  return {
    subscribe({ next, error, complete }: Observer) {
      const control = new AbortController();
      follow(parameters, headers, control.signal, next)
        .then(complete)
        .catch((reason) => control.signal.aborted || error(reason));
      return { unsubscribe: () => control.abort() };
    },
  };
}

interface Observer {
  next(answer: unknown): void;
  error(reason: unknown): void;
  complete(): void;
}

/** What cannot be parsed is the server's to refuse. */
function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}
