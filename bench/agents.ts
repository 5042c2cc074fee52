import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findTracker } from "../src/trackers/registry.ts";
import { gitEnvironment, makeRepository } from "../test/support/workbench.ts";
import { type BenchCase, median, ms, percentile } from "./measure.ts";
import { makeHome, peakMemoryMiB, type RunningServer, startEmulators, startServer, untilSynced } from "./support.ts";

const rounds = 30;
const waits = 20;
const printing = { agents: 20, seconds: 20, bytesPerSecond: 1_000_000 };
const lineBytes = 100;

type Agent = { readonly id: string; readonly workspace: string; readonly path: string };

/** Waits for the file named by its argument, so that all start together; prints numbered lines at a steady rate, then stays. */
const printer = `
const { existsSync, writeFileSync } = require("node:fs");
writeFileSync(process.env.PANOPTICON_AGENT_DIR + "/ready", "");
const [perSecond, seconds] = [${printing.bytesPerSecond / printing.agents / lineBytes}, ${printing.seconds}];
let started = 0;
let line = 0;
const timer = setInterval(() => {
  if (started === 0 && !existsSync(process.argv[1])) return;
  started ||= Date.now();
  const due = Math.min(perSecond * seconds, Math.floor(((Date.now() - started) / 1000) * perSecond));
  let text = "";
  for (; line < due; line += 1) text += String(line).padStart(8, "0") + " " + "x".repeat(${lineBytes - 11}) + "\\r\\n";
  process.stdout.write(text);
  if (line === perSecond * seconds) clearInterval(timer), console.log("all printed"), setInterval(() => {}, 1e6);
}, 50);
`;

export const agentsCase: BenchCase = {
  name: "agents",
  about: `from the action to the running agent, ${rounds} times; ${printing.agents} agents that print 1 MB/s in all`,
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), "panopticon-bench-agents-"));
    const { checkout } = makeRepository(folder);
    const emulators = await startEmulators(10_000, ["github"]);
    const home = await makeHome(emulators.env, emulators.sources);
    writeFiles(home, checkout, emulators.sources["github"] ?? []);
    const server = await startServer(home, gitEnvironment);
    try {
      await untilSynced(server, ["github"]);
      const { issues } = await send<{ issues: { ref: string }[] }>(
        server,
        "GET",
        "/api/issues?status=backlog&limit=100",
      );
      const refs = issues.map(({ ref }) => ref);
      const started = await measureStarts(server, home, checkout, refs, report);
      const waiting = await measureWaiting(server, home, refs, report);
      const printed = await measurePrinting(server, home, refs, report);
      return [...started, ...waiting, ...printed];
    } finally {
      for (const { id } of (await send<{ agents: Agent[] }>(server, "GET", "/api/agents")).agents)
        await send(server, "POST", `/api/agents/${id}/stop`);
      await server.stop();
      await emulators.stop();
      for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
    }
  },
};

const goFile = (home: string) => join(home, "print");

function writeFiles(home: string, checkout: string, sources: readonly string[]): void {
  const key = findTracker("github")?.sourceKeys[0]?.key ?? "";
  const project = { name: "Bench", history: "all", path: checkout, [key]: sources };
  // JSON is valid YAML.
  writeFileSync(join(home, ".panopticon", "projects.yaml"), JSON.stringify({ projects: { bench: project } }));
  const agents = {
    quick: { command: ["sh", "-c", 'touch "$PANOPTICON_AGENT_DIR/ready"; exec sleep 600', "{prompt}"] },
    asking: {
      command: [
        "sh",
        "-c",
        'pan agent signal waiting; touch "$PANOPTICON_AGENT_DIR/asked"; exec sleep 600',
        "{prompt}",
      ],
    },
    ringing: {
      command: [
        "sh",
        "-c",
        'sleep 1.2; printf "\\007"; touch "$PANOPTICON_AGENT_DIR/asked"; exec sleep 600',
        "{prompt}",
      ],
    },
    printer: { command: [process.execPath, "-e", printer, goFile(home), "{promptFile}"] },
  };
  writeFileSync(join(home, ".panopticon", "config.yaml"), JSON.stringify({ agents }));
}

async function send<T>(server: RunningServer, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    // The pauses between requests exceed the server's keep-alive timeout.
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json", connection: "close" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function untilThere(file: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!existsSync(file)) {
    if (performance.now() > deadline) throw new Error(`${file} does not come`);
    await sleep(2);
  }
}

/** Next to each start, the same by hand, without Panopticon: fetch, worktree, tmux and the program. */
async function measureStarts(
  server: RunningServer,
  home: string,
  checkout: string,
  refs: readonly string[],
  report: (line: string) => void,
) {
  const starts: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    const ref = refs[round] ?? "";
    const { id } = await send<Agent>(server, "POST", "/api/agents", { ref, agent: "quick", wait: false });
    await untilThere(join(home, ".panopticon", "work", "agents", id, "ready"));
    starts.push(performance.now() - begun);
    const { workspace } = await send<Agent>(server, "GET", `/api/agents/${id}`);
    await send(server, "DELETE", `/api/workspaces/${workspace}?force=true`);
    byHand.push(await startByHand(home, checkout, round));
  }
  const [start, floor] = [percentile(starts, 0.95), percentile(byHand, 0.95)];
  report(`starts p50 ${ms(median(starts))}, by hand p50 ${ms(median(byHand))}`);
  return [
    {
      what: "start action to running agent, warm repository, p95",
      measured: ms(start),
      must: "below 1.5 s",
      ok: start < 1_500,
      data: { start, p50: median(starts) },
    },
    {
      what: "of which Panopticon's own, against git, tmux and the program by hand",
      measured: `${ms(start - floor)} (${ms(start)} against ${ms(floor)})`,
      must: "below 300 ms",
      ok: start - floor < 300,
      data: { start, floor },
    },
  ];
}

