import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { defaultWorkSettings } from "../domain/work-settings.ts";
import type { ConfigProblem } from "./config.ts";
import { makeHome } from "./fixture.ts";

const dayMs = 86_400_000;

async function problemsOf(projects: string, config?: string): Promise<readonly ConfigProblem[]> {
  using home = makeHome();
  home.write("projects", projects);
  if (config !== undefined) home.write("config", config);
  return (await home.read()).problems;
}

const brief = ({ severity, line, column, message }: ConfigProblem) => `${severity} ${line}:${column} ${message}`;

test("a project is completed with its sources and defaults", async () => {
  using home = makeHome();
  home.write(
    "projects",
    `projects:
  app:
    name: "My Application"
    path: ${home.folder}
    hub_repo: [acme/app, acme/site]
    lin_team: APP
    history: 12w
    shadow: true
    states:
      hub: { planning: "label:planning" }
  other:
    hub_repo: acme/other
    issue_prefix: oth
    history: all
`,
  );
  const { projects, problems } = await home.read();
  assert.deepEqual(problems, []);
  const shared = { project: "app", projectName: "My Application", historyMs: 84 * dayMs, shadow: true };
  assert.deepEqual(projects, [
    {
      id: "app",
      name: "My Application",
      path: home.folder,
      sources: [
        {
          ...shared,
          id: "hub:acme/app",
          tracker: "hub",
          connection: "hub",
          key: "acme/app",
          refPrefix: "app",
          stateOverrides: { planning: "label:planning" },
        },
        {
          ...shared,
          id: "hub:acme/site",
          tracker: "hub",
          connection: "hub",
          key: "acme/site",
          refPrefix: "site",
          stateOverrides: { planning: "label:planning" },
        },
        { ...shared, id: "lin:APP", tracker: "lin", connection: "lin", key: "APP", refPrefix: "", stateOverrides: {} },
      ],
      issuePrefix: null,
      defaultBranch: "main",
      agent: null,
      shadow: true,
      history: "12w",
      work: defaultWorkSettings,
    },
    {
      id: "other",
      name: "other",
      path: null,
      sources: [
        {
          id: "hub:acme/other",
          tracker: "hub",
          connection: "hub",
          project: "other",
          projectName: "other",
          key: "acme/other",
          refPrefix: "oth",
          historyMs: null,
          stateOverrides: {},
          shadow: false,
        },
      ],
      issuePrefix: "oth",
      defaultBranch: "main",
      agent: null,
      shadow: false,
      history: "all",
      work: defaultWorkSettings,
    },
  ]);
});

