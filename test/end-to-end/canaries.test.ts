import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { commandTable } from "../../src/cli/command-table.ts";
import type { IssueShape } from "../../src/server/contract/issue.ts";
import { routeDoors } from "../../src/server/access/doors.ts";
import { trackers } from "../../src/trackers/registry.ts";
import { type CanaryStage, plantCanaries } from "../support/canary-stage.ts";
import { after, before } from "../support/hooks.ts";

// Plants keys in real processes, records everything they print, store, answer and pass on, then searches it for the keys.

const limit = { timeout: 240_000 };

let stage: CanaryStage;
before(async () => {
  stage = await plantCanaries();
}, limit);
after(() => stage[Symbol.asyncDispose]());

/** Sends a request and records the whole response; of a stream, its start. */
async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const { server } = stage;
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
  stage.keep(`${method} ${path}`, `${response.status} ${head} ${text}`);
  return text;
}

async function pan(...args: string[]): Promise<void> {
  const { stdout, stderr } = await stage.home.here(args, stage.environment);
  stage.keep(`pan ${args.join(" ")}`, `${stdout}${stderr}`);
}

const encoded = (issue: IssueShape) => encodeURIComponent(issue.ref);

/** A real path for every GET route. */
function addresses(): string[] {
  const queries: Readonly<Record<string, readonly string[]>> = {
    "/api/sources": trackers.map(({ id }) => `?tracker=${id}`),
    "/api/form": trackers.map(({ id }) => `?project=one&source=${encodeURIComponent(stage.oneOf(id).source)}`),
    "/api/files": trackers.map(({ id }) => `?connection=${id}&url=${encodeURIComponent("https://evil.example/x")}`),
  };
  return Object.keys(routeDoors)
    .filter((key) => key.startsWith("GET "))
    .flatMap((key) => {
      const path = key.slice("GET ".length);
      if (path.includes(":ref")) return trackers.map(({ id }) => path.replace(":ref", encoded(stage.oneOf(id))));
      const filled = path
        .replace("/*", "/")
        .replace(/^(\/api\/agents)\/:id/, `$1/${stage.agent.id}`)
        .replace(/^(\/api\/workspaces)\/:id/, `$1/${stage.agent.workspace}`)
        .replace(/^(\/api\/projects)\/:id/, "$1/one");
      return (queries[filled] ?? [""]).map((query) => filled + query);
    });
}