async function startByHand(home: string, checkout: string, round: number): Promise<number> {
  const tree = join(home, "by-hand", String(round));
  const ready = join(home, `ready-${round}`);
  const socket = `panopticon-bench-${process.pid}`;
  mkdirSync(join(home, "by-hand"), { recursive: true });
  const env = { ...process.env, ...gitEnvironment };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout, env, stdio: "pipe" });
  const begun = performance.now();
  git("fetch", "--no-tags", "origin", "+refs/heads/main:refs/remotes/origin/main");
  git("worktree", "add", "--no-track", "-b", `hand-${round}`, "--", tree, "origin/main");
  const program = `touch '${ready}'; exec sleep 600`;
  execFileSync("tmux", [
    "-L",
    socket,
    "-f",
    "/dev/null",
    "new-session",
    "-d",
    "-s",
    `hand-${round}`,
    "-c",
    tree,
    "sh",
    "-c",
    program,
  ]);
  await untilThere(ready);
  const took = performance.now() - begun;
  spawnSync("tmux", ["-L", socket, "kill-session", "-t", `=hand-${round}`]);
  git("worktree", "remove", "--force", tree);
  return took;
}

/** From the moment the agent signals or rings until a response says that it waits. */
async function measureWaiting(
  server: RunningServer,
  home: string,
  refs: readonly string[],
  report: (line: string) => void,
) {
  const times: number[] = [];
  for (let round = 0; round < waits; round += 1) {
    const agent = round % 2 === 0 ? "asking" : "ringing";
    const started = await send<Agent>(server, "POST", "/api/agents", { ref: refs[round], agent });
    const asked = join(home, ".panopticon", "work", "agents", started.id, "asked");
    await untilThere(asked);
    const begun = performance.now() - (Date.now() - statSync(asked).mtimeMs);
    while ((await send<{ state: string }>(server, "GET", `/api/agents/${started.id}`)).state !== "waiting")
      await sleep(10);
    times.push(Math.max(0, performance.now() - begun));
    await send(server, "DELETE", `/api/workspaces/${started.workspace}?force=true`);
  }
  const noticed = percentile(times, 0.95);
  report(`waiting noticed p50 ${ms(median(times))}`);
  return [
    {
      what: "an agent's word or bell that it waits, to the API saying so, p95",
      measured: ms(noticed),
      must: "below 2 s",
      ok: noticed < 2_000,
      data: { noticed, p50: median(times) },
    },
  ];
}

async function measurePrinting(
  server: RunningServer,
  home: string,
  refs: readonly string[],
  report: (line: string) => void,
) {
  const chosen = refs.slice(rounds, rounds + printing.agents);
  const agents = await Promise.all(
    chosen.map((ref) => send<Agent>(server, "POST", "/api/agents", { ref, agent: "printer" })),
  );
  // The idle baseline has the same agents, running but not printing yet.
  for (const { id } of agents) await untilThere(join(home, ".panopticon", "work", "agents", id, "ready"));
  const idle = await boardTimes(server, 3_000);
  writeFileSync(goFile(home), "");
  const busy = await boardTimes(server, printing.seconds * 500);
  const screens = await Promise.all(agents.map(({ id }) => untilPrinted(server, id)));
  const wanted = (printing.bytesPerSecond / printing.agents / lineBytes) * printing.seconds;
  const lost = screens.map((screen) => countLost(screen, wanted));
  const peakMiB = await peakMemoryMiB(server.pid);
  report(`board p95 ${ms(percentile(idle, 0.95))} idle, ${ms(percentile(busy, 0.95))} while they print`);
  const [quiet, loud] = [percentile(idle, 0.95), percentile(busy, 0.95)];
  const all = lost.reduce((sum, one) => sum + one, 0);
  return [
    {
      what: `GET /api/board, p95, while ${printing.agents} agents print 1 MB/s in all, 10,000 issues`,
      measured: `${ms(loud)} (idle ${ms(quiet)})`,
      must: "below 100 ms",
      ok: loud < 100,
      data: { quiet, loud },
    },
    {
      what: "lines of theirs that are missing in the scrollback",
      measured: `${all} of ${wanted * printing.agents}`,
      must: "0",
      ok: all === 0,
      data: { lost },
    },
    {
      what: "server memory with them, peak, first sync included",
      measured: `${peakMiB.toFixed(0)} MiB`,
      must: "at most 250 MiB",
      ok: peakMiB <= 250,
      data: { peakMiB },
    },
  ];
}

async function boardTimes(server: RunningServer, durationMs: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    const begun = performance.now();
    await send(server, "GET", "/api/board");
    times.push(performance.now() - begun);
    await sleep(20);
  }
  return times;
}

async function untilPrinted(server: RunningServer, id: string): Promise<string> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const { lastLine } = await send<{ lastLine: string | null }>(server, "GET", `/api/agents/${id}`);
    if (lastLine === "all printed")
      return (await send<{ screen: string }>(server, "GET", `/api/agents/${id}/screen`)).screen;
    if (performance.now() > deadline) throw new Error(`agent ${id} does not come to its end: ${lastLine}`);
    await sleep(250);
  }
}

function countLost(screen: string, wanted: number): number {
  const found = new Set(Array.from(screen.matchAll(/^(\d{8}) x+/gm), ([, number]) => Number(number)));
  return Array.from({ length: wanted }, (_, line) => line).filter((line) => !found.has(line)).length;
}
