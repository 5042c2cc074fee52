import assert from "node:assert/strict";
import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Config } from "./config.ts";
import { makeHome, trackers, type Home } from "./fixture.ts";
import type { RunCommand } from "./run-command.ts";
import { watchConfig, type WatchConfigOptions } from "./watch-config.ts";

async function watched(home: Home, options: Partial<WatchConfigOptions> = {}) {
  const config = await watchConfig({
    paths: home.paths,
    env: home.env,
    cwd: home.folder,
    trackers,
    runCommand: null,
    intervalMs: 15,
    ...options,
  });
  return {
    ...config,
    [Symbol.dispose]: () => config.close(),
    next: () =>
      new Promise<Config>((resolve) => {
        const off = config.on((changed) => {
          off();
          resolve(changed);
        });
      }),
  };
}

const sourcesOf = (config: Config) => config.projects.flatMap(({ sources }) => sources.map(({ id }) => id));
const messages = (config: Config) => config.problems.map(({ message }) => message);

test("catches up with the files on request, before it would notice by itself", { timeout: 20_000 }, async () => {
  using home = makeHome();
  using config = await watched(home, { intervalMs: 100 });
  await config.caughtUp();
  for (const key of ["APP", "ABC"]) {
    home.write("projects", `projects: { app: { lin_team: ${key} } }\n`);
    await config.caughtUp();
    assert.deepEqual(sourcesOf(config.current()), [`lin:${key}`]);
  }
});

test("follows files that are created, changed, replaced by renaming, and deleted", { timeout: 20_000 }, async () => {
  using home = makeHome();
  using config = await watched(home);
  assert.deepEqual(sourcesOf(config.current()), []);

  let next = config.next();
  home.write("projects", "projects: { app: { lin_team: APP } }\n");
  assert.deepEqual(sourcesOf(await next), ["lin:APP"]);

  next = config.next();
  home.write("projects", "projects: { app: { lin_team: ABC } }\n");
  assert.deepEqual(sourcesOf(await next), ["lin:ABC"]);

  next = config.next();
  const neighbour = join(home.paths.home, "neighbour");
  writeFileSync(neighbour, "projects: { app: { lin_team: XYZ } }\n");
  renameSync(neighbour, home.paths.projectsFile);
  assert.deepEqual(sourcesOf(await next), ["lin:XYZ"]);

  next = config.next();
  home.write("env", "LIN_API_KEY=later\n");
  assert.equal((await next).connections[1]?.values["apiKey"], "later");

  next = config.next();
  home.write("config", "server: { port: 4444 }\n");
  assert.equal((await next).server.port, 4444);

  next = config.next();
  rmSync(home.paths.projectsFile);
  assert.deepEqual(sourcesOf(await next), []);
  assert.deepEqual(sourcesOf(config.current()), []);
});

test(
  "a broken edit keeps the last valid configuration and shows the error until it is fixed",
  { timeout: 20_000 },
  async () => {
    using home = makeHome();
    home.write("projects", "projects: { app: { lin_team: APP } }\n");
    home.write("config", "server: { port: 4000 }\n");
    using config = await watched(home);

    for (const broken of [
      "projects: { app: {\n",
      "projects: { app: { lin_tem: NEW } }\n",
      "projects: { a: { lin_team: A }, b: { lin_team: A } }\n",
    ]) {
      const next = config.next();
      home.write("projects", broken);
      const after = await next;
      assert.deepEqual(sourcesOf(after), ["lin:APP"]);
      const [problem, ...others] = after.problems.filter(({ severity }) => severity === "error");
      assert.deepEqual(others, [], messages(after).join("\n"));
      assert.match(problem?.hint ?? "", /Until it is fixed, the previous settings stay in force\.$/);
    }

    // The other files are still read meanwhile.
    let next = config.next();
    home.write("env", "LIN_API_KEY=later\n");
    assert.equal((await next).connections[1]?.values["apiKey"], "later");
    next = config.next();
    home.write("config", "server: { port: nope }\n");
    assert.equal((await next).server.port, 4000);
    assert.equal(config.current().problems.length, 2);

    next = config.next();
    home.write("projects", "projects: { app: { lin_team: NEW } }\n");
    assert.deepEqual(sourcesOf(await next), ["lin:NEW"]);
    next = config.next();
    home.write("config", "server: { port: 5000 }\n");
    assert.equal((await next).server.port, 5000);
    assert.deepEqual(messages(config.current()), []);
  },
);

test(
  "detects a change of only the environment file's mode",
  { timeout: 20_000, skip: process.platform === "win32" && "Windows keeps no modes" },
  async () => {
    using home = makeHome();
    home.write("env", "LIN_API_KEY=x\n");
    using config = await watched(home);
    const next = config.next();
    chmodSync(home.paths.envFile, 0o644);
    assert.match(messages(await next)[0] ?? "", /other users on this machine can read it/);
  },
);

test("Panopticon's own changes can be read at once", async () => {
  using home = makeHome();
  using config = await watched(home);
  home.write("projects", "projects: { app: { lin_team: APP } }\n");
  assert.deepEqual(sourcesOf(await config.reload()), ["lin:APP"]);
  assert.deepEqual(sourcesOf(config.current()), ["lin:APP"]);
});

test("a program with credentials that no project uses is not waited for if the others come first: its value arrives as a change", async () => {
  using home = makeHome();
  home.write("projects", "projects: { app: { lin_team: APP } }\n");
  home.write("env", "LIN_API_KEY=lin\n");
  const { promise: answer, resolve } = Promise.withResolvers<string>();
  const runCommand: RunCommand = (command) => (command === "hub" ? answer : Promise.resolve(null));
  using config = await watched(home, { runCommand, programs: "used first" });
  assert.deepEqual(
    config.current().connections.map(({ id, missing }) => [id, missing.length]),
    [
      ["hub", 1],
      ["lin", 0],
    ],
  );
  const next = config.next();
  resolve("held-elsewhere");
  assert.equal((await next).connections[0]?.values["token"], "held-elsewhere");
});
