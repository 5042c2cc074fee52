import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import type { Finished, PanHome } from "../../src/cli/fixture.ts";
import type { IssueListShape, IssueShape } from "../../src/server/contract/issue.ts";
import { trackers } from "../../src/trackers/registry.ts";
import { panCommand } from "../support/agent-bench.ts";
import { after, before } from "../support/hooks.ts";
import { isSynced, makeHome, type PanServer, sourceOf, startPan, untilTrackers } from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";

// Runs every command line in the README's and the docs' shell blocks as written, on emulators of all trackers, with real refs and names substituted.
// Exceptions are listed here with their reasons.

const limit = { timeout: 240_000 };
const root = join(import.meta.dirname, "../..");

const notRun: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^npm (?:start|test|run )/, "starts, builds or tests this checkout"],
  [/^npm (?:pack|uninstall)\b/, "installs and removes pan; test/package.test.ts installs it"],
  [/^rm -r ~\/\.panopticon\b/, "would take away what the other lines need"],
  [/^export PANOPTICON_HOME=/, "holds for one line alone; each of the test's own homes is made so"],
  [/^[A-Z_]+=…/, "a key for the file, no command"],
  [/^pan (?:up|down|demo)\b/, "the server runs already; test/end-to-end/commands.test.ts starts and stops it"],
  [/^pan init\b/, "writes the files that are in use; test/end-to-end/init.test.ts"],
  [/^pan restore\b/, "wants the server stopped; src/cli/backup/backup.test.ts"],
  [/^pan outbox (?:retry|drop|close|resolve)\b/, "wants a change that failed; src/cli/changing/changing-alone.test.ts"],
  [/^pan shadow send MIN-123\b/, "wants a move that stayed here; src/cli/commands/shadow.test.ts"],
  [/^pan agent attach\b/, "takes the terminal over; src/work/terminal/terminal.test.ts"],
  [/^pan agent signal\b/, "is said inside an agent; test/end-to-end/agents.test.ts"],
  [/^pan project add$/, "wants a checkout of the tracker's own repository; src/cli/commands/projects-file.test.ts"],
  [/^pan agent logs .*--follow/, "goes on until the agent ends"],
  [/^pan mcp\b|^claude mcp\b/, "talks to a program; test/end-to-end/mcp.test.ts"],
  [
    /^pan webhooks (?:.*--(?:create|test|remove)|linear --secret)/,
    "wants a public address, or a secret; test/end-to-end/webhooks.test.ts",
  ],
  [/^pan workspace request\b/, "wants a remote that is the tracker's; test/end-to-end/agents.test.ts"],
  [/^pan move PROJ-88 .*--transition/, "wants a workflow that asks; test/browser/jira-moves.test.ts"],
  [/^curl .*\/api\/events/, "goes on without end; src/server/events/events.test.ts"],
  [/^source <\(pan completion zsh\)|~\/\.config\/fish/, "for another shell; src/cli/completion/completion.test.ts"],
];

let folder: string;
let home: PanHome;
let emulators: readonly Emulator[];
let server: PanServer;
let issues: readonly IssueShape[];
let bin: string;

