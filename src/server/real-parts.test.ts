import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pino } from "pino";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import { readEvents } from "../../test/support/event-reader.ts";
import { createTestMirror, type TestMirror } from "../../test/support/mirror.ts";
import { sendRequest } from "../../test/support/send-request.ts";
import { testProject } from "../../test/support/server-harness.ts";
import { systemClock } from "../domain/clock.ts";
import { findTracker, trackers } from "../trackers/registry.ts";
import { validateCredentials } from "../trackers/validate.ts";
import { BoardShape, CommentsShape, IssueDetailShape, IssueListShape } from "./contract/issue.ts";
import {
  SourcesShape,
  SyncResultShape,
  TrackersShape,
  ValidationFailureShape,
  ValidationShape,
} from "./contract/tracker.ts";
import type { ServerEvents } from "./contract/event.ts";
import { composeDispatch } from "../cli/work/compose-dispatch.ts";
import { composeWork } from "../cli/work/compose-work.ts";
import { createChanges } from "../changes/create-changes.ts";
import { toRefContext } from "./find/ref-context.ts";
import { resolveRef } from "./find/resolve-ref.ts";
import { createServer, type PanopticonServer } from "./server.ts";

// The server over every part that it has in earnest: registry, HTTP client, sync engine, store, and trackers that answer.
const token = "t".repeat(43);
let emulators: Emulator[];
let mirror: TestMirror;
let server: PanopticonServer;
let folder: string;
let port: number;

before(async () => {
  emulators = await Promise.all(emulatedTrackers.map((tracker) => startEmulator(tracker, { issues: 60, seed: 7 })));
  mirror = await createTestMirror(emulators);
  folder = await mkdtemp(join(tmpdir(), "panopticon-real-"));
  const config = {
    projects: [testProject("demo", mirror.plan.sources)],
    connections: mirror.plan.connections,
    server: { host: "127.0.0.1", port: 0, publicUrl: null },
    databaseUrl: null,
    sync: { minIntervalMs: null },
    agents: {},
    mcp: { reach: "linked" as const },
    dispatch: null,
    problems: [],
  };
  const unused = () => Promise.reject(new Error("this test writes no configuration"));
  const { store, sync } = mirror;
  const changes = createChanges({
    store,
    sync,
    trackers,
    clock: systemClock,
    resolve: (ref) => resolveRef(ref, toRefContext({ trackers, store, sync })),
  });
  const work = composeWork({
    paths: { home: folder },
    env: process.env,
    store,
    sync,
    changes,
    trackers,
    config: () => config,
  });
  server = createServer(
    {
      store,
      sync,
      changes,
      work,
      dispatch: composeDispatch({
        paths: { projectsFile: join(folder, "projects.yaml") },
        store,
        sync,
        work,
        config: () => config,
      }),
      config: {
        current: () => config,
        on: () => () => undefined,
        setCredentials: async () => undefined,
        addProject: unused,
        updateProject: unused,
        removeProject: unused,
      },
      trackers,
      webhooks: {
        receive: () => Promise.reject(new Error("No webhook is expected.")),
        stats: () => ({ accepted: 0, repeated: 0, lastAt: null, refused: 0, lastRefusal: null }),
        isReady: () => false,
      },
      validate(tracker, values, signal) {
        const definition = findTracker(tracker);
        assert.ok(definition);
        return validateCredentials(definition, values, { clock: systemClock, userAgent: "panopticon-test", signal });
      },
      clock: systemClock,
      version: "1.2.3",
      token,
      webRoot: folder,
      log: pino({ level: "silent" }),
    },
    { port: 0 },
  );
  ({ port } = await server.start());
});
after(async () => {
  await server.stop();
  await mirror.close();
  await Promise.all(emulators.map((emulator) => emulator.close()));
  await rm(folder, { recursive: true });
});

const ask = (path: string, method = "GET") =>
  sendRequest(port, path, { method, headers: { authorization: `Bearer ${token}` } });

