import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that changes JSON responses in transit. */
export type MutatingProxy = {
  readonly origin: string;
  /** Sets the change for the next responses; null: none. */
  change(how: ((body: unknown) => unknown) | null): void;
  close(): Promise<void>;
};

/** Starts a proxy for `target`, an origin; URLs of the target in responses point to the proxy. */
export async function startMutatingProxy(target: string): Promise<MutatingProxy> {
  let how: ((body: unknown) => unknown) | null = null;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { host: _, connection: __, "content-length": ___, "accept-encoding": ____, ...headers } = request.headers;
      const answer = await fetch(target + (request.url ?? "/"), {
        method: request.method ?? "GET",
        headers: headers as Record<string, string>,
        redirect: "manual",
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const own = `http://${request.headers.host ?? ""}`;
      const text = (await answer.text()).replaceAll(target, own);
      response.writeHead(
        answer.status,
        Object.fromEntries(
          [...answer.headers]
            .filter(([name]) => !["content-length", "connection", "transfer-encoding"].includes(name))
            .map(([name, value]) => [name, value.replaceAll(target, own)]),
        ),
      );
      response.end(how === null ? text : changed(text, how));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    change(next) {
      how = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function changed(text: string, how: (body: unknown) => unknown): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: pass it on unchanged.
    return text;
  }
  const next = how(body);
  return typeof next === "string" ? next : JSON.stringify(next);
}
