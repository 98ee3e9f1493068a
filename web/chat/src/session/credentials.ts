import { makeVar } from "@apollo/client";
import type { Identity } from "./identity";

/**
 * Who acts at present, and whether the server still takes that.
 *
 * A token expires while the page is open. What is then refused waits for the next token and goes on, so nobody loses
 * their place.
 */
export class Credentials {
  /** Why the server refuses them; `null` while it does not. */
  readonly refusal = makeVar<string | null>(null);
  #identity: Identity;
  #renewed = Promise.resolve();
  #goOn = () => {};

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** What was refused may have been replaced since it was sent; then there is nothing to ask for. */
  refuse(used: Identity, reason: string): void {
    if (used !== this.#identity || this.refusal() !== null) return;
    this.#renewed = new Promise((resolve) => (this.#goOn = resolve));
    this.refusal(reason);
  }

  renew(identity: Identity): void {
    this.#identity = identity;
    this.refusal(null);
    this.#goOn();
  }

  /** Resolves when there are some that were not refused. */
  usable(): Promise<void> {
    return this.#renewed;
  }
}
