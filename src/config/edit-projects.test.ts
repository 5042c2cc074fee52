import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { isPanopticonError, type PanopticonError } from "../domain/error.ts";
import { addProject, removeProject, updateProject } from "./edit-projects.ts";
import { makeHome, trackers, type Home } from "./fixture.ts";

const context = (home: Home) => ({ projectsFile: home.paths.projectsFile, trackers });
const textOf = (home: Home) => readFileSync(home.paths.projectsFile, "utf8");

function refusal(run: () => void): PanopticonError {
  try {
    run();
  } catch (error) {
    if (isPanopticonError(error)) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

const written = `# My projects
projects:
  # the main thing
  app:
    name: "The App"   # shown on the board
    hub_repo:
      - acme/app   # code

      - acme/site
    lin_team: APP

  other: { lin_team: OTH } # small
# the end
`;

test("a first project creates the file", async () => {
  using home = makeHome();
  addProject("app", { name: "App", hub_repo: ["a/b", "a/c"], lin_team: null }, context(home));
  assert.equal(textOf(home), "projects:\n  app:\n    name: App\n    hub_repo:\n      - a/b\n      - a/c\n");
  const { projects, problems } = await home.read();
  assert.deepEqual(problems, []);
  assert.equal(projects[0]?.sources.length, 2);
});

test("a project is added after the others, and nothing else changes", () => {
  using home = makeHome();
  home.write("projects", written);
  addProject("new", { lin_team: "NEW" }, context(home));
  const expected = written.replace("small\n", "small\n  new:\n    lin_team: NEW\n");
  assert.equal(textOf(home), expected);
});

test("keys are changed, added and removed in place", () => {
  using home = makeHome();
  home.write("projects", written);
  updateProject("app", { name: "Renamed", shadow: true, lin_team: null }, context(home));
  const expected = written.replace('"The App"   #', '"Renamed" #').replace("    lin_team: APP\n", "    shadow: true\n");
  assert.equal(textOf(home), expected);
});

test("a comment behind a key that begins a block stays there, and all lines keep their spacing", () => {
  using home = makeHome();
  const own = (team: string) => `projects:   # all of them
  app:             # the main thing
    # its parts
    hub_repo:      # code
      - acme/app   # first
    lin_team: ${team}   # team key
    states:        # overrides
      # of the detected mapping
      lin: { planning: "Spec" }   # ours
`;
  home.write("projects", own("APP"));
  updateProject("app", { lin_team: "NEW" }, context(home));
  assert.equal(textOf(home), own("NEW").replace("NEW   #", "NEW #"));
  updateProject("app", { states: { lin: { planning: "Spec" }, hub: { done: "closed" } } }, context(home));
  assert.match(textOf(home), /\n    states: {8}# overrides\n {6}# of the detected mapping\n/);
});

test("the lines that stay keep their spacing", () => {
  using home = makeHome();
  const own = (team: string) =>
    `projects:\n  app:\n    hub_repo: [acme/app, acme/site]    # both\n    lin_team: ${team}\n    states:  { lin: { planning: "Spec" } }   # ours\n`;
  home.write("projects", own("APP"));
  updateProject("app", { lin_team: "OPS" }, context(home));
  assert.equal(textOf(home), own("OPS"));
});

test("a project is removed", () => {
  using home = makeHome();
  home.write("projects", written);
  removeProject("app", context(home));
  const text = textOf(home);
  assert.ok(!text.includes("acme/app"));
  for (const kept of ["# My projects", "other: { lin_team: OTH } # small", "# the end"])
    assert.ok(text.includes(kept), text);
});

for (const [what, before, after] of [
  ["four spaces", "projects:\n    app:\n        lin_team: A\n", "    two:\n        hub_repo:\n            - a/c\n"],
  [
    "lists that are not indented",
    "projects:\n  app:\n    hub_repo:\n    - a/b\n",
    "  two:\n    hub_repo:\n    - a/c\n",
  ],
] as const) {
  test(`the user's indentation stays: ${what}`, () => {
    using home = makeHome();
    home.write("projects", before);
    addProject("two", { hub_repo: ["a/c"] }, context(home));
    assert.equal(textOf(home), before + after);
  });
}

test("an impossible edit is refused, and the file stays unchanged", () => {
  using home = makeHome();
  home.write("projects", written);
  const { code, message } = refusal(() => addProject("app", { lin_team: "X" }, context(home)));
  assert.deepEqual([code, message], ["conflict", 'A project "app" already exists.']);
  const missing = refusal(() => removeProject("oter", context(home)));
  assert.deepEqual([missing.code, missing.hint], ["not_found", 'Did you mean "other"?']);
  assert.equal(refusal(() => updateProject("nothing", {}, context(home))).code, "not_found");
  assert.match(refusal(() => addProject("x", { hub_repo: "nonsense" }, context(home))).message, /it is owner\/repo/);
  assert.match(refusal(() => addProject("x", { hubrepo: "a/b" }, context(home))).message, /did you mean "hub_repo"/);
  assert.match(refusal(() => addProject("a b", { lin_team: "X" }, context(home))).message, /is not a valid id/);
  assert.equal(textOf(home), written);
});

test("a file that is not valid YAML is never overwritten", () => {
  using home = makeHome();
  home.write("projects", "projects:\n  app: {\n");
  const error = refusal(() => addProject("x", { lin_team: "X" }, context(home)));
  assert.match(error.message, /projects\.yaml:\d+:\d+: .*Nothing was changed\./);
  assert.equal(textOf(home), "projects:\n  app: {\n");
});

test(
  "the file's mode and symlink stay, and no temporary file is left",
  { skip: process.platform === "win32" && "Windows keeps no modes" },
  () => {
    using home = makeHome();
    const path = home.write("projects", "projects: {}\n");
    chmodSync(path, 0o640);
    const real = join(home.folder, "dotfiles.yaml");
    renameSync(path, real);
    symlinkSync(real, path);
    addProject("app", { lin_team: "APP" }, context(home));
    assert.ok(lstatSync(path).isSymbolicLink());
    assert.equal(statSync(real).mode & 0o777, 0o640);
    assert.equal(textOf(home), "projects:\n  app:\n    lin_team: APP\n");
    assert.deepEqual(readdirSync(home.paths.home), ["projects.yaml"]);
    assert.ok(existsSync(real));
  },
);

const id = fc.stringMatching(/^[a-z]{2,8}$/);
const comment = fc.constantFrom("", "# note", "# – ünïcode: [x]", "# 'quoted' \"text\"");
const entry = fc.record({
  id,
  above: comment,
  beside: comment,
  name: fc.constantFrom("'one'", '"two"', "three"),
  gap: fc.boolean(),
});

test("adding and removing a project restores every comment and every value, in order", async () => {
  using home = makeHome();
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(entry, { minLength: 1, maxLength: 6, selector: ({ id: one }) => one }),
      async (entries) => {
        const text = `# top\nprojects:\n${entries
          .map(
            ({ id: one, above, beside, name, gap }) =>
              `${gap ? "\n" : ""}${above && `  ${above}\n`}  ${one}:\n    name: ${name}${beside && ` ${beside}`}\n    lin_team: ${one.toUpperCase()}\n`,
          )
          .join("")}# bottom\n`;
        home.write("projects", text);
        const before = await home.read();
        addProject("added-one", { lin_team: "ZZZZZZZZZ" }, context(home));
        updateProject("added-one", { name: "x" }, context(home));
        removeProject("added-one", context(home));
        assert.equal(textOf(home), text);
        assert.deepEqual(await home.read(), before);
      },
    ),
    { numRuns: 60 },
  );
});

test("a map inside a project is changed key by key, and the comments on unchanged keys stay", () => {
  using home = makeHome();
  home.write(
    "projects",
    `projects:
  app:
    lin_team: APP
    # how we work
    states:
      lin:
        planning: Spec # since spring
        # nobody reviews
        in_review: QA
`,
  );
  updateProject("app", { states: { lin: { planning: "Shaping", done: "Shipped" } } }, context(home));
  assert.equal(
    textOf(home),
    `projects:
  app:
    lin_team: APP
    # how we work
    states:
      lin:
        planning: Shaping # since spring
        done: Shipped
`,
  );
});

test("a refusal names the project's key, and nothing is written", () => {
  using home = makeHome();
  home.write("projects", written);
  const refused = (values: Record<string, unknown>) => refusal(() => updateProject("app", values, context(home)));
  assert.equal(refused({ history: "soon" }).field, "history");
  assert.equal(refused({ hub_repo: ["acme/app", "nonsense"] }).field, "hub_repo");
  assert.equal(refused({ lin_team: "low" }).field, "lin_team");
  assert.equal(textOf(home), written);
});

test("a source that another project has is refused, naming that project", () => {
  using home = makeHome();
  home.write("projects", written);
  const connections = trackers.map(({ id }) => ({ id, tracker: id, values: {} }));
  const surroundings = { connections, userHome: home.folder, configFile: home.paths.configFile };
  const error = refusal(() => addProject("new", { lin_team: "OTH" }, { ...context(home), surroundings }));
  assert.equal(error.field, "lin_team");
  assert.match(error.message, /"other" and "new" both name OTH/);
  assert.equal(textOf(home), written);
});
