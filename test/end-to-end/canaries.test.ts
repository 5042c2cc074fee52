import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import { commandTable } from "../../src/cli/command-table.ts";
import type { Finished, PanHome } from "../../src/cli/fixture.ts";
import { createWebhookSecrets } from "../../src/config/webhook-secrets.ts";
import type { IssueListShape, IssueShape } from "../../src/server/contract/issue.ts";
import type { AgentShape } from "../../src/server/contract/work.ts";
import { routeDoors } from "../../src/server/doors.ts";
import { trackers } from "../../src/trackers/registry.ts";
import { panCommand } from "../support/agent-bench.ts";
import { type Canary, findCanaries } from "../support/find-canaries.ts";
import { eventually, isSynced, makeHome, type PanServer, sourceOf, startPan, untilTrackers } from "../support/stage.ts";
import { gitEnvironment, makeRepository } from "../support/workbench.ts";

// Real processes with planted keys for all five trackers. Whatever they say, store, answer and hand on is kept, and then searched for the keys.

const limit = { timeout: 240_000 };

let folder: string;
let emulators: readonly Emulator[];
let home: PanHome;
let server: PanServer;
let serverOutput: Finished | undefined;
let canaries: Canary[];
/** The keys that the server has from its environment instead of from the file. */
let environment: Record<string, string>;
let agent: AgentShape;
let issues: readonly IssueShape[];

/** What was said, by where: searched at the end of each part. */
const said = new Map<string, string>();
const keep = (where: string, text: string) => said.set(where, `${said.get(where) ?? ""}${text}`);

function assertNoCanary(): void {
  const found = [...said].flatMap(([where, text]) => findCanaries(text, canaries).map((what) => `${where}: ${what}`));
  assert.deepEqual(found, []);
  said.clear();
}

