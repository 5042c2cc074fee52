import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defaultWorkSettings } from "../domain/work-settings.ts";
import { findCheckout, projectIdFrom } from "./checkout.ts";
import { makeHome, type Home } from "./fixture.ts";
import { createRunCommand } from "./run-command.ts";

function checkout(
  home: Home,
  remotes: Record<string, string>,
): { folder: string; read: () => ReturnType<Home["read"]> } {
  const folder = join(home.folder, "code");
  mkdirSync(join(folder, "deep"), { recursive: true });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
  git("init", "-q");
  for (const [name, address] of Object.entries(remotes)) git("remote", "add", name, address);
  const runCommand = createRunCommand({ PATH: process.env["PATH"], HOME: home.folder });
  return { folder: realpathSync(folder), read: () => home.read({ runCommand, cwd: join(folder, "deep") }) };
}

test("without a projects.yaml, the checkout's repository is the project", async () => {
  using home = makeHome();
  const { folder, read } = checkout(home, { origin: "git@hub.example:acme/My.App.git" });
  const { projects, problems } = await read();
  assert.deepEqual(problems, []);
  assert.equal(projects.length, 1);
  assert.deepEqual(
    { ...projects[0], sources: projects[0]?.sources.map(({ id, refPrefix }) => [id, refPrefix]) },
    {
      id: "my.app",
      name: "My.App",
      path: folder,
      sources: [["hub:acme/My.App", "My.App"]],
      issuePrefix: null,
      defaultBranch: "main",
      agent: null,
      shadow: false,
      history: "90d",
      work: defaultWorkSettings,
    },
  );
});

test("origin precedes the other remotes, and a remote that belongs to no tracker is skipped", async () => {
  using home = makeHome();
  const first = checkout(home, { another: "https://hub.example/x/other", origin: "https://hub.example/acme/app" });
  assert.equal((await first.read()).projects[0]?.sources[0]?.key, "acme/app");
  using second = makeHome();
  const { read } = checkout(second, {
    origin: "https://elsewhere.example/a/b",
    upstream: "https://hub.example/acme/app",
  });
  assert.equal((await read()).projects[0]?.sources[0]?.key, "acme/app");
});

test("a named connection's server is recognized, too", async () => {
  using home = makeHome();
  home.write("config", "connections:\n  work: { tracker: hub, server: https://hub.corp.example, token: x }\n");
  const { read } = checkout(home, { origin: "git@hub.corp.example:team/tool.git" });
  assert.equal((await read()).projects[0]?.sources[0]?.id, "work/hub:team/tool");
});

test("a projects.yaml takes precedence, even an empty or broken one", async () => {
  for (const text of ["", "projects: {\n"]) {
    using home = makeHome();
    home.write("projects", text);
    const { read } = checkout(home, { origin: "git@hub.example:acme/app.git" });
    const { projects, problems } = await read();
    assert.deepEqual(projects, []);
    const hints = text === "" ? [] : ["Until it is fixed, nothing in this file is used; issues already mirrored stay."];
    assert.deepEqual(
      problems.map(({ hint }) => hint),
      hints,
    );
  }
});

test("outside a checkout there is no project", async () => {
  using home = makeHome();
  const runCommand = createRunCommand({ PATH: process.env["PATH"], GIT_CEILING_DIRECTORIES: home.folder });
  assert.deepEqual((await home.read({ runCommand })).projects, []);
});

for (const [name, id] of [
  ["My App!", "my-app"],
  ["  --Ünï--  ", "u-ni"],
  ["§§§", "project"],
  ["a.b_c", "a.b_c"],
] as const) {
  test(`"${name}" becomes the id ${id}`, () => assert.equal(projectIdFrom(name), id));
}

test("a folder with an impossible name is not a checkout", async () => {
  const runCommand = createRunCommand({ PATH: process.env["PATH"] });
  assert.equal(await findCheckout(`/${"a".repeat(5000)}`, runCommand), null);
});
