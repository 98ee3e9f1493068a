// Builds dist/: index.html, and assets/ whose names change with their content.
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const WORKERS = {
  "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
  "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
  "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
};
const ASSETS = "/graphiql/assets";

process.chdir(import.meta.dirname);
await rm("dist", { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { main: "src/main.tsx", ...WORKERS },
  outdir: "dist/assets",
  publicPath: ASSETS,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  // The page and its workers share what they have in common.
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".graphql": "text", ".ttf": "file" },
});
await writeFile("dist/index.html", page(await readFile("index.html", "utf8"), built(metafile)));
await removeUnused(metafile);

/** The built files by the names that index.html has for them, such as `main.css`. */
function built({ outputs }) {
  const files = new Map();
  for (const [path, { entryPoint, cssBundle }] of Object.entries(outputs)) {
    if (!entryPoint) continue;
    const name = basename(path).replace(/-[^-]+$/, "");
    files.set(`${name}.js`, path);
    if (cssBundle) files.set(`${name}.css`, cssBundle);
  }
  return files;
}

/** A name that nothing was built for throws. */
function page(template, files) {
  return template.replaceAll(/\{([\w.]+)\}/g, (_, name) => {
    if (!files.has(name)) throw new Error(`index.html names ${name}, which was not built`);
    return `${ASSETS}/${basename(files.get(name))}`;
  });
}

/** What is imported at run time comes with its styles once more, which nobody loads. */
async function removeUnused({ outputs }) {
  const used = outputs[built({ outputs }).get("main.js")].cssBundle;
  const styles = Object.keys(outputs).filter((path) => path.endsWith(".css") && path !== used);
  await Promise.all(styles.map((path) => rm(path)));
}
