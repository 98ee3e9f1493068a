// The guide's TypeScript: each block in the file that its first line names, compiled, and imported.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { blocks } from "./page.mjs";

/** As a bundler reads it; the second line is what Vite's template asks for beside `strict`. */
const OPTIONS = {
  strict: true, noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true, erasableSyntaxOnly: true, noUnusedLocals: true, noUnusedParameters: true,
  noFallthroughCasesInSwitch: true, noUncheckedSideEffectImports: true,
  target: "es2023", lib: ["es2023", "dom", "dom.iterable"], types: [],
  module: "esnext", moduleResolution: "bundler", jsx: "react-jsx", skipLibCheck: true, outDir: "out",
};
/** What the guide says is to be copied. */
const COPIED = new URL("../../chat/src/cache/typePolicies.ts", import.meta.url);
const FILE = /^\/\/ src\/messenger\/(\S+)\n/;

/** Compiles them in a folder; gives the names of the files, and a function that imports one. */
export function compile(folder) {
  mkdirSync(folder);
  const modules = join(import.meta.dirname, "../node_modules");
  symlinkSync(modules, join(folder, "node_modules"));
  cpSync(COPIED, join(folder, basename(COPIED.pathname)));
  const names = blocks().filter(({ language }) => language.startsWith("ts")).map(({ text }) => write(folder, text));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS }));
  const { status } = spawnSync("node", [join(modules, "typescript/bin/tsc"), "-p", folder], { stdio: "inherit" });
  if (status !== 0) throw new Error("the guide's TypeScript does not compile");
  register("./resolve.mjs", import.meta.url);
  return { names, load: (name) => import(pathToFileURL(join(folder, "out", `${name}.js`)).href) };
}

function write(folder, text) {
  const [, name] = FILE.exec(text) ?? [];
  if (!name) throw new Error(`no file is named in the first line of:\n${text}`);
  writeFileSync(join(folder, name), text, { flag: "wx" });
  return name;
}
