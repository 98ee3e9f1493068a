// Where the editor finds its workers: index.html has their names.
import type { Environment } from "monaco-editor";

const environment: Environment = {
  getWorker(_, label) {
    const name = ["graphql", "json"].includes(label) ? label : "editor";
    const { content } = document.querySelector<HTMLMetaElement>(`meta[name="worker:${name}"]`)!;
    return new Worker(content, { name, type: "module" });
  },
};

Object.assign(globalThis, { MonacoEnvironment: environment });