/** The body that an emulator's credentials make. */
function bodyOf(emulator: Emulator, credentials: Readonly<Record<string, string>>): Record<string, string> {
  const fields = findTracker(emulator.tracker)?.credentialFields ?? [];
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = field.env.map((key) => credentials[key]).find((found) => found !== undefined);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

test("syncing fills the board with every issue of every tracker", async () => {
  const before = BoardShape.parse((await ask("/api/board")).json());
  assert.equal(before.total, 0);
  assert.ok(before.notMirrored.length >= emulators.length);
  for (const { tracker } of emulators) {
    const result = SyncResultShape.parse((await ask(`/api/trackers/${tracker}/sync`, "POST")).json());
    assert.deepEqual(result.failures, []);
    assert.ok(result.changed > 0);
  }
  const board = BoardShape.parse((await ask("/api/board")).json());
  const there = emulators.flatMap((emulator) => emulator.world.issues());
  assert.equal(board.mirrored, there.length);
  assert.equal(board.total, there.length);
  const { trackers: shown } = TrackersShape.parse((await ask("/api/trackers")).json());
  for (const { tracker } of emulators) {
    const entry = shown.find((candidate) => candidate.id === tracker);
    assert.equal(entry?.health, "ok");
    assert.ok((entry.account?.login ?? "") !== "");
  }
});

test("a change in a tracker reaches the listeners, and the board", async () => {
  const [emulator] = emulators;
  assert.ok(emulator);
  const [issue] = emulator.world.issues();
  assert.ok(issue);
  const events = await readEvents(port, "/api/events", { authorization: `Bearer ${token}` });
  try {
    await events.next();
    emulator.world.edit(issue.nativeId, { title: "A zebra crossed the road" });
    await ask(`/api/trackers/${emulator.tracker}/sync`, "POST");
    const change = (await events.nextOf("change")).data as ServerEvents["change"];
    const found = IssueListShape.parse((await ask("/api/issues?q=zebra")).json());
    assert.equal(found.total, 1);
    // What came shortly before may be told along with it.
    assert.ok(change.refs.includes(found.issues[0]?.ref ?? "-"));
  } finally {
    events.close();
  }
});

test("comments come from the tracker, and those fetched before when it does not answer", async () => {
  for (const emulator of emulators) {
    const list = IssueListShape.parse((await ask(`/api/issues?tracker=${emulator.tracker}&limit=1`)).json());
    const [issue] = list.issues;
    assert.ok(issue);
    emulator.world.comment(issue.nativeId, "It happened **again**.");
    const path = `/api/issues/${encodeURIComponent(issue.ref)}/comments`;
    const fetched = CommentsShape.parse((await ask(path)).json());
    assert.equal(fetched.problem, null);
    assert.ok(fetched.comments.some((comment) => comment.body === "It happened **again**."));
    emulator.faults.add({ kind: "revoked" });
    const stored = CommentsShape.parse((await ask(path)).json());
    assert.deepEqual(stored.comments, fetched.comments);
    assert.equal(stored.problem?.code, "auth");
    emulator.faults.clear();
  }
});

test("an issue is found by the address that its tracker gives it", async () => {
  for (const { tracker } of emulators) {
    const { issues } = IssueListShape.parse((await ask(`/api/issues?tracker=${tracker}&limit=3`)).json());
    assert.equal(issues.length, 3);
    for (const { ref, url } of issues) {
      const found = await ask(`/api/issues/${encodeURIComponent(url ?? "")}`);
      assert.equal(found.status, 200, found.text);
      assert.equal(IssueDetailShape.parse(found.json()).ref, ref);
    }
  }
});

test("sources are those that the credentials see", async () => {
  for (const emulator of emulators) {
    const { sources } = SourcesShape.parse((await ask(`/api/sources?tracker=${emulator.tracker}`)).json());
    for (const { key } of emulator.sources) {
      assert.equal(sources.find((source) => source.key === key)?.project, "demo");
    }
  }
});

describe("validate", () => {
  for (const tracker of emulatedTrackers) {
    const emulator = () => {
      const found = emulators.find((candidate) => candidate.tracker === tracker);
      assert.ok(found);
      return found;
    };
    const validate = (body: unknown) => sendRequest(port, `/api/${tracker}/validate`, { method: "POST", body });

    test(`${tracker}: credentials that work name the account and its sources`, async () => {
      const answer = await validate(bodyOf(emulator(), emulator().credentials));
      assert.equal(answer.status, 200, answer.text);
      const result = ValidationShape.parse(answer.json());
      assert.ok(result.account.login !== "");
      for (const { key } of emulator().sources) assert.ok(result.sources.some((source) => source.key === key));
    });

    test(`${tracker}: wrong ones, a server that is none, and a server elsewhere are told apart`, async () => {
      const good = bodyOf(emulator(), emulator().credentials);
      const secret = findTracker(tracker)?.credentialFields.find((field) => field.secret)?.name ?? "";
      for (const [body, errorType] of [
        [{ ...good, [secret]: "wrong" }, "auth"],
        [{ ...good, server: "http://127.0.0.1:1" }, "network"],
        [{ ...good, server: "ftp://127.0.0.1" }, "input"],
        [{ ...good, server: "file:///etc/passwd" }, "input"],
        [{}, "input"],
      ] as const) {
        const answer = await validate(body);
        assert.equal(answer.status, 400, answer.text);
        const failure = ValidationFailureShape.parse(answer.json());
        assert.equal(failure.errorType, errorType, answer.text);
        assert.ok(!answer.text.includes(good[secret] ?? "-"));
      }
    });

    test(`${tracker}: credentials do not follow a redirect`, async () => {
      const asked: string[] = [];
      const elsewhere = createHttpServer((request, response) => {
        asked.push(JSON.stringify(request.headers));
        response.end("{}");
      });
      const redirecting = createHttpServer((_, response) => {
        const { port: other } = elsewhere.address() as AddressInfo;
        response.writeHead(302, { location: `http://127.0.0.1:${other}/` }).end();
      });
      for (const each of [elsewhere, redirecting]) {
        await new Promise<void>((resolve) => {
          each.listen(0, "127.0.0.1", resolve);
        });
      }
      try {
        const server = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
        const answer = await validate({ ...bodyOf(emulator(), emulator().credentials), server });
        assert.equal(answer.status, 400);
        assert.deepEqual(asked, []);
      } finally {
        for (const each of [elsewhere, redirecting]) each.close();
      }
    });
  }
});

test("files of the trackers come through the server, and nothing else does", async () => {
  const elsewhere = createHttpServer((_, response) => response.end("secret of this machine"));
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const other = `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  let asked = 0;
  elsewhere.on("request", () => (asked += 1));
  try {
    for (const emulator of emulators) {
      const open = (url: string) =>
        sendRequest(port, `/api/files?${new URLSearchParams({ connection: emulator.tracker, url }).toString()}`, {
          headers: { authorization: `Bearer ${token}` },
        });
      const { origin, host } = new URL(emulator.url);
      const [issue] = emulator.world.issues();
      assert.ok(issue && emulator.world.attach);
      const url = emulator.world.attach(issue.nativeId, {
        name: "a.png",
        contentType: "image/png",
        content: Buffer.from("pixels"),
      });
      const answer = await open(url);
      assert.deepEqual([answer.status, answer.text], [200, "pixels"]);
      assert.equal(answer.headers["content-type"], "image/png");
      for (const address of [
        `http://${other}/`,
        `http://${host}@${other}/`,
        `http://${host}.evil.example/`,
        `http://localhost:${new URL(origin).port}${new URL(url).pathname}`,
        `${url}`.replace("http:", "https:"),
        `${origin}/_emulator/requests`,
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
      ]) {
        const refused = await open(address);
        // Panopticon's own refusal, not one of the tracker's.
        assert.equal(refused.status, 403, address);
        const { code, title } = refused.json() as { code: string; title: string };
        assert.deepEqual([code, title], ["forbidden", "Not allowed"], address);
      }
    }
    assert.equal(asked, 0);
  } finally {
    elsewhere.closeAllConnections();
    elsewhere.close();
  }
});

