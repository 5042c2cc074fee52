import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { makeHome } from "./fixture.ts";
import type { AskedPrograms } from "./read-config.ts";
import { createRunCommand, type RunCommand } from "./run-command.ts";

test("the environment takes precedence over the file, the first key over the second, and an empty value counts as absent", async () => {
  using home = makeHome({ HB_TOKEN: "from-env", HUB_API_URL: " " });
  home.write("env", "HUB_TOKEN=from-file\nHUB_API_URL=https://hub.corp.example/api\nLIN_API_KEY=lin\n");
  const { connections, problems } = await home.read();
  assert.deepEqual(problems, []);
  assert.deepEqual(connections, [
    {
      id: "hub",
      tracker: "hub",
      values: { token: "from-env", server: "https://hub.corp.example/api" },
      origins: {
        token: { kind: "environment", key: "HB_TOKEN" },
        server: { kind: "file", path: home.paths.envFile, key: "HUB_API_URL" },
      },
      missing: [],
    },
    {
      id: "lin",
      tracker: "lin",
      values: { apiKey: "lin" },
      origins: { apiKey: { kind: "file", path: home.paths.envFile, key: "LIN_API_KEY" } },
      missing: [],
    },
  ]);
});

test("missing values are named by their fields, and defaults are filled in", async () => {
  using home = makeHome();
  const { connections } = await home.read();
  assert.deepEqual(
    connections.map(({ id, values, missing }) => ({ id, values, missing: missing.map(({ name }) => name) })),
    [
      { id: "hub", values: { server: "https://api.hub.example" }, missing: ["token"] },
      { id: "lin", values: {}, missing: ["apiKey"] },
    ],
  );
});

test("named connections resolve $NAME from the environment or the file", async () => {
  using home = makeHome({ WORK_TOKEN: "w1" });
  home.write("env", "HOME_TOKEN='h1'\n");
  home.write(
    "config",
    "connections:\n  work: { tracker: hub, server: https://hub.corp.example, token: $WORK_TOKEN }\n  home:\n    tracker: hub\n    token: ${HOME_TOKEN}\n",
  );
  const { connections, problems } = await home.read();
  assert.deepEqual(problems, []);
  const [work, own] = connections.slice(2);
  assert.deepEqual(work?.values, { token: "w1", server: "https://hub.corp.example" });
  assert.deepEqual(work?.origins["server"], { kind: "config", path: home.paths.configFile });
  assert.deepEqual(own?.values, { token: "h1", server: "https://api.hub.example" });
  assert.deepEqual(own?.origins["token"], { kind: "file", path: home.paths.envFile, key: "HOME_TOKEN" });
});

test("an unset $NAME is missing under that name, with a warning at its position", async () => {
  using home = makeHome();
  home.write("config", "connections:\n  work:\n    tracker: hub\n    token: $WORK_TOKEN\n");
  const { connections, problems } = await home.read();
  assert.deepEqual(
    connections.at(-1)?.missing.map(({ name, env }) => ({ name, env })),
    [{ name: "token", env: ["WORK_TOKEN"] }],
  );
  assert.deepEqual(
    problems.map(({ severity, line, column }) => ({ severity, line, column })),
    [{ severity: "warning", line: 4, column: 12 }],
  );
});

test("a secret written in config.yaml is used, and its place and the file's mode are reported", async () => {
  using home = makeHome();
  const path = home.write("config", "connections:\n  work:\n    tracker: hub\n    token: top-secret-token\n");
  chmodSync(path, 0o644);
  const { connections, problems } = await home.read();
  assert.equal(connections.at(-1)?.values["token"], "top-secret-token");
  assert.deepEqual(
    problems.map(({ line, hint }) => [line, hint?.split(" ")[0]]),
    [
      [null, "Run:"],
      [4, "Move"],
    ],
  );
  assert.ok(!JSON.stringify(problems).includes("top-secret"));
});

const wrong: [what: string, yaml: string, problem: RegExp, line: number, column: number][] = [
  [
    "an unknown tracker",
    "connections:\n  work: { tracker: hubb }\n",
    /must be one of hub, lin; did you mean "hub"\?/,
    2,
    20,
  ],
  ["no tracker", "connections:\n  work: { token: $X }\n", /connection "work" needs a tracker: hub, lin/, 2, 3],
  ["a field of another tracker", "connections:\n  work: { tracker: lin, token: $X }\n", /unknown key "token"/, 2, 25],
  ["the default connection's name", "connections:\n  hub: { tracker: hub }\n", /name of the default connection/, 2, 3],
  ["a host that others can reach", "server:\n  host: 0.0.0.0\n", /must be this machine/, 2, 9],
  ["an invalid port", "server:\n  port: 99999\n", /whole number from 1 to 65535/, 2, 9],
  ["an invalid interval", "sync:\n  minInterval: 10\n", /must be like "30s"/, 2, 16],
  ["an invalid database", "database: mysql://x:secret@h/d\n", /must start with postgres/, 1, 11],
  ["an unset database variable", "database: $PAN_DB\n", /\$PAN_DB is not set/, 1, 11],
  ["an unknown key", "servr: {}\n", /unknown key "servr"; did you mean "server"\?/, 1, 1],
];