describe("secrets", () => {
  test("are in no response of any route, even if the tracker repeats them in its errors", limit, async () => {
    const all = addresses();
    assert.ok(
      all.every((address) => !address.includes(":")),
      all.join(" "),
    );
    for (const address of all) await ask("GET", address);
    for (const status of [401, 400, 502, 302, 200]) {
      for (const emulator of stage.emulators) emulator.faults.add({ kind: "echo", times: Infinity, value: status });
      await Promise.all(
        stage.emulators.map(async ({ tracker, credentials }) => {
          await ask("POST", `/api/trackers/${tracker}/sync`);
          await ask("GET", `/api/sources?tracker=${tracker}`);
          await ask("GET", `/api/issues/${encoded(stage.oneOf(tracker))}/comments`);
          await ask("PATCH", `/api/issues/${encoded(stage.oneOf(tracker))}`, { title: `Changed under ${status}` });
          const definition = trackers.find(({ id }) => id === tracker);
          const body = Object.fromEntries(
            (definition?.credentialFields ?? []).flatMap(({ name, env }) => {
              const value = env.map((key) => credentials[key]).find((one) => one !== undefined);
              return value === undefined ? [] : [[name, value]];
            }),
          );
          await ask("POST", `/api/${tracker}/validate`, body, { authorization: "" });
          await ask("POST", `/webhooks/${tracker}`, { secret: stage.secretOf(`webhook secret of ${tracker}`) });
        }),
      );
      for (const address of ["/api/trackers", "/api/outbox", "/api/history", "/api/board"]) await ask("GET", address);
      if (status === 401) {
        await pan("status", "--json");
        await pan("outbox");
        for (const { id } of trackers) await pan("trackers", "test", id, "--json");
      }
      for (const emulator of stage.emulators) emulator.faults.clear();
    }
    // A delivery with a valid signature, and one that repeats the secret elsewhere.
    const body = JSON.stringify({ action: "edited" });
    const signature = createHmac("sha256", stage.secretOf("webhook secret of github")).update(body).digest("hex");
    await ask("POST", "/webhooks/github", { action: "edited" }, { "x-hub-signature-256": `sha256=${signature}` });
    await ask("POST", `/webhooks/github?secret=${stage.secretOf("webhook secret of github")}`, {});
    stage.assertNoCanary();
  });

  test("are in no command's output", limit, async () => {
    for (const { name } of commandTable) await pan(name, "--help");
    const github = stage.oneOf("github").ref;
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
      ["agent", "logs", stage.agent.id],
      ["dispatch", "--dry-run", "--json"],
      ["completion", "bash"],
      ["backup", join(stage.folder, "one.backup"), "--json"],
      ["comment", github, "said"],
      ["isues"],
      ["show", stage.secretOf("GITHUB_TOKEN").slice(0, 4)],
    ])
      await pan(...args);
    stage.keep("the backup", readFileSync(join(stage.folder, "one.backup"), "latin1"));
    // In a separate process, because DEBUG=* is read on loading, and a rejected key is mentioned.
    const emulator = stage.emulators.find(({ tracker }) => tracker === "jira") ?? assert.fail();
    emulator.faults.add({ kind: "echo", times: Infinity, value: 400 });
    for (const args of [["trackers", "test", "jira"], ["doctor"]]) {
      const { stdout, stderr } = await stage.home.start(args, { env: { ...stage.environment, DEBUG: "*" } }).finished;
      assert.match(`${stdout}${stderr}`, /no entry for/);
      stage.keep(`DEBUG=* pan ${args.join(" ")}`, `${stdout}${stderr}`);
    }
    emulator.faults.clear();
    stage.assertNoCanary();
  });

  test("are not passed to an agent, tmux, the setup commands, or the agent's tools", limit, async () => {
    stage.keep("the setup commands", readFileSync(join(stage.folder, "setup-environment"), "utf8"));
    const processes = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && ![stage.server.pid, process.pid].includes(Number(name)))
      .flatMap((name) => {
        try {
          const given =
            readFileSync(`/proc/${name}/environ`, "latin1") + readFileSync(`/proc/${name}/cmdline`, "latin1");
          return given.includes(stage.home.folder) ? [[name, given] as const] : [];
        } catch {
          // It has ended, or belongs to another user.
          return [];
        }
      });
    assert.ok(processes.length >= 2, "tmux and the agent run");
    for (const [name, given] of processes) stage.keep(`process ${name}`, given);
    const client = new Client({ name: "test", version: "1" });
    await client.connect(
      new StdioClientTransport({ command: join(stage.home.paths.home, "work", "agents", stage.agent.id, "mcp") }),
    );
    try {
      const { tools } = await client.listTools();
      for (const { name } of tools) {
        const answer = await client.callTool({ name, arguments: { ref: stage.agent.ref, query: "a" } });
        stage.keep(`the tool ${name}`, JSON.stringify(answer));
      }
      for (const { uri } of (await client.listResources().catch(() => ({ resources: [] }))).resources)
        stage.keep(uri, JSON.stringify(await client.readResource({ uri })));
    } finally {
      await client.close();
    }
    stage.assertNoCanary();
  });

  test("are in no file except those for secrets, while it runs and afterwards", limit, async () => {
    // Readable by their owner only, which session.test.ts and server-file.test.ts verify.
    const made = new Set([stage.home.paths.tokenFile, stage.home.paths.serverFile, stage.home.paths.webhooksFile]);
    const readAll = (when: string) => {
      for (const name of readdirSync(stage.home.paths.home, { recursive: true, encoding: "utf8" })) {
        const path = join(stage.home.paths.home, name);
        const found = statSync(path, { throwIfNoEntry: false });
        if (found?.isFile() !== true) continue;
        if (made.has(path)) assert.equal(found.mode & 0o077, 0, path);
        else stage.keep(`${name}, ${when}`, readFileSync(path, "latin1"));
      }
    };
    readAll("while it runs");
    assert.ok(
      stage.kept().some((name) => name.startsWith("panopticon.db-wal")),
      "the log of the database is read",
    );
    const { stdout, stderr } = await stage.stop();
    readAll("afterwards");
    assert.match(stderr, /github (?:GET|POST) .* → 401/s, "the requests are logged");
    // The address is meant to be opened, and is the only place with the token.
    stage.keep("standard output of pan up", stdout.replace(/^Open \S+$/m, ""));
    stage.keep("standard error of pan up", stderr);
    stage.assertNoCanary();
  });
});
