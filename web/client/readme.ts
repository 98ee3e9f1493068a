// What README.md says to paste is what was run: each of its blocks that names a file stands in that file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const inOneLine = (text: string) => text.replace(/\s+/g, " ").trim();

const blocks = [...read("README.md").matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)];
assert.ok(blocks.length > 0, "README.md has no block that names its file");
for (const [, path = "", text = ""] of blocks) {
  assert.ok(inOneLine(read(path)).includes(inOneLine(text)), `what README.md shows of ${path} is not in it`);
}
console.log(`ok  README.md shows ${blocks.length} pieces of files as they were run`);
