// Builds the pages that the binary carries: web/<name>/ → web/built/<name>/, each file compressed. What is built is committed, so
// that cargo needs no Node.
//
// usage: node web/bundles.mjs [--check]
// With --check nothing is written: fails when what is committed unpacks to anything else than what was built.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

const NAMES = ["graphiql", "chat"];
const OLDEST_NODE = 20;
const INSTALL = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
if (parseInt(process.versions.node) < OLDEST_NODE) fail(`Node ${OLDEST_NODE} or later is needed`);
const isCheck = process.argv.includes("--check");
for (const name of NAMES) {
  build(name);
  const differing = differences(name);
  if (differing.length === 0) {
    console.log(`web/built/${name} is up to date`);
  } else if (isCheck) {
    fail(`web/built/${name} is not what web/${name} builds to (${differing.join(", ")}): run \`just web\`, and commit it`);
  } else {
    pack(name);
    console.log(`web/built/${name} is built`);
  }
}

function build(name) {
  const folder = join("web", name);
  if (!isInstalled(folder)) npm(folder, INSTALL);
  npm(folder, ["run", "build"]);
  const index = join(folder, "dist", "index.html");
  if (!existsSync(index)) fail(`${index} is missing`);
}

function npm(folder, parameters) {
  const { status } = spawnSync("npm", parameters, { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) fail(`npm ${parameters.slice(0, 2).join(" ")} failed in ${folder}`);
}

/** npm notes what it has installed. */
function isInstalled(folder) {
  const noted = join(folder, "node_modules", ".package-lock.json");
  return existsSync(noted) && statSync(noted).mtimeMs >= statSync(join(folder, "package-lock.json")).mtimeMs;
}

/** The files that were built and are not there as they are, and those that are there and were not built. */
function differences(name) {
  const [dist, built] = [join("web", name, "dist"), join("web", "built", name)];
  const wanted = new Map(filesIn(dist).map((path) => [relative(dist, path), path]));
  const there = new Map(filesIn(built).map((path) => [relative(built, path).replace(/\.gz$/, ""), path]));
  const isSame = (file) =>
    wanted.has(file) && there.has(file) &&
    readFileSync(wanted.get(file)).equals(gunzipSync(readFileSync(there.get(file))));
  return [...new Set([...wanted.keys(), ...there.keys()])].filter((file) => !isSame(file)).sort();
}

function pack(name) {
  const [dist, built] = [join("web", name, "dist"), join("web", "built", name)];
  rmSync(built, { recursive: true, force: true });
  for (const path of filesIn(dist)) {
    const packed = join(built, `${relative(dist, path)}.gz`);
    mkdirSync(dirname(packed), { recursive: true });
    writeFileSync(packed, gzipSync(readFileSync(path), { level: 9 }));
  }
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
