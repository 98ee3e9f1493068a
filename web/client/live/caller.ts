import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type DocumentNode, Kind, buildSchema, getOperationAST, print } from "graphql";
import { type Client, createClient } from "graphql-sse";
import { faultsOf } from "./answer";

export const schema = buildSchema(readFileSync(new URL("../../../schema.graphql", import.meta.url), "utf8"));

type Hashed = { __meta__: { hash: string } };

/** Somebody who asks with typed documents, and believes no answer that is not of its type. */
export class Caller {
  /** The names of the operations that anybody has asked. */
  static readonly asked = new Set<string>();

  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #streams: Client;

  constructor(url: string, username: string) {
    this.#url = url;
    this.#headers = { "content-type": "application/json", "messenger-user": username };
    this.#streams = createClient({ url, headers: this.#headers, retryAttempts: 0 });
  }

  async ask<Answer, Variables>(document: TypedDocumentNode<Answer, Variables>, variables: Variables): Promise<Answer> {
    const answer = await this.post({ query: print(document), variables });
    assert.deepEqual(answer.errors, undefined);
    return believe<Answer>(document, answer.data);
  }

  /** By the hash that the client preset has put beside the document. */
  async askById<Answer, Variables>(
    document: TypedDocumentNode<Answer, Variables>,
    variables: Variables,
  ): Promise<Answer> {
    const { hash } = (document as unknown as Hashed).__meta__;
    const answer = await this.post({ documentId: hash, variables });
    assert.deepEqual(answer.errors, undefined);
    return believe<Answer>(document, answer.data);
  }

  /** What a subscription tells, for as long as one listens. */
  async *follow<Answer, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Answer, Variables>,
    variables: Variables,
  ): AsyncGenerator<Answer, void> {
    for await (const answer of this.#streams.iterate({ query: print(document), variables })) {
      assert.deepEqual(answer.errors, undefined);
      yield believe<Answer>(document, answer.data);
    }
  }

  async post(body: unknown): Promise<{ data?: unknown; errors?: { extensions: { code: string } }[] }> {
    const response = await fetch(this.#url, { method: "POST", headers: this.#headers, body: JSON.stringify(body) });
    return response.json();
  }
}

function believe<Answer>(document: DocumentNode, data: unknown): Answer {
  assert.deepEqual(faultsOf(schema, document, data), []);
  Caller.asked.add(nameOf(document));
  return data as Answer;
}

export function nameOf(document: DocumentNode): string {
  const name = getOperationAST(document)?.name?.value;
  assert.ok(name, "an operation with a name");
  return name;
}

export function isOperation(document: DocumentNode): boolean {
  return document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
}
