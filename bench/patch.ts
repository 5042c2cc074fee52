import { rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { IssueListShape } from "../src/server/contract/issue.ts";
import { type BenchCase, interleaved, median, ms, percentile, ratio } from "./measure.ts";
import { fillMirror, startServer } from "./support.ts";

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
    const insert = bare.prepare("insert into row (text) values (?)");
    try {
      const { issues } = await server.get<IssueListShape>(`/api/issues?status=backlog&limit=${rounds}`);
      let next = 0;
      const patch = async () => {
        const issue = issues[next % issues.length];
        next += 1;
        const url = `${server.url}/api/issues/${encodeURIComponent(issue?.address ?? "")}`;
        await sendPatch(url, server.token, { title: `Changed ${next}` });
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
      bare.close();
      rmSync(file, { force: true });
      await server.stop();
    }
  },
};

/** One connection, as a browser keeps it. `fetch` would add about as much of this process's own time as the server needs to answer. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Resolves when the whole answer is there. */
function sendPatch(url: string, token: string, patch: object): Promise<void> {
  const body = Buffer.from(JSON.stringify(patch));
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": body.length,
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "PATCH", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`PATCH answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`));
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