for (const [what, yaml, message, line, column] of wrong) {
  test(`config.yaml with ${what} is reported at its position`, async () => {
    using home = makeHome();
    home.write("config", yaml);
    const { problems } = await home.read();
    assert.equal(problems.length, 1, JSON.stringify(problems));
    assert.match(problems[0]?.message ?? "", message);
    assert.deepEqual([problems[0]?.line, problems[0]?.column, problems[0]?.severity], [line, column, "error"]);
    assert.ok(!JSON.stringify(problems).includes("secret"));
  });
}

test("settings are read, and the environment's database takes precedence", async () => {
  using home = makeHome({ PAN_DB: "postgres://u:p@h/named" });
  home.write(
    "config",
    "server: { host: localhost, port: 4000, publicUrl: https://pan.example }\nsync: { minInterval: 2m }\ndatabase: $PAN_DB\nagents: { claude: { command: [claude, --fast] } }\n",
  );
  const read = await home.read();
  assert.deepEqual(read.problems, []);
  assert.deepEqual(read.server, { host: "localhost", port: 4000, publicUrl: "https://pan.example" });
  assert.deepEqual(read.sync, { minIntervalMs: 120_000 });
  assert.equal(read.databaseUrl, "postgres://u:p@h/named");
  const env = { ...home.env, DATABASE_URL: "postgres://u:p@h/environment" };
  assert.equal((await home.read({ env })).databaseUrl, "postgres://u:p@h/environment");
});

/** Puts a program called `hub` on its own PATH. */
function fakeProgram(folder: string, script: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "hub"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return `${bin}:/usr/bin:/bin`;
}

test("another program is asked for the server's host, and only for missing values", async () => {
  using home = makeHome();
  const PATH = fakeProgram(home.folder, 'echo "token-for-$4"');
  const runCommand = createRunCommand({ PATH });
  const { connections } = await home.read({ runCommand });
  assert.equal(connections[0]?.values["token"], "token-for-hub.example");
  assert.deepEqual(connections[0]?.origins["token"], { kind: "command", label: "hub auth token" });

  const env = { ...home.env, HUB_TOKEN: "mine" };
  assert.equal((await home.read({ runCommand, env })).connections[0]?.values["token"], "mine");
});

test("of the programs that store credentials, only the needed ones are asked", async () => {
  using home = makeHome();
  home.write("config", "connections:\n  own: { tracker: hub, server: https://hub.corp.example }\n");
  const asked: string[] = [];
  const runCommand: RunCommand = (command, args) => {
    if (command === "hub") asked.push(args.at(-1) ?? "");
    return Promise.resolve(command === "hub" ? "told" : null);
  };
  const hosts = async (programs: AskedPrograms) => {
    asked.length = 0;
    const { connections } = await home.read({ runCommand, programs });
    return [asked.toSorted(), connections.flatMap(({ id, values }) => (values["token"] === "told" ? [id] : []))];
  };
  const both = [
    ["hub.corp.example", "hub.example"],
    ["hub", "own"],
  ];
  assert.deepEqual(await hosts("used"), both, "while there is no project");
  home.write("projects", "projects: { app: { lin_team: APP } }\n");
  assert.deepEqual(await hosts("used"), [[], []]);
  home.write("projects", "projects: { app: { lin_team: APP, hub_repo: a/b, connections: { hub: own } } }\n");
  assert.deepEqual(await hosts("used"), [["hub.corp.example"], ["own"]]);
  assert.deepEqual(await hosts({ usedAnd: "lin" }), [["hub.corp.example"], ["own"]]);
  assert.deepEqual(await hosts({ usedAnd: "hub" }), both);
  assert.deepEqual(await hosts("none"), [[], []]);
  assert.deepEqual(await hosts("all"), both);
});

for (const [what, script] of [
  ["fails", "echo no-token-here; exit 1"],
  ["explains itself", "echo you are not logged in"],
  ["says nothing", "exit 0"],
  ["hangs", "exec sleep 30"],
] as const) {
  test(`a program that ${what} has no token`, async () => {
    using home = makeHome();
    const runCommand = createRunCommand({ PATH: fakeProgram(home.folder, script) }, 300);
    const { connections } = await home.read({ runCommand });
    assert.deepEqual(
      connections[0]?.missing.map(({ name }) => name),
      ["token"],
    );
  });
}

