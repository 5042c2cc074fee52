import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchCase, interleaved, median, ms, ratio, type Row } from "../measure.ts";
import { makeHome, root, startEmulators, startServer, untilSynced } from "../support.ts";
import { delayAnswers } from "./control.ts";
import { runNode, runProgram } from "./run-program.ts";

const issues = 10_000;
const rounds = 20;
const roundTripMs = 150;

export const ghCase: BenchCase = {
  name: "peers-gh",
  about: "30 issues of a repository: pan issues, pan issues --sync and gh api, without and with 150 ms to the tracker",
  async run(report) {
    if (spawnSync("gh", ["--version"]).status !== 0) {
      report("skipped: gh is not installed");
      return [];
    }
    const emulators = await startEmulators(issues, ["github"]);
    const repository = emulators.sources["github"]?.[0] ?? "";
    const control = emulators.control["github"] ?? "";
    const home = await makeHome(emulators.env, emulators.sources);
    const gh = await prepareGh(emulators.env["GITHUB_API_URL"] ?? "", emulators.env["GITHUB_TOKEN"] ?? "");
    const server = await startServer(home);
    try {
      await untilSynced(server, ["github"]);
      const env = { HOME: home, PANOPTICON_HOME: home };
      const pan = (...more: string[]) => {
        const listing = ["issues", "--json", "--limit", "30", "--sort", "updated", ...more];
        return listed(runNode([join(root, "dist", "pan.js"), ...listing], env));
      };
      const others = {
        gh: () => gh.run(`repos/${repository}/issues?per_page=30&state=all&sort=updated`),
        issues: () => pan(),
        sync: () => pan("--sync"),
      };
      const rows: Row[] = [];
      for (const delay of [0, roundTripMs]) {
        await delayAnswers(control, delay);
        const times = await interleaved(rounds, others);
        const [base, own, asked] = [median(times.gh), median(times.issues), median(times.sync)];
        const [mostOwn, mostAsked] = delay === 0 ? [1.5, 2] : [0.5, 1.1];
        const where = delay === 0 ? "no delay" : `${delay} ms to the tracker and back`;
        rows.push(
          {
            what: `30 of 10,000 mirrored issues, ${where}: \`pan issues\` against \`gh api\`, p50`,
            measured: `${ratio(own, base)} (${ms(own)} against ${ms(base)})`,
            must: `at most ${mostOwn} ×`,
            ok: own <= mostOwn * base,
            data: { own, base },
          },
          {
            what: `30 of 10,000 mirrored issues, ${where}: \`pan issues --sync\` against \`gh api\`, p50`,
            measured: `${ratio(asked, base)} (${ms(asked)} against ${ms(base)})`,
            must: `at most ${mostAsked} ×`,
            ok: asked <= mostAsked * base,
            data: { asked, base },
          },
        );
      }
      return rows;
    } finally {
      await server.stop();
      await gh.close();
      await emulators.stop();
      await rm(home, { recursive: true, force: true });
    }
  },
};

async function listed(output: Promise<string>): Promise<void> {
  const answer = JSON.parse(await output) as unknown[] | { issues: unknown[] };
  const found = Array.isArray(answer) ? answer : answer.issues;
  if (found.length !== 30) throw new Error(`${found.length} issues are listed`);
}

/** gh uses plain HTTP only for the host `github.localhost`, and can connect through a socket, which leads to the emulator. */
async function prepareGh(api: string, token: string) {
  const folder = await mkdtemp(join(tmpdir(), "panopticon-gh-"));
  const socket = join(folder, "line");
  const { hostname, port } = new URL(api);
  const relay = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.pipe(to);
      from.on("error", () => to.destroy());
    }
  });
  relay.listen(socket);
  await once(relay, "listening");
  await mkdir(join(folder, "gh"));
  await writeFile(join(folder, "gh", "config.yml"), `http_unix_socket: ${socket}\n`);
  const env = {
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    GH_HOST: "github.localhost",
    GH_TOKEN: token,
    GH_ENTERPRISE_TOKEN: token,
    GH_NO_UPDATE_NOTIFIER: "1",
  };
  return {
    run: (path: string) => listed(runProgram("gh", ["api", path], env)),
    async close() {
      relay.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