const wrong: [what: string, yaml: string, problem: string][] = [
  [
    "an unknown key",
    "projects:\n  app:\n    hubrepo: acme/app\n    lin_team: APP\n",
    'error 3:5 unknown key "hubrepo"; did you mean "hub_repo"?',
  ],
  ["an unknown key at the top", "project:\n  app: {}\n", 'error 1:1 unknown key "project"; did you mean "projects"?'],
  [
    "a source that cannot be one",
    "projects:\n  app:\n    lin_team: APP\n    hub_repo: app\n",
    'error 4:15 "hub_repo" cannot be used: it is owner/repo',
  ],
  [
    "one wrong source in a list",
    "projects:\n  app:\n    hub_repo:\n      - acme/app\n      - nothing\n",
    'error 5:9 "hub_repo" cannot be used: it is owner/repo',
  ],
  [
    "a history that is none",
    "projects:\n  app:\n    lin_team: APP\n    history: 3 weeks\n",
    'error 4:14 "history" must be like "90d", "12w", "6m", "1y" or "all"',
  ],
  [
    "a flag that is none",
    "projects:\n  app:\n    lin_team: APP\n    shadow: maybe\n",
    'error 4:13 "shadow" must be true or false',
  ],
  [
    "a relative path",
    "projects:\n  app:\n    lin_team: APP\n    path: src/app\n",
    'error 4:11 "path" must be an absolute path, or start with ~/',
  ],
  ["a key without a value", "projects:\n  app:\n    lin_team:\n", 'error 3:14 "lin_team" has no value'],
  ["an invalid id", 'projects:\n  "my app!":\n    lin_team: APP\n', 'error 2:3 "my app!" is not a valid id'],
  ["a list of projects", "projects:\n  - app\n", 'error 2:3 "projects" must be a map of keys and values'],
  [
    "an unknown status",
    "projects:\n  app:\n    lin_team: APP\n    states:\n      lin: { plannig: Spec }\n",
    'error 5:14 unknown key "plannig"; did you mean "planning"?',
  ],
  [
    "an indentation that does not fit",
    "projects:\n  app:\n    lin_team: APP\n   history: 3d\n",
    "error 4:4 the indentation",
  ],
  ["a tab", "projects:\n\tapp: {}\n", "error 2:1 tabs cannot indent"],
  ["an unclosed bracket", "projects:\n  app:\n    hub_repo: [a/b,\n", "error 4:1 a [ or { before this"],
  ["an unclosed quote", 'projects:\n  app:\n    name: "App\n', "error 4:1 a closing quote"],
  ["a duplicate key", "projects:\n  app: {lin_team: A}\n  app: {lin_team: B}\n", "error 3:3 duplicate key"],
  ["a project without a source", "projects:\n  app: {}\n", 'warning 2:3 project "app" names no source'],
  [
    "a connection that is not there",
    "projects:\n  app:\n    hub_repo: acme/app\n    connections: { hub: wrok }\n",
    'error 4:25 there is no connection "wrok"; did you mean "work"?',
  ],
  [
    "a connection of another tracker",
    "projects:\n  app:\n    lin_team: APP\n    connections: { lin: work }\n",
    'error 4:25 "work" is a connection to hub, not to Lin',
  ],
];

for (const [what, yaml, expected] of wrong) {
  test(`${what} is reported at its position`, async () => {
    const problems = await problemsOf(yaml, "connections:\n  work: { tracker: hub, token: $HB }\n");
    const found = problems.filter(({ file }) => file.endsWith("projects.yaml")).map(brief);
    assert.equal(found.length, 1, found.join("\n"));
    assert.ok(found[0]?.startsWith(expected), found[0]);
  });
}

test("a source belongs to one project, whichever account reads it; another server, or another account's team, is another source", async () => {
  using home = makeHome({ HUB_TOKEN: "h", B: "b" });
  const connections = [
    "  second: { tracker: hub, token: $B, server: https://API.hub.example/ }",
    "  other: { tracker: hub, token: $B, server: https://hub.other.example }",
    "  team: { tracker: lin, apiKey: $B }",
  ];
  home.write("config", `connections:\n${connections.join("\n")}\n`);
  const projects = [
    "  one: { hub_repo: acme/app, lin_team: APP }",
    "  two: { hub_repo: Acme/App, connections: { hub: second } }",
    "  three: { hub_repo: acme/app, lin_team: APP, connections: { hub: other, lin: team } }",
  ];
  home.write("projects", `projects:\n${projects.join("\n")}\n`);
  const config = await home.read();
  assert.deepEqual(
    config.projects.map(({ sources }) => sources.map(({ id }) => id)),
    [["hub:acme/app", "lin:APP"], [], ["other/hub:acme/app", "team/lin:APP"]],
  );
  assert.deepEqual(config.problems.filter(({ file }) => file.endsWith("projects.yaml")).map(brief), [
    'error 3:20 projects "one" and "two" both name Acme/App with the connections "hub" and "second" to the same server',
  ]);
});

test("two projects with the same source are both named, and the first keeps it", async () => {
  using home = makeHome();
  home.write(
    "projects",
    "projects:\n  one:\n    hub_repo: acme/app\n  two:\n    hub_repo: Acme/App\n    lin_team: TWO\n",
  );
  const { projects, problems } = await home.read();
  assert.deepEqual(
    projects.map(({ sources }) => sources.map(({ id }) => id)),
    [["hub:acme/app"], ["lin:TWO"]],
  );
  assert.deepEqual(problems.map(brief), [
    'error 5:15 projects "one" and "two" both name Acme/App with the connection "hub"',
  ]);
});

