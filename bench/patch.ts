import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { IssueListShape } from "../src/server/contract/issue.ts";
import { type BenchCase, interleaved, median, ms, percentile, ratio } from "./measure.ts";
import { fillMirror, type RunningServer, startServer } from "./support.ts";

const rounds = 300;

export const patchCase: BenchCase = {
  name: "patch",
  about: "PATCH of an issue, answered when it is durable, against one bare durable row on the same disk",
  async run(report) {
    const { home } = await fillMirror(10_000, report);
    const server = await startServer(home);
    const file = join(home, "bare.db");
    const bare = new DatabaseSync(file);
    bare.exec(
      "pragma journal_mode = wal; pragma synchronous = full; create table row (id integer primary key, text text)",
    );
    const connection = await connectTo(server.url);
    const insert = bare.prepare("insert into row (text) values (?)");
    try {
      const { issues } = await server.get<IssueListShape>(`/api/issues?status=backlog&limit=${rounds}`);
      let next = 0;
      const patch = async () => {
        const issue = issues[next % issues.length];
        next += 1;
        await connection.send(patchRequest(server, issue?.address ?? "", { title: `Changed ${next}` }));
      };
      for (let warm = 0; warm < 20; warm += 1) await patch();
      const times = await interleaved(rounds, { bare: () => insert.run("x".repeat(200)), patch });
      const [bareMs, patchMs] = [median(times.bare), median(times.patch)];
      return [
        {
          what: "PATCH answered, durable, p50, against one bare durable row",
          measured: `${ratio(patchMs, bareMs)} (${ms(patchMs)} against ${ms(bareMs)}; p95 ${ms(percentile(times.patch, 0.95))})`,
          must: "at most 3 ×",
          ok: patchMs <= 3 * bareMs,
          data: { bareMs, patchMs, p95: percentile(times.patch, 0.95) },
        },
      ];
    } finally {
      connection.close();
      bare.close();
      rmSync(file, { force: true });
      await server.stop();
    }
  },
};

/**
 * A keep-alive connection on a bare socket, like a browser's: Node's HTTP client would add about as much time to this process as the server needs besides
 * writing. `send` resolves with the complete response.
 */
async function connectTo(url: string): Promise<{ send(request: string): Promise<void>; close(): void }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  await once(socket, "connect");
  let text = "";
  let answered: ((error: Error | null) => void) | null = null;
  socket.on("data", (chunk: string) => {
    text += chunk;
    const head = text.indexOf("\r\n\r\n");
    const length = Number(/\ncontent-length: (\d+)/i.exec(text)?.[1]);
    if (head === -1 || !(text.length >= head + 4 + length)) return;
    answered?.(text.startsWith("HTTP/1.1 200 ") ? null : new Error(`PATCH was answered with ${text}`));
    text = "";
  });
  socket.on("close", () => answered?.(new Error("the connection was closed")));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        answered = (error) => (error === null ? resolve() : reject(error));
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

function patchRequest(server: RunningServer, address: string, patch: object): string {
  const body = JSON.stringify(patch);
  return [
    `PATCH /api/issues/${encodeURIComponent(address)} HTTP/1.1`,
    `host: ${new URL(server.url).host}`,
    `authorization: Bearer ${server.token}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
