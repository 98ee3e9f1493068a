// The server's GraphQL endpoint, over HTTP.
import { headersWith } from "./session";

export interface Parameters {
  query: string;
  operationName?: string;
  variables?: unknown;
}

const ANSWER = "application/graphql-response+json, application/json";
const EVENTS = "text/event-stream";

/** The one answer to a query or a mutation. */
export async function ask(parameters: Parameters, headers?: HeadersInit) {
  const response = await post(parameters, ANSWER, headers);
  return response.json();
}

/** Hands on each answer to a subscription until it ends: what was refused has one answer. */
export async function follow(
  parameters: Parameters,
  headers: HeadersInit | undefined,
  signal: AbortSignal,
  next: (answer: unknown) => void,
): Promise<void> {
  const response = await post(parameters, EVENTS, headers, signal);
  if (!response.ok || !response.body) return next(await response.json());
  for (const reader = textOf(response.body), unread = new Unread(); ; ) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The server ended the stream. Run the subscription again.");
    for (const { name, data } of unread.add(value)) {
      if (name === "next") next(JSON.parse(data));
      if (name === "complete") return;
    }
  }
}

function post(parameters: Parameters, accept: string, own?: HeadersInit, signal?: AbortSignal) {
  const headers = headersWith(own);
  headers.set("Accept", accept);
  headers.set("Content-Type", "application/json");
  return fetch("/graphql", { method: "POST", headers, body: JSON.stringify(parameters), signal });
}

function textOf(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  return body.pipeThrough(new TextDecoderStream()).getReader();
}

/** Server-sent events, as this server writes them: one line of data, and an empty line at the end. */
class Unread {
  #text = "";

  add(text: string): { name: string; data: string }[] {
    const events = (this.#text + text).split("\n\n");
    this.#text = events.pop() ?? "";
    return events.map((event) => {
      const [, name = "", data = ""] = event.match(/^event: (\w+)\ndata: ?(.*)$/) ?? [];
      return { name, data };
    });
  }
}
