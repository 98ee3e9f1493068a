// The messenger, started as an operator starts it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

/** Starts it in a folder; gives its URL, and functions that stop it (with its exit code) and kill it. */
export async function start(binary, folder, address = "127.0.0.1:0", settings = {}) {
  const server = spawn(resolve(binary), {
    cwd: folder,
    env: { ...process.env, MESSENGER_ADDR: address, DATABASE_URL: "messenger.db", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  const url = await addressOf(server);
  async function end(signal) {
    server.kill(signal);
    const [code] = await ended;
    return code;
  }
  return { url, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

/** From the server's greeting. */
async function addressOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const endpoint = line.match(/GraphQL +(http:\S+)\/graphql/);
    if (endpoint) return endpoint[1];
  }
  throw new Error("the server ended before it said where it is");
}
