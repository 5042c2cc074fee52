import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type BenchCase, interleaved, median, ms, ratio } from "./measure.ts";
import { fillMirror, root } from "./support.ts";

export const commandCase: BenchCase = {
  name: "command",
  about: "pan issues --json --limit 30 with the server down, against node -e 0",
  async run(report) {
    const { home } = await fillMirror(10_000, report);
    const env = { PATH: process.env.PATH ?? "", HOME: home, PANOPTICON_HOME: home };
    const run = (args: readonly string[]) => {
      const result = spawnSync(process.execPath, args, { env, encoding: "utf8" });
      if (result.status !== 0) throw new Error(result.stderr);
      return result.stdout;
    };
    const listing = () => run([join(root, "dist", "pan.js"), "issues", "--json", "--limit", "30"]);
    const { issues, total } = JSON.parse(listing()) as { issues: unknown[]; total: number };
    if (issues.length !== 30 || total !== 10_000) throw new Error(`${issues.length} of ${total} issues are listed`);
    const times = await interleaved(40, { node: () => run(["-e", "0"]), pan: listing });
    const [node, pan] = [median(times.node), median(times.pan)];
    return [
      {
        what: "`pan issues --json --limit 30`, server down, 10,000 issues, against `node -e 0`, p50",
        measured: `${ratio(pan, node)} (${ms(pan)} against ${ms(node)})`,
        must: "at most 2.5 ×",
        ok: pan <= 2.5 * node,
        data: { pan, node },
      },
    ];
  },
};
