// The guide as a Markdown page.
import { readFileSync } from "node:fs";

const GUIDE = new URL("../../../docs/web-team.md", import.meta.url);

/** What stands between two fences, in order: language and text. */
export function blocks() {
  const fenced = readFileSync(GUIDE, "utf8").split("```").filter((_, number) => number % 2 === 1);
  return fenced.map((block) => ({
    language: block.slice(0, block.indexOf("\n")),
    text: block.slice(block.indexOf("\n") + 1),
  }));
}

/** What a text matches that the page shows with `…` for what is another one each time. */
export function pattern(shown) {
  const pieces = shown.split("…").map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pieces.join("[^\"\\n]+")}`);
}
