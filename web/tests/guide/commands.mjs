// The guide's commands, run in a shell as they stand there, with the program that is checked as `cargo run`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { blocks, pattern } from "./page.mjs";

const CARGO = 'cargo() { shift; [ "${1-}" = -- ] && shift; "$MESSENGER" "$@"; }\n';
const ADDRESS = "http://127.0.0.1:8080";
const PATIENCE_MS = 30_000;

/** Runs them all; gives how many were run. */
export async function runCommands(binary, folder) {
  const commands = commandsWithAnswers();
  const [start, ...calls] = commands;
  // What curl says of its progress is for people.
  writeFileSync(join(folder, ".curlrc"), "silent\nshow-error\n");
  const environment = { ...process.env, CURL_HOME: folder, MESSENGER: binary, MESSENGER_ADDR: "127.0.0.1:0" };
  const server = new Shell(CARGO + start.text, environment);
  try {
    const [, url] = await server.says(/GraphQL +(http:\S+)\/graphql/);
    for (const { text, answer } of calls) await compare(text.replaceAll(ADDRESS, url), answer, environment);
  } finally {
    await server.end();
  }
  return commands.length;
}

/** Each with what stands below it: JSON, or the beginning of a text. */
function commandsWithAnswers() {
  const all = blocks();
  return all.flatMap(({ language, text }, number) => (language === "sh" ? [{ text, answer: all[number + 1] }] : []));
}

async function compare(command, answer, environment) {
  const shell = new Shell(command, environment);
  try {
    if (answer.language === "json") assert.deepEqual(JSON.parse(await shell.output()), JSON.parse(answer.text));
    else await shell.says(pattern(answer.text));
  } finally {
    await shell.end();
  }
}

/** A shell that runs a script, and all that it starts. */
class Shell {
  #process;
  #said = "";
  #ended;

  constructor(script, env) {
    // A group of its own, so that all of it can be ended.
    const stdio = ["ignore", "pipe", "inherit"];
    this.#process = spawn("bash", ["-euc", script], { cwd: env.CURL_HOME, env, stdio, detached: true });
    this.#process.stdout.setEncoding("utf8").on("data", (text) => (this.#said += text));
    this.#ended = once(this.#process, "close");
  }

  /** Waits until what it said matches. */
  async says(expected) {
    const late = AbortSignal.timeout(PATIENCE_MS);
    while (!expected.test(this.#said)) {
      const more = once(this.#process.stdout, "data", { signal: late });
      await Promise.race([more, this.#ended]).catch(() => {});
      const isOver = late.aborted || this.#process.exitCode !== null;
      if (isOver && !expected.test(this.#said)) assert.match(this.#said, expected);
    }
    return expected.exec(this.#said);
  }

  /** All that it says until its end. */
  async output() {
    const [code] = await this.#ended;
    assert.equal(code, 0, this.#said);
    return this.#said;
  }

  async end() {
    if (this.#process.exitCode === null) process.kill(-this.#process.pid, "SIGTERM");
    await this.#ended;
  }
}
