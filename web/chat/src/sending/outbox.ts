import { makeVar } from "@apollo/client";
import { explain } from "../api/refusal";

/** What is sent, again and again until it is acknowledged. The key is made when the user presses "send". */
export interface Draft {
  readonly clientMessageId: string;
  readonly recipientId: string;
  readonly text: string;
  readonly replyToId: string | null;
}

export interface Pending extends Draft {
  /** Why it was not sent; `null` while it is being sent. */
  readonly failure: string | null;
}

/**
 * What the user has sent and the server has not acknowledged.
 *
 * It is no `optimisticResponse`: Apollo drops that when the request fails, just when the user wants to see the message
 * and try again; and while one is pending, its layer of the cache hides what comes live in the same list. It is kept for
 * the tab, so that a reload loses nothing.
 */
export class Outbox {
  readonly pending = makeVar<readonly Pending[]>([]);
  readonly #send: (draft: Draft) => Promise<void>;
  readonly #storage: Pick<Storage, "getItem" | "setItem">;
  readonly #key: string;
  #turn = Promise.resolve();

  constructor(send: (draft: Draft) => Promise<void>, storage: Pick<Storage, "getItem" | "setItem">, key: string) {
    this.#send = send;
    this.#storage = storage;
    this.#key = key;
    const kept = JSON.parse(storage.getItem(key) ?? "[]") as Pending[];
    // Whether it arrived before the reload is not known; with its key it can be sent again all the same.
    this.pending(kept.map((draft) => ({ ...draft, failure: draft.failure ?? "It is not known whether this was sent." })));
  }

  send(draft: Draft): void {
    this.#keep([...this.pending(), { ...draft, failure: null }]);
    this.#attempt(draft);
  }

  retry(draft: Draft): void {
    this.#fail(draft.clientMessageId, null);
    this.#attempt(draft);
  }

  /** Also for messages that come back as an event, before or instead of the answer to the request. */
  delivered(clientMessageId: string): void {
    this.#keep(this.pending().filter((draft) => draft.clientMessageId !== clientMessageId));
  }

  discard(draft: Draft): void {
    this.delivered(draft.clientMessageId);
  }

  /** One after the other: two requests at once could arrive in the wrong order. */
  #attempt(draft: Draft): void {
    this.#turn = this.#turn.then(() => this.#send(draft)).then(
      () => this.delivered(draft.clientMessageId),
      (error: unknown) => this.#fail(draft.clientMessageId, explain(error)),
    );
  }

  #fail(clientMessageId: string, failure: string | null): void {
    this.#keep(this.pending().map((draft) => (draft.clientMessageId === clientMessageId ? { ...draft, failure } : draft)));
  }

  #keep(pending: readonly Pending[]): void {
    this.pending(pending);
    this.#storage.setItem(this.#key, JSON.stringify(pending));
  }
}

/** What is shown below the messages of a conversation: an entry makes way for the message with its key. */
export function undelivered(
  pending: readonly Pending[],
  recipientId: string,
  messages: readonly { clientMessageId: string | null }[],
): Pending[] {
  const arrived = new Set(messages.map((message) => message.clientMessageId));
  return pending.filter((draft) => draft.recipientId === recipientId && !arrived.has(draft.clientMessageId));
}
