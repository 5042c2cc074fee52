import { rmSync } from "node:fs";
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
        const response = await fetch(`${server.url}/api/issues/${encodeURIComponent(issue?.address ?? "")}`, {
          method: "PATCH",
          headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
          body: JSON.stringify({ title: `Changed ${next}` }),
        });
        if (!response.ok) throw new Error(`PATCH answered ${response.status}: ${await response.text()}`);
        await response.arrayBuffer();
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
