import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Emulators } from "../../../emulators/start.ts";
import { readEvents } from "../../../test/support/event-reader.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { isFinished, statuses } from "../../domain/status.ts";
import type { BoardShape, IssueListShape, IssueShape } from "../../server/contract/issue.ts";
import { ProjectStatesShape } from "../../server/contract/project.ts";
import type { App, Serving } from "../app.ts";
import { composeApp } from "../compose.ts";
import { makeEmulatedHome } from "../fixture.ts";

// The whole of `pan up` in this process: files, trackers, mirror, server.
let home: Awaited<ReturnType<typeof makeEmulatedHome>>;
let emulators: Emulators;
let app: App;
let serving: Serving;
let token: string;

before(async () => {
  home = await makeEmulatedHome(40);
  ({ emulators } = home);
  app = await composeApp({ paths: home.paths, env: { PANOPTICON_HOME: home.folder }, cwd: home.folder });
  serving = await app.serve({ host: "127.0.0.1", port: 0 });
  ({ token } = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as { token: string });
  await app.sync.syncNow();
});
after(async () => {
  await app.close();
  await home[Symbol.asyncDispose]();
});

async function ask(path: string, body?: unknown, method = "PUT"): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${serving.url}${path}`, {
    method: body === undefined ? "GET" : method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

const statesOf = async () => ProjectStatesShape.parse((await ask("/api/projects/one/states")).body);

function sourceOf(states: ProjectStatesShape, tracker: string) {
  const source = states.sources.find((one) => one.tracker === tracker);
  assert.ok(source);
  return source;
}

test("lists each source's native states and what maps to each status", async () => {
  const states = await statesOf();
  assert.deepEqual(states.states, {});
  assert.deepEqual(states.sources.map(({ tracker }) => tracker).toSorted(), Object.keys(emulators).toSorted());
  for (const source of states.sources) {
    assert.equal(source.described, true);
    assert.ok(source.nativeStates.length >= 2);
    assert.deepEqual(
      source.statuses.map(({ status }) => status),
      [...statuses],
    );
    for (const { name, status } of source.nativeStates) {
      const reads = source.statuses.find((one) => one.status === status)?.reads ?? [];
      assert.ok(
        reads.some((read) => read.state === name && read.label === null),
        `${source.tracker}: ${name} is listed under ${status}`,
      );
    }
    assert.ok(source.statuses.every(({ reads }) => reads.every(({ origin }) => origin === "detected")));
  }
});

test("moves lead to states that are said to be moved to, and to no others", async () => {
  const onlyRead: string[] = [];
  for (const { tracker, statuses: mapped } of (await statesOf()).sources) {
    for (const { status, reads } of mapped) {
      const { issues } = (await ask(`/api/issues?project=one&tracker=${tracker}&limit=40`)).body as IssueListShape;
      // A move to where an issue already is changes nothing.
      const issue = issues.find((one) => one.status !== status);
      assert.ok(issue);
      const path = `/api/issues/${encodeURIComponent(issue.address)}`;
      const { status: code, body } = await ask(path, { status }, "PATCH");
      // A Jira transition with a choice or a required field asks first.
      if (code === 409) continue;
      assert.equal(code, 200, JSON.stringify(body));
      const { nativeState } = body as IssueShape;
      const names = (outward: boolean) =>
        reads.filter((read) => read.outward === outward).map(({ state, label }) => (label === null ? state : label));
      onlyRead.push(...names(false));
      const moved = reads.filter(({ outward }) => outward).map(({ state }) => state);
      if (moved.length > 0) assert.ok(moved.includes(nativeState.name), `${tracker} ${status}: ${nativeState.name}`);
    }
  }
  for (const name of ["Triage", "Duplicate", "duplicate"]) assert.ok(onlyRead.includes(name), name);
});

test("an override preserves the file's comments, applies immediately, and moves cards without a reload", async () => {
  for (const tracker of Object.keys(emulators)) {
    const emulator = emulators[tracker];
    const key = emulator?.sources[0]?.key;
    const source = sourceOf(await statesOf(), tracker);
    // An open state in use, to map differently.
    const used = new Set(emulator?.world.issues(key).map(({ state }) => state.toLowerCase()));
    const native = source.nativeStates.find(
      ({ name, id, status }) => !isFinished(status) && (used.has(name.toLowerCase()) || used.has(id.toLowerCase())),
    );
    assert.ok(native);
    const next = native.status === "planning" ? "in_review" : "planning";
    const text = readFileSync(home.paths.projectsFile, "utf8");
    home.write("projects", text.replace("projects:\n", `projects:\n  # ${tracker} stays\n`));

    const { sequence } = (await ask("/api/board")).body as BoardShape;
    const events = await readEvents(serving.port, `/api/events?since=${sequence}`, {
      host: `127.0.0.1:${serving.port}`,
      authorization: `Bearer ${token}`,
    });
    const { status, body } = await ask("/api/projects/one/states", { states: { [tracker]: { [next]: native.name } } });
    assert.equal(status, 200, JSON.stringify(body));
    const answered = ProjectStatesShape.parse(body);
    assert.deepEqual(answered.states, { [tracker]: { [next]: native.name } });
    assert.deepEqual(
      sourceOf(answered, tracker)
        .statuses.find((one) => one.status === next)
        ?.reads.filter(({ origin }) => origin === "set"),
      [{ state: native.name, label: null, origin: "set", outward: true }],
    );
    assert.equal(sourceOf(answered, tracker).nativeStates.find(({ id }) => id === native.id)?.status, next);
    assert.match(readFileSync(home.paths.projectsFile, "utf8"), new RegExp(`# ${tracker} stays`));

    const moved = ((await ask(`/api/issues?project=one&tracker=${tracker}&limit=1000`)).body as IssueListShape).issues;
    const inState = moved.filter(({ nativeState }) => nativeState.name === native.name);
    assert.ok(inState.some((issue) => issue.status === next));
    const moving = new Set(inState.map(({ ref }) => ref));
    for (let told = false; !told;) {
      const { refs } = (await events.nextOf("change")).data as { refs: string[] };
      told = refs.some((ref) => moving.has(ref));
    }
    events.close();

    await ask("/api/projects/one/states", { states: {} });
    assert.deepEqual((await statesOf()).states, {});
    assert.equal(
      sourceOf(await statesOf(), tracker).nativeStates.find(({ id }) => id === native.id)?.status,
      native.status,
    );
    assert.doesNotMatch(readFileSync(home.paths.projectsFile, "utf8"), /states:/);
  }
});