before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-canaries-")));
  const { checkout } = makeRepository(folder);
  emulators = await Promise.all(
    emulatedTrackers.map((tracker) => startEmulator(tracker, { issues: 6, seed: 8, sources: 1, budget: 1_000_000 })),
  );
  const keys = Object.assign({}, ...emulators.map(({ credentials }) => credentials)) as Record<string, string>;
  const secretKeys = new Set(
    trackers.flatMap(({ credentialFields }) =>
      credentialFields.filter(({ secret }) => secret).flatMap(({ env }) => env),
    ),
  );
  canaries = Object.entries(keys)
    .filter(([name]) => secretKeys.has(name))
    .map(([name, secret]) => ({ name, secret }));
  assert.equal(canaries.length, trackers.length, "a key of each tracker is planted");
  environment = Object.fromEntries(
    Object.entries(keys).filter(([name]) => /^(?:GITHUB_TOKEN|JIRA_API_KEY|RALLY_API_KEY)$/.test(name)),
  );
  const projects = emulators.map((emulator) => {
    const key = trackers.find(({ id }) => id === emulator.tracker)?.sourceKeys[0]?.key ?? "";
    return `    ${key}: ${JSON.stringify(sourceOf(emulator))}\n`;
  });
  const named = canaries.map(({ name }) => name).join(", ");
  home = makeHome({
    emulators,
    projects: `projects:\n  one:\n    history: all\n    path: ${checkout}\n    agent: scripted\n    signals: false\n    workspace: { setup: ["env > ${folder}/setup-environment"] }\n${projects.join("")}`,
    config: `agents:\n  scripted: { command: ${JSON.stringify([...panCommand, "agent", "scripted", "{prompt}"])}, env: [${named}] }\n`,
  });
  const webhooks = createWebhookSecrets(home.paths.webhooksFile, () => Date.now());
  for (const { id } of trackers) {
    const secret = `hook-canary-${randomBytes(12).toString("hex")}`;
    webhooks.replace(id, secret);
    canaries.push({ name: `webhook secret of ${id}`, secret });
  }
  server = await startPan(home, { env: { ...gitEnvironment, ...environment, DEBUG: "*", LOG_LEVEL: "trace" } });
  canaries.push({ name: "token of the session", secret: server.token });
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");
  ({ issues } = await server.get<IssueListShape>("/api/issues?limit=1000"));
  const ref = issues.find(({ tracker }) => tracker === "github")?.ref;
  const started = await server.ask("POST", "/api/agents", { ref, agent: "scripted", prompt: "script:\nread" });
  assert.equal(started.status, 201, JSON.stringify(started.body));
  agent = started.body as AgentShape;
});
after(async () => {
  if (serverOutput === undefined) {
    await server.ask("POST", `/api/agents/${agent.id}/stop`);
    await server.stop();
  }
  for (const emulator of emulators) await emulator.close();
  await home[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks, and keeps the whole answer; of a stream its beginning. */
async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(`${server.url}${path}`, {
    method,
    redirect: "manual",
    signal: stop.signal,
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const head = JSON.stringify([...response.headers]);
  let text: string;
  if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
    const first = await response.body?.getReader().read();
    text = new TextDecoder().decode(first?.value);
    stop.abort();
  } else text = await response.text();
  keep(`${method} ${path}`, `${response.status} ${head} ${text}`);
  return text;
}

async function pan(...args: string[]): Promise<void> {
  const { stdout, stderr } = await home.here(args, environment);
  keep(`pan ${args.join(" ")}`, `${stdout}${stderr}`);
}

const encoded = (issue: IssueShape) => encodeURIComponent(issue.ref);
const oneOf = (tracker: string) => issues.find((issue) => issue.tracker === tracker) ?? assert.fail(tracker);
const secretOf = (name: string) => canaries.find((one) => one.name === name)?.secret ?? assert.fail(name);

/** Real addresses of every route that is asked with GET. */
function addresses(): string[] {
  const queries: Readonly<Record<string, readonly string[]>> = {
    "/api/sources": trackers.map(({ id }) => `?tracker=${id}`),
    "/api/form": trackers.map(({ id }) => `?project=one&source=${encodeURIComponent(oneOf(id).source)}`),
    "/api/files": trackers.map(({ id }) => `?connection=${id}&url=${encodeURIComponent("https://evil.example/x")}`),
  };
  return Object.keys(routeDoors)
    .filter((key) => key.startsWith("GET "))
    .flatMap((key) => {
      const path = key.slice("GET ".length);
      if (path.includes(":ref")) return trackers.map(({ id }) => path.replace(":ref", encoded(oneOf(id))));
      const filled = path
        .replace("/*", "/")
        .replace(/^(\/api\/agents)\/:id/, `$1/${agent.id}`)
        .replace(/^(\/api\/workspaces)\/:id/, `$1/${agent.workspace}`)
        .replace(/^(\/api\/projects)\/:id/, "$1/one");
      return (queries[filled] ?? [""]).map((query) => filled + query);
    });
}

describe("secrets", () => {
  test("are in no answer of any route, also where the tracker repeats them in its errors", limit, async () => {
    const all = addresses();
    assert.ok(
      all.every((address) => !address.includes(":")),
      all.join(" "),
    );
    for (const address of all) await ask("GET", address);
    for (const status of [401, 400, 502, 302, 200]) {
      for (const emulator of emulators) emulator.faults.add({ kind: "echo", times: Infinity, value: status });
      await Promise.all(
        emulators.map(async ({ tracker, credentials }) => {
          await ask("POST", `/api/trackers/${tracker}/sync`);
          await ask("GET", `/api/sources?tracker=${tracker}`);
          await ask("GET", `/api/issues/${encoded(oneOf(tracker))}/comments`);
          await ask("PATCH", `/api/issues/${encoded(oneOf(tracker))}`, { title: `Changed under ${status}` });
          const definition = trackers.find(({ id }) => id === tracker);
          const body = Object.fromEntries(
            (definition?.credentialFields ?? []).flatMap(({ name, env }) => {
              const value = env.map((key) => credentials[key]).find((one) => one !== undefined);
              return value === undefined ? [] : [[name, value]];
            }),
          );
          await ask("POST", `/api/${tracker}/validate`, body, { authorization: "" });
          await ask("POST", `/webhooks/${tracker}`, { secret: secretOf(`webhook secret of ${tracker}`) });
        }),
      );
      for (const address of ["/api/trackers", "/api/outbox", "/api/history", "/api/board"]) await ask("GET", address);
      if (status === 401) {
        await pan("status", "--json");
        await pan("outbox");
        for (const { id } of trackers) await pan("trackers", "test", id, "--json");
      }
      for (const emulator of emulators) emulator.faults.clear();
    }
    // A delivery that is proved, and one that repeats the secret where it does not belong.
    const body = JSON.stringify({ action: "edited" });
    const signature = createHmac("sha256", secretOf("webhook secret of github")).update(body).digest("hex");
    await ask("POST", "/webhooks/github", { action: "edited" }, { "x-hub-signature-256": `sha256=${signature}` });
    await ask("POST", `/webhooks/github?secret=${secretOf("webhook secret of github")}`, {});
    assertNoCanary();
  });

  test("are in nothing that a command prints", limit, async () => {
    for (const { name } of commandTable) await pan(name, "--help");
    const github = oneOf("github").ref;
    for (const args of [
      ["status"],
      ["status", "--json"],
      ["doctor", "--json"],
      ["project", "list", "--json"],
      ["states", "one", "--json"],
      ["trackers", "--json"],
      ["trackers", "test", "github"],
      ["sync", "--json"],
      ["issues", "--json"],
      ["show", github, "--json"],
      ["export", "--format", "json"],
      ["export", "--format", "csv"],
      ["export", "--format", "markdown"],
      ["outbox", "--json"],
      ["workspace", "list", "--json"],
      ["agent", "list", "--json"],
      ["agent", "logs", agent.id],
      ["dispatch", "--dry-run", "--json"],
      ["completion", "bash"],
      ["backup", join(folder, "one.backup"), "--json"],
      ["comment", github, "said"],
      ["isues"],
      ["show", secretOf("GITHUB_TOKEN").slice(0, 4)],
    ])
      await pan(...args);
    keep("the backup", readFileSync(join(folder, "one.backup"), "latin1"));
    // A process of its own: DEBUG=* is read when the program is loaded, and a refused key is spoken of.
    const emulator = emulators.find(({ tracker }) => tracker === "jira") ?? assert.fail();
    emulator.faults.add({ kind: "echo", times: Infinity, value: 400 });
    for (const args of [["trackers", "test", "jira"], ["doctor"]]) {
      const { stdout, stderr } = await home.start(args, { env: { ...environment, DEBUG: "*" } }).finished;
      assert.match(`${stdout}${stderr}`, /no entry for/);
      keep(`DEBUG=* pan ${args.join(" ")}`, `${stdout}${stderr}`);
    }
    emulator.faults.clear();
    assertNoCanary();
  });

  test("are not handed to an agent, to tmux, to the setup commands, nor to the agent's tools", limit, async () => {
    keep("the setup commands", readFileSync(join(folder, "setup-environment"), "utf8"));
    const processes = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && ![server.pid, process.pid].includes(Number(name)))
      .flatMap((name) => {
        try {
          const given =
            readFileSync(`/proc/${name}/environ`, "latin1") + readFileSync(`/proc/${name}/cmdline`, "latin1");
          return given.includes(home.folder) ? [[name, given] as const] : [];
        } catch {
          // Ended meanwhile, or somebody else's.
          return [];
        }
      });
    assert.ok(processes.length >= 2, "tmux and the agent run");
    for (const [name, given] of processes) keep(`process ${name}`, given);
    const client = new Client({ name: "test", version: "1" });
    await client.connect(
      new StdioClientTransport({ command: join(home.paths.home, "work", "agents", agent.id, "mcp") }),
    );
    try {
      const { tools } = await client.listTools();
      for (const { name } of tools) {
        const answer = await client.callTool({ name, arguments: { ref: agent.ref, query: "a" } });
        keep(`the tool ${name}`, JSON.stringify(answer));
      }
      for (const { uri } of (await client.listResources().catch(() => ({ resources: [] }))).resources)
        keep(uri, JSON.stringify(await client.readResource({ uri })));
    } finally {
      await client.close();
    }
    assertNoCanary();
  });

  test("are in no file but those that are made for them, while it runs and after", limit, async () => {
    // Both are read by their owner alone; `checkModes` of doctor.test.ts and session.test.ts hold them to it.
    const made = new Set([home.paths.tokenFile, home.paths.serverFile, home.paths.webhooksFile]);
    const readAll = (when: string) => {
      for (const name of readdirSync(home.paths.home, { recursive: true, encoding: "utf8" })) {
        const path = join(home.paths.home, name);
        const found = statSync(path, { throwIfNoEntry: false });
        if (found?.isFile() !== true) continue;
        if (made.has(path)) assert.equal(found.mode & 0o077, 0, path);
        else keep(`${name}, ${when}`, readFileSync(path, "latin1"));
      }
    };
    readAll("while it runs");
    assert.ok(
      [...said.keys()].some((name) => name.startsWith("panopticon.db-wal")),
      "the log of the database is read",
    );
    await server.ask("POST", `/api/agents/${agent.id}/stop`);
    serverOutput = await server.stop();
    readAll("afterwards");
    const { stdout, stderr } = serverOutput;
    assert.match(stderr, /github (?:GET|POST) .* → 401/s, "the requests are logged");
    // The address is there to be opened, and is the only place of the token.
    keep("standard output of pan up", stdout.replace(/^Open \S+$/m, ""));
    keep("standard error of pan up", stderr);
    assertNoCanary();
  });
});

/** Breaks a running process on SIGUSR2, with its keys in what it breaks with. */
const breaker = `data:text/javascript,${encodeURIComponent(`
  process.once("SIGUSR2", () => {
    const keys = [process.env.GITHUB_TOKEN, process.env.CANARY_FROM_FILE].join(" ");
    const error = Object.assign(new TypeError("cannot read " + keys, { cause: new Error("sent " + btoa("x:" + keys)) }), { headers: { authorization: keys } });
    process.emitWarning("beware of " + keys);
    if (process.env.HOW_TO_BREAK === "rejection") Promise.reject(error);
    else setImmediate(() => setImmediate(() => { throw error; }));
  });
`)}`;

for (const { how, debug } of [
  { how: "exception", debug: "" },
  { how: "rejection", debug: "*" },
]) {
  test(
    `the ${how} that nobody caught ends the server in plain words, without a secret${debug && ", with DEBUG=* too"}`,
    limit,
    async () => {
      const reports = mkdtempSync(join(folder, "reports-"));
      const broken = await startPan(home, {
        env: {
          ...environment,
          CANARY_FROM_FILE: secretOf("LINEAR_API_KEY"),
          HOW_TO_BREAK: how,
          DEBUG: debug,
          NODE_OPTIONS: `--import=${breaker} --report-uncaught-exception --report-on-fatalerror --report-on-signal --report-signal=SIGURG --report-directory=${reports}`,
        },
      });
      broken.process.kill("SIGURG");
      const report = await eventually(() => {
        const [name] = readdirSync(reports);
        const text = name === undefined ? "" : readFileSync(join(reports, name), "utf8");
        return text.trimEnd().endsWith("}") ? text : undefined;
      }, "the report of Node");
      assert.match(report, /"javascriptStack"/);
      broken.process.kill("SIGUSR2");
      const { code, stdout, stderr } = await broken.finished;
      assert.equal(code, 1);
      assert.match(stderr, /Something went wrong inside Panopticon: cannot read •••/);
      if (debug === "") assert.doesNotMatch(stderr, /\n\s+at /);
      else assert.match(stderr, /\n\s+at /);
      for (const name of readdirSync(reports)) keep(`report ${name}`, readFileSync(join(reports, name), "utf8"));
      keep("standard error", stderr);
      keep("standard output", stdout.replace(/^Open \S+$/m, ""));
      assertNoCanary();
      if (how === "rejection") return;
      // The next one finds everything in order.
      const next = await startPan(home, { env: environment });
      assert.equal((await next.get<IssueListShape>("/api/issues?limit=1")).total, issues.length);
      await next.stop();
    },
  );
}
