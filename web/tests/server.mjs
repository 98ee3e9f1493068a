// The messenger, started as an operator starts it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

/** Starts it in a folder; gives its URL, and a function that stops it and gives its exit code. */
export async function start(binary, folder, address = "127.0.0.1:0") {
  const server = spawn(resolve(binary), {
    cwd: folder,
    env: { ...process.env, MESSENGER_ADDR: address, DATABASE_URL: "messenger.db" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  const url = await addressOf(server);
  async function stop() {
    server.kill("SIGTERM");
    const [code] = await ended;
    return code;
  }
  return { url, stop };
}

/** From the server's greeting. */
async function addressOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const endpoint = line.match(/GraphQL +(http:\S+)\/graphql/);
    if (endpoint) return endpoint[1];
  }
  throw new Error("the server ended before it said where it is");
}
