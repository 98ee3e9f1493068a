// A server with a key, on the example, and tokens for its users.
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { start } from "../server.mjs";

const SECRET = "a secret of the guide, and of nobody else";
export const PEOPLE = {
  aaron: "user_01kdvq5a00eaaaaaaaaaaaaaaa",
  betty: "user_01kdvq5a00ebbbbbbbbbbbbbbb",
  carol: "user_01kdvq5a00ecc8cccccccccccc",
};
/** How long an expired token is believed, because clocks differ. */
const LEEWAY_S = 30;

export class Stage {
  #binary;
  #folder;
  #server;

  static async open(binary, folder) {
    const stage = new Stage();
    stage.#binary = resolve(binary);
    stage.#folder = folder;
    execFileSync(stage.#binary, ["example-setup", "--database", "messenger.db"], { cwd: folder, stdio: "ignore" });
    await stage.start();
    return stage;
  }

  /** On the same port as before. */
  async start() {
    const before = this.url && new URL(this.url).host;
    this.#server = await start(this.#binary, this.#folder, before, { MESSENGER_JWT_SECRET: SECRET });
    this.url = `${this.#server.url}/graphql`;
  }

  async stop() {
    const code = await this.#server.stop();
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }

  /** For the end of a story that does not go as told. */
  kill() {
    return this.#server.kill();
  }

  /** Keeps the database of a server that is stopped. */
  backUp() {
    copyFileSync(this.#database("messenger.db"), this.#database("backup.db"));
  }

  /** Puts it back. */
  restore() {
    copyFileSync(this.#database("backup.db"), this.#database("messenger.db"));
  }

  #database(file) {
    return join(this.#folder, file);
  }

  /** Asks as somebody. */
  async ask(name, query, variables = {}) {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token(name, 3600)}` };
    const response = await fetch(this.url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    return response.json();
  }
}

/** A token that the server takes for so many seconds. */
export function token(name, seconds) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + seconds - LEEWAY_S;
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: PEOPLE[name], exp })}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}