test("rejects a state no source has, suggesting the nearest, and writes nothing", async () => {
  const before = readFileSync(home.paths.projectsFile, "utf8");
  const refused = async (states: unknown) => {
    const { status, body } = await ask("/api/projects/one/states", { states });
    const problem = body as { code: string; candidates?: string[] };
    return [status, problem.code, problem.candidates?.[0]];
  };
  const states = await statesOf();
  for (const { tracker, nativeStates, labels } of states.sources) {
    const name = nativeStates.find((state) => state.name.length > 3)?.name ?? "";
    assert.deepEqual(await refused({ [tracker]: { planning: `${name}x` } }), [400, "invalid_input", name]);
    assert.deepEqual(await refused({ [tracker]: { planing: name } }), [400, "invalid_input", "planning"]);
    const label = labels.find((one) => one.length > 4);
    if (label !== undefined)
      assert.deepEqual(await refused({ [tracker]: { planning: `label:${label}x` } }), [
        400,
        "invalid_input",
        `label:${label}`,
      ]);
    assert.deepEqual(await refused({ [`${tracker}x`]: { planning: name } }), [400, "invalid_input", tracker]);
  }
  assert.equal((await ask("/api/projects/onee/states")).status, 404);
  assert.equal(readFileSync(home.paths.projectsFile, "utf8"), before);
});

test("the API and pan show find a moved issue by its former identifier", async () => {
  // Trackers that give a moved issue a new key and keep the former one.
  for (const tracker of ["linear", "jira"]) {
    const emulator = emulators[tracker];
    if (emulator === undefined) continue;
    const [from, to] = emulator.sources;
    const [issue] = emulator.world.issues(from?.key);
    assert.ok(issue && to);
    emulator.world.move?.(issue.nativeId, to.key);
    await app.sync.syncNow({ tracker, sweep: true });
    const now = emulator.world.issues(to.key).find((one) => one.title === issue.title && one.key !== issue.key)?.key;
    assert.ok(now !== undefined);
    const { status, body } = await ask(`/api/issues/${issue.key}`);
    assert.equal(status, 200);
    assert.equal((body as { ref: string }).ref, now);
    const shown = await home.pan("show", issue.key.toLowerCase(), "--json");
    assert.equal(shown.code, 0, shown.stderr);
    assert.equal((JSON.parse(shown.stdout) as { ref: string }).ref, now);
  }
});

test("pan states shows the same with and without a server", async () => {
  const fromApi = await statesOf();
  const up = await home.pan("states", "one", "--json");
  assert.equal(up.code, 0, up.stderr);
  assert.deepEqual(JSON.parse(up.stdout), fromApi);
  const table = await home.pan("states", "one");
  for (const { id, nativeStates } of fromApi.sources) {
    assert.ok(table.stdout.includes(id));
    for (const { name } of nativeStates) assert.ok(table.stdout.includes(name), name);
  }
  assert.match(table.stdout, /In Review\t.*\tdetected/);
  const unknown = await home.pan("states", "onee");
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, /Did you mean “one”/);
  await app.close();
  const down = await home.pan("states", "one", "--json");
  assert.equal(down.code, 0, down.stderr);
  assert.deepEqual(JSON.parse(down.stdout), fromApi);
});