test("an invalid value affects only itself: the other projects and sources are used", async () => {
  using home = makeHome();
  home.write(
    "projects",
    "projects:\n  one: { hub_repo: nonsense, lin_team: ONE, histroy: 3d }\n  two: { lin_team: TWO }\n",
  );
  const { projects, problems } = await home.read();
  assert.deepEqual(
    projects.flatMap(({ sources }) => sources.map(({ id }) => id)),
    ["lin:ONE", "lin:TWO"],
  );
  assert.equal(problems.length, 2);
});

test("a missing folder is a warning with its position", async () => {
  const [problem] = await problemsOf("projects:\n  app: { lin_team: APP, path: /nowhere/at/all }\n");
  assert.equal(problem && brief(problem), "warning 2:31 folder not found: /nowhere/at/all");
});

test("a folder that the system refuses to look at is a warning, too", async () => {
  using home = makeHome();
  const loop = join(home.folder, "loop");
  symlinkSync(loop, loop);
  home.write("projects", `projects:\n  app: { lin_team: APP, path: ${loop} }\n`);
  const { projects, problems } = await home.read();
  assert.deepEqual(problems.map(brief), [
    `warning 2:31 the folder ${loop} cannot be used: its symbolic links form a loop`,
  ]);
  assert.equal(projects[0]?.path, loop);
});

test("~ is the user's home according to PANOPTICON_HOME", async () => {
  using home = makeHome();
  home.write("projects", "projects:\n  app: { lin_team: APP, path: ~/.panopticon }\n");
  const { projects, problems } = await home.read();
  assert.deepEqual(problems, []);
  assert.equal(projects[0]?.path, home.paths.home);
});

test("an empty file has no projects and no problem", async () => {
  for (const text of ["", "# nothing yet\n", "projects:\n", "projects: {}\n"]) {
    assert.deepEqual(await problemsOf(text), []);
  }
});

test("any text is read without a crash, and every position is inside it", async () => {
  using home = makeHome();
  const yamlish = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "projects:",
          "  app:",
          "    hub_repo: a/b",
          "    - x",
          "&a",
          "*a",
          "<<: *a",
          "? [",
          "{",
          "}",
          "---",
        ),
        fc.constantFrom(
          "\t",
          "!!binary x",
          "!!set",
          "%YAML 9",
          "|",
          ">-",
          "'",
          '"',
          "    states: {hub: [1]}",
          "\u2028",
          "\r",
        ),
        fc.string({ maxLength: 20, unit: "binary" }),
      ),
      { maxLength: 12 },
    )
    .map((lines) => lines.join("\n"));
  await fc.assert(
    fc.asyncProperty(fc.oneof(yamlish, fc.string({ maxLength: 80 })), async (text) => {
      home.write("projects", text);
      home.write("config", text.replace("projects", "connections"));
      const lines = Math.max(...[text].map((one) => one.split("\n").length));
      for (const { line, column, message } of (await home.read()).problems) {
        assert.ok(line !== null && line >= 1 && line <= lines, `${message} at line ${line} of ${lines}`);
        assert.ok(column !== null && column >= 1);
      }
    }),
    { numRuns: 300 },
  );
});

test("a problem has the line and column of what is wrong, wherever that is", async () => {
  using home = makeHome();
  const project = fc.record({
    id: fc.stringMatching(/^[a-z]{3,8}$/),
    keys: fc.shuffledSubarray(["name: x", "agent: claude", "issue_prefix: p", "shadow: true"]),
    comment: fc.constantFrom("", "    # a comment\n", "\n"),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(project, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
      fc.nat(),
      async (projects, pick) => {
        const broken = projects[pick % projects.length]?.id;
        const text = projects
          .map(({ id, keys, comment }, index) => {
            const own = id === broken ? "    zzzzzz: 1\n" : "";
            return `  ${id}:\n${comment}    hub_repo: o/r${index}\n${keys.map((key) => `    ${key}\n`).join("")}${own}`;
          })
          .join("");
        home.write("projects", `projects:\n${text}`);
        const line = `projects:\n${text}`.split("\n").indexOf("    zzzzzz: 1") + 1;
        assert.deepEqual((await home.read()).problems.map(brief), [`error ${line}:5 unknown key "zzzzzz"`]);
      },
    ),
    { numRuns: 60 },
  );
});
