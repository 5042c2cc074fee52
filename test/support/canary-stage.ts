import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import type { Finished, PanHome } from "../../src/cli/fixture.ts";
import { createWebhookSecrets } from "../../src/config/webhook-secrets.ts";
import type { IssueListShape, IssueShape } from "../../src/server/contract/issue.ts";
import type { AgentShape } from "../../src/server/contract/work.ts";
import { trackers } from "../../src/trackers/registry.ts";
import { panCommand } from "./agent-bench.ts";
import { type Canary, findCanaries } from "./find-canaries.ts";
import { isSynced, makeHome, type PanServer, sourceOf, startPan, untilTrackers } from "./stage.ts";
import { gitEnvironment, makeRepository } from "./workbench.ts";

/** A running server with planted keys of all five trackers and a running agent. Their output is recorded and searched for the keys. */
export type CanaryStage = AsyncDisposable & {
  /** Belongs to this stage, and is removed at the end. */
  readonly folder: string;
  readonly emulators: readonly Emulator[];
  readonly home: PanHome;
  readonly server: PanServer;
  /** The keys that the server gets from its environment instead of the file. */
  readonly environment: Readonly<Record<string, string>>;
  readonly agent: AgentShape;
  readonly issues: readonly IssueShape[];
  oneOf(tracker: string): IssueShape;
  /** The planted secret of this name. */
  secretOf(name: string): string;
  /** Records a text for the search. */
  keep(where: string, text: string): void;
  /** Where texts were recorded since the last search. */
  kept(): readonly string[];
  /** Searches everything recorded since the last search. */
  assertNoCanary(): void;
  /** Ends the agent, then the server. */
  stop(): Promise<Finished>;
};

/** Resolves once everything is mirrored and the agent is started. */
export async function plantCanaries(): Promise<CanaryStage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pan-canaries-")));
  const { checkout } = makeRepository(folder);
  const emulators = await Promise.all(
    emulatedTrackers.map((tracker) => startEmulator(tracker, { issues: 6, seed: 8, sources: 1, budget: 1_000_000 })),
  );
  const keys = Object.assign({}, ...emulators.map(({ credentials }) => credentials)) as Record<string, string>;
  const secretKeys = new Set(
    trackers.flatMap(({ credentialFields }) =>
      credentialFields.filter(({ secret }) => secret).flatMap(({ env }) => env),
    ),
  );
  const canaries: Canary[] = Object.entries(keys)
    .filter(([name]) => secretKeys.has(name))
    .map(([name, secret]) => ({ name, secret }));
  assert.equal(canaries.length, trackers.length, "a key of each tracker is planted");
  const environment = Object.fromEntries(
    Object.entries(keys).filter(([name]) => /^(?:GITHUB_TOKEN|JIRA_API_KEY|RALLY_API_KEY)$/.test(name)),
  );
  const projects = emulators.map((emulator) => {
    const key = trackers.find(({ id }) => id === emulator.tracker)?.sourceKeys[0]?.key ?? "";
    return `    ${key}: ${JSON.stringify(sourceOf(emulator))}\n`;
  });
  const named = canaries.map(({ name }) => name).join(", ");
  const home = makeHome({
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
  const server = await startPan(home, { env: { ...gitEnvironment, ...environment, DEBUG: "*", LOG_LEVEL: "trace" } });
  canaries.push({ name: "token of the session", secret: server.token });
  await untilTrackers(server, (shape) => isSynced(shape), "all is mirrored");
  const { issues } = await server.get<IssueListShape>("/api/issues?limit=1000");
  const ref = issues.find(({ tracker }) => tracker === "github")?.ref;
  const started = await server.ask("POST", "/api/agents", { ref, agent: "scripted", prompt: "script:\nread" });
  assert.equal(started.status, 201, JSON.stringify(started.body));
  const agent = started.body as AgentShape;

  /** The recorded texts, by origin. */
  const said = new Map<string, string>();
  let stopped: Promise<Finished> | undefined;
  const stop = () => {
    stopped ??= server.ask("POST", `/api/agents/${agent.id}/stop`).then(() => server.stop());
    return stopped;
  };

  return {
    folder,
    emulators,
    home,
    server,
    environment,
    agent,
    issues,
    oneOf: (tracker) => issues.find((issue) => issue.tracker === tracker) ?? assert.fail(tracker),
    secretOf: (name) => canaries.find((one) => one.name === name)?.secret ?? assert.fail(name),
    keep: (where, text) => void said.set(where, `${said.get(where) ?? ""}${text}`),
    kept: () => [...said.keys()],
    assertNoCanary() {
      const found = [...said].flatMap(([where, text]) =>
        findCanaries(text, canaries).map((what) => `${where}: ${what}`),
      );
      assert.deepEqual(found, []);
      said.clear();
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      for (const emulator of emulators) await emulator.close();
      await home[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