test("a refusal names the issue's source as people do, never by a bare number", async () => {
  for (const emulator of emulators) {
    await ask(`/api/trackers/${emulator.tracker}/sync`, "POST");
    const { sources } = SourcesShape.parse((await ask(`/api/sources?tracker=${emulator.tracker}`)).json());
    const { issues } = (await ask(`/api/issues?tracker=${emulator.tracker}&limit=1`)).json() as {
      issues: { address: string }[];
    };
    const answer = await sendRequest(port, `/api/issues/${encodeURIComponent(issues[0]?.address ?? "")}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ status: "zzzzzz" }),
    });
    const { detail } = answer.json() as { detail: string };
    assert.doesNotMatch(detail, / in [^\p{L}]+$/u);
    assert.ok(
      sources.some(({ key, name }) => detail.includes(` in ${key}.`) || detail.includes(` in ${name}.`)),
      detail,
    );
  }
});

test("attachments of an issue are listed once it was read", async () => {
  for (const emulator of emulators) {
    const [, issue] = emulator.world.issues();
    assert.ok(issue && emulator.world.attach);
    emulator.world.attach(issue.nativeId, {
      name: "Plan.pdf",
      contentType: "application/pdf",
      content: Buffer.from("x"),
    });
    const path = `/api/issues/${encodeURIComponent(await refOf(issue.nativeId))}`;
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await sendRequest(port, `${path}/comments`, { headers })).status, 200);
    const detail = IssueDetailShape.parse((await sendRequest(port, path, { headers })).json());
    assert.ok(detail.attachments.some(({ name }) => name === "Plan.pdf"));
  }
});

async function refOf(nativeId: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const { issues } = IssueListShape.parse((await sendRequest(port, "/api/issues?limit=1000", { headers })).json());
  const issue = issues.find((one) => one.nativeId === nativeId);
  assert.ok(issue);
  return issue.ref;
}
