// Builds the pages that the binary carries, where their sources have changed: web/<name>/ → web/built/<name>/, which has
// a stamp of the sources, and the files as they are embedded, each compressed.
//
// usage: node web/bundles.mjs [--cargo]
// With --cargo, for build.rs: tells cargo what to watch and, in one line, what is wrong, and fails nothing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Each with what it is built from beside its own folder. */
const BUNDLES = { graphiql: [], chat: ["schema.graphql"] };
/** What is made by building. */
const MADE = ["node_modules", "dist", "generated"];
const OLDEST_NODE = 20;
/** Without a network, npm would try for minutes. */
const INSTALL = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000"];
const PATIENCE_MS = 180_000;

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const forCargo = process.argv.includes("--cargo");
const names = Object.keys(BUNDLES).filter((name) => existsSync(join("web", name, "package.json")));
const problems = names.map(tried).filter(Boolean);
if (forCargo) tellCargo(names, problems);
else tellPeople(problems);

/** Brings a bundle up to date; gives what went wrong. */
function tried(name) {
  try {
    refresh(name);
    return null;
  } catch (error) {
    const rest = existsSync(builtOf(name)) ? "the one that was built before stays" : "there is none";
    return `web/${name} cannot be built (${error.message}), so ${rest}`;
  }
}

function refresh(name) {
  const sources = sourcesOf(name);
  const stamp = stampOf(sources);
  if (stampThere(name) === stamp) return;
  if (parseInt(process.versions.node) < OLDEST_NODE) throw new Error(`Node ${OLDEST_NODE} or later is needed`);
  console.error(`building web/${name}`);
  const folder = join("web", name);
  if (!isInstalled(folder)) npm(folder, INSTALL);
  npm(folder, ["run", "build"]);
  replace(name, stamp, newest(sources));
}

function npm(folder, parameters) {
  // What cargo reads from stdout is for cargo.
  const { error, status, signal } = spawnSync("npm", parameters, { cwd: folder, stdio: ["ignore", 2, 2], timeout: PATIENCE_MS });
  const command = `npm ${parameters.filter((word) => !word.startsWith("--")).join(" ")}`;
  if (error?.code === "ENOENT") throw new Error("there is no npm");
  if (signal) throw new Error(`${command} took too long`);
  if (error || status !== 0) throw new Error(`${command} failed`);
}

/** npm writes down what it has installed. */
function isInstalled(folder) {
  const written = join(folder, "node_modules", ".package-lock.json");
  return existsSync(written) && statSync(written).mtimeMs >= statSync(join(folder, "package-lock.json")).mtimeMs;
}

/** Whoever looks finds the old bundle, the new one, or none, but never half of one. */
function replace(name, stamp, time) {
  const [made, old] = ["new", "old"].map((which) => join("web", "built", `.${name}-${which}-${process.pid}`));
  try {
    pack(join("web", name, "dist"), join(made, "files"));
    const stampFile = join(made, "stamp");
    writeFileSync(stampFile, stamp);
    // As old as its sources, or cargo would take it for a change of what it has just built.
    utimesSync(stampFile, time, time);
    if (existsSync(builtOf(name))) renameSync(builtOf(name), old);
    renameSync(made, builtOf(name));
  } finally {
    for (const leftover of [made, old]) rmSync(leftover, { recursive: true, force: true });
  }
}

function pack(from, to) {
  if (!existsSync(join(from, "index.html"))) throw new Error(`${join(from, "index.html")} is missing`);
  for (const path of filesIn(from)) {
    const packed = join(to, `${path.slice(from.length + 1)}.gz`);
    mkdirSync(dirname(packed), { recursive: true });
    writeFileSync(packed, gzipSync(readFileSync(path), { level: 9 }));
  }
}

function builtOf(name) {
  return join("web", "built", name);
}

function stampThere(name) {
  const file = join(builtOf(name), "stamp");
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** Also this script, which decides what a bundle looks like. */
function sourcesOf(name) {
  const isHidden = (entry) => entry.startsWith(".") && entry !== ".npmrc";
  const isSource = (entry) => !MADE.includes(entry) && !isHidden(entry) && !entry.endsWith(".md");
  return [...filesIn(join("web", name), isSource), ...BUNDLES[name], "web/bundles.mjs"];
}

function filesIn(folder, isWanted = () => true) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => isWanted(entry.name));
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path, isWanted) : [path];
  });
}

function stampOf(sources) {
  const hash = createHash("sha256");
  for (const path of sources) hash.update(`${path}\0${statSync(path).size}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

function newest(sources) {
  return new Date(Math.max(...sources.map((path) => statSync(path).mtimeMs)));
}

/** Where something is wrong, the bundle may come from elsewhere, so the folder is watched in which it would lie. */
function tellCargo(names, problems) {
  const stamps = names.map((name) => join(builtOf(name), "stamp")).filter(existsSync);
  const watched = [...names.flatMap(sourcesOf), ...stamps, ...(problems.length > 0 ? ["web/built"] : [])];
  for (const path of new Set(watched)) console.log(`cargo::rerun-if-changed=${path}`);
  if (problems.length === 0) return;
  const advice = "run `node web/bundles.mjs` to see why, or set MESSENGER_SKIP_WEB_BUILD=1";
  console.log(`cargo::warning=${problems.join("; ")}: ${advice}`);
}

function tellPeople(problems) {
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