before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-snippets-")));
  const { checkout } = makeRepository(folder);
  emulators = await Promise.all(
    // GitHub has a repository that no project uses yet.
    emulatedTrackers.map((tracker) =>
      startEmulator(tracker, { issues: 24, seed: 4, sources: tracker === "github" ? 2 : 1, budget: 1_000_000 }),
    ),
  );
  const sources = emulators.map((emulator) => {
    const key = trackers.find(({ id }) => id === emulator.tracker)?.sourceKeys[0]?.key ?? "";
    return `    ${key}: ${JSON.stringify(sourceOf(emulator))}\n`;
  });
  // It commits nothing, whenever it is answered or stopped: a workspace with commits of its own is not removed.
  const agent = JSON.stringify([
    ...panCommand,
    "agent",
    "scripted",
    "{prompt}\nscript:\nask What next?\nask And then?",
  ]);
  home = makeHome({
    emulators,
    projects: `projects:\n  myapp:\n    history: all\n    path: ${checkout}\n    agent: claude\n    signals: false\n${sources.join("")}`,
    config: `server: { publicUrl: "https://pan.example.test" }\nagents:\n  claude: { command: ${agent}, plan: [], resume: [--resume] }\n  codex: { command: ${agent}, plan: [], resume: [--resume] }\n`,
  });
  server = await startPan(home, { env: gitEnvironment });
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");
  ({ issues } = await server.get<IssueListShape>("/api/issues?limit=1000"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "pan"), `#!/bin/sh\nexec ${panCommand.map((word) => `'${word}'`).join(" ")} "$@"\n`, {
    mode: 0o755,
  });
});
after(async () => {
  await stopAgents();
  await server.stop();
  for (const emulator of emulators) await emulator.close();
  await home[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function stopAgents(): Promise<void> {
  for (const { id } of (await server.get<{ agents: { id: string }[] }>("/api/agents")).agents) {
    await server.ask("POST", `/api/agents/${id}/stop`);
  }
}

/** The command lines of a page's shell blocks, without trailing comments. */
function linesOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block
      .replaceAll("\\\n", " ")
      .split("\n")
      .map((line) => line.replace(/\s+#\s.*$/, "").trim())
      .filter((line) => line !== "" && !line.startsWith("#")),
  );
}

/** Substitutes existing refs and names for those in the text. */
function inPlace(line: string): string {
  const refOf = (tracker: string) => issues.find((issue) => issue.tracker === tracker)?.ref ?? assert.fail(tracker);
  const sourceIn = (tracker: string, index = 0) =>
    sourceOf(emulators.find((one) => one.tracker === tracker) ?? assert.fail(tracker), index);
  return line
    .replace(/\b(?:MIN|APP)-\d+\b/g, refOf("linear"))
    .replace(/\bPROJ-\d+\b/g, refOf("jira"))
    .replace(/\bUS\d+\b/g, refOf("rally"))
    .replaceAll("panopticon#45", refOf("github"))
    .replaceAll("panopticon%2345", encodeURIComponent(refOf("github")))
    .replace(/--source MIN\b/, `--source ${sourceIn("linear")}`)
    .replaceAll("myorg/website", sourceIn("github", 1))
    .replaceAll("myorg/myapp", sourceIn("github"))
    .replace('"planning": "Spec"', '"planning": "Todo"')
    .replaceAll("/mnt/safe", folder)
    .replaceAll("~/", `${home.folder}/`)
    .replaceAll("http://127.0.0.1:3011", server.url);
}

function inShell(script: string): Promise<Finished> {
  const env = {
    ...gitEnvironment,
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home.folder,
    PANOPTICON_HOME: home.folder,
    CI: "1",
  };
  return new Promise((resolve) => {
    const child = execFile("bash", ["-c", script], { cwd: folder, env, timeout: 60_000 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

/** Runs plain command lines in this process, in a tenth of the time; those with shell syntax run in a shell. */
async function runLine(line: string, before: readonly string[]): Promise<Finished> {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
  const inProcess =
    words[0] === "pan" && !/[|<>$;&]/.test(line) && !/--output|^pan backup|^pan project add$/.test(line);
  return inProcess ? home.here(words.slice(1), gitEnvironment) : inShell([...before, line].join("\n"));
}

const has = (program: string) =>
  (process.env["PATH"] ?? "").split(":").some((place) => existsSync(join(place, program)));

for (const page of ["README.md", ...globSync("docs/*.md", { cwd: root }).toSorted()]) {
  const lines = linesOf(page);
  if (lines.length === 0) continue;
  test(`${page}: its command lines do what they say`, limit, async (t) => {
    const settings: string[] = [];
    for (const line of lines) {
      const reason = notRun.find(([pattern]) => pattern.test(line))?.[1];
      if (reason !== undefined) {
        t.diagnostic(`not run: ${line} (${reason})`);
        continue;
      }
      const lacking = ["jq", "curl", "uuidgen"].find(
        (program) => new RegExp(`\\b${program}\\b`).test(line) && !has(program),
      );
      if (lacking !== undefined) {
        t.diagnostic(`not run: ${line} (${lacking} is not installed)`);
        continue;
      }
      const placed = inPlace(line);
      if (/^\w+=/.test(placed)) {
        settings.push(placed);
        continue;
      }
      // Only one agent at a time works on an issue, and none in a workspace being removed.
      if (/^pan (?:agent start|workspace remove)\b/.test(line)) await stopAgents();
      const { code, stdout, stderr } = await runLine(placed, settings);
      assert.equal(code, 0, `${placed}\n${stdout}${stderr}`);
      assert.doesNotMatch(`${stdout}${stderr}`, /went wrong inside|\n\s+at /, placed);
    }
  });
}