test("a program that is not installed has no token", async () => {
  using home = makeHome();
  const { connections } = await home.read({ runCommand: createRunCommand({ PATH: home.folder }) });
  assert.equal(connections[0]?.missing.length, 1);
});

describe("another program's file", () => {
  const file = (token: string) => `editor: vi\nhosts:\n  hub.example:\n    token: ${token}\n    user: somebody\n`;

  function withFile(home: ReturnType<typeof makeHome>, text: string, folder = ".config"): string {
    mkdirSync(join(home.folder, folder), { recursive: true });
    const path = join(home.folder, folder, "hub.yml");
    writeFileSync(path, text);
    return path;
  }

  test("is read if the program is missing, and reported as the origin", async () => {
    using home = makeHome();
    const path = withFile(home, file("kept-0123456789"));
    const env = { ...home.env, HOME: home.folder };
    const runCommand = createRunCommand({ PATH: home.folder });
    const [hub] = (await home.read({ runCommand, env })).connections;
    assert.equal(hub?.values["token"], "kept-0123456789");
    assert.deepEqual(hub?.origins["token"], {
      kind: "program-file",
      label: "hub auth token",
      path,
      key: "hosts.hub.example.token",
    });
    const other = { ...env, HUB_API_URL: "https://hub.elsewhere.example" };
    assert.equal((await home.read({ runCommand, env: other })).connections[0]?.missing.length, 1, "another host's");
    assert.equal((await home.read({ env })).connections[0]?.missing.length, 1, "where programs are not asked");
  });

  test("comes after the program, and its first path before the others", async () => {
    using home = makeHome();
    withFile(home, file("kept-at-home"));
    withFile(home, file("kept-in-folder"), "own");
    const env = { ...home.env, HOME: home.folder, HUB_DIR: join(home.folder, "own") };
    const silent = createRunCommand({ PATH: fakeProgram(home.folder, "exit 0") });
    assert.equal((await home.read({ runCommand: silent, env })).connections[0]?.values["token"], "kept-in-folder");
    const talking = createRunCommand({ PATH: fakeProgram(home.folder, "echo told") });
    assert.equal((await home.read({ runCommand: talking, env })).connections[0]?.values["token"], "told");
  });

  for (const [what, text, token] of [
    ["a wrong tag", file("!!null glpat-0123"), "glpat-0123"],
    ["quotes", file('"glpat-0123"'), "glpat-0123"],
    ["nothing in it", "", undefined],
    ["an empty value", file(""), undefined],
    ["a message instead of a token", file("ask your administrator"), undefined],
    ["another shape", "hosts: [hub.example]\n", undefined],
    ["broken YAML", "hosts:\n  hub.example: {token: [\n", undefined],
  ] as const) {
    test(`with ${what} ${token === undefined ? "has no token" : "is understood"}`, async () => {
      using home = makeHome();
      withFile(home, text);
      const runCommand = createRunCommand({ PATH: home.folder });
      const { connections } = await home.read({ runCommand, env: { ...home.env, HOME: home.folder } });
      assert.equal(connections[0]?.values["token"], token);
    });
  }
});

test("no problem ever contains a secret, whatever else is wrong in the files", async () => {
  using home = makeHome();
  const secret = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/);
  const around = fc.constantFrom(
    (s: string) => `connections:\n  work: { tracker: hub, token: ${s} }\n`,
    (s: string) => `connections:\n  work: { tracker: hub, token: ${s}\n`,
    (s: string) => `connections:\n  work: { tracker: hub, token: "${s} }\n`,
    (s: string) => `connections:\n  work: { tracker: hub, tokn: ${s} }\n`,
    (s: string) => `connections:\n  work: { tracker: ${s}, token: ${s} }\n`,
    (s: string) => `connections:\n  work: ${s}\n`,
    (s: string) => `connections: ${s}\n`,
    (s: string) => `${s}\n`,
    (s: string) => `${s}: ${s}\n`,
    (s: string) => `connections:\n  ${s}${s}: {}\n`,
    (s: string) => `connections:\n  work: { tracker: hub, token: *${s} }\n`,
    (s: string) => `connections:\n  work: { tracker: hub, token: !${s} x }\n`,
    (s: string) => `database: mysql://user:${s}@host/db\n`,
    (s: string) => `server: { publicUrl: ${s} }\n`,
  );
  await fc.assert(
    fc.asyncProperty(secret, around, async (value, make) => {
      home.write("config", make(value));
      home.write("env", `${value}\nHUB_TOKEN=${value}\nX="${value}`);
      assert.ok(!JSON.stringify((await home.read()).problems).includes(value), make(value));
    }),
    { numRuns: 200 },
  );
});
