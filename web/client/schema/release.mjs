// Makes the schema of today the released one, with which later ones are compared; what was declared as breaking is no
// news any more. A version that has a tag stays what it was.
// Usage: node release.mjs
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const version = readFileSync(here("../../../Cargo.toml"), "utf8").match(/^version = "(.+)"$/m)[1];
const { status } = spawnSync("git", ["rev-parse", "--verify", "--quiet", `refs/tags/v${version}`], { cwd: here(".") });
if (status === 0) {
  console.error(`v${version} is released: raise the version in Cargo.toml first`);
  process.exit(1);
}
const schema = readFileSync(here("../../../schema.graphql"), "utf8");
writeFileSync(
  here("released.graphql"),
  `# The schema of version ${version}, written by \`just release-schema\`.\n${schema}`,
);
writeFileSync(here("breaking.json"), "[]\n");
console.log(`released.graphql is the schema of version ${version}`);
