// The built page under `/chat/`, and the API of a server that may come and go, on one origin.
import { createServer, request } from "node:http";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'";

/** Serves it; gives its URL, and a function that ends it. */
export async function serve(folder, backend) {
  const { hostname, port } = new URL(backend);
  const site = createServer((asked, answer) => (asked.url.startsWith("/graphql") ? hand(asked, answer) : show(asked, answer)));

  function hand(asked, answer) {
    const handed = request({ hostname, port, path: asked.url, method: asked.method, headers: asked.headers }, (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
    });
    handed.on("error", () => answer.writeHead(502).end());
    asked.pipe(handed);
  }

  async function show(asked, answer) {
    const path = new URL(asked.url, backend).pathname.replace(/^\/chat\//, "") || "index.html";
    const body = await readFile(join(folder, path)).catch(() => null);
    const headers = { "content-type": TYPES[path.split(".").at(-1)] ?? "text/plain", "content-security-policy": POLICY };
    answer.writeHead(body ? 200 : 404, headers).end(body);
  }

  site.on("upgrade", (asked, socket, head) => {
    const handed = connect(Number(port), hostname, () => {
      const lines = asked.rawHeaders.flatMap((item, index, all) => (index % 2 ? [] : [`${item}: ${all[index + 1]}`]));
      handed.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      handed.write(head);
      handed.pipe(socket).pipe(handed);
    });
    for (const [end, other] of [[handed, socket], [socket, handed]]) end.on("error", () => other.destroy());
  });

  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  return { url: `http://127.0.0.1:${site.address().port}`, end: () => site.close().closeAllConnections() };
}
