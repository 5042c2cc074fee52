import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fails, parse } from "../../../test/support/assert-finished.ts";
import type { Emulators } from "../../../emulators/start.ts";
import { after, before } from "../../../test/support/hooks.ts";
import type { ChangedProjectShape } from "../../server/contract/project.ts";
import { trackers } from "../../trackers/registry.ts";
import { makeEmulatedHome, makePanHome, type PanHome } from "../fixture.ts";

const limit = { timeout: 60_000 };

/** A well-formed key that does not exist in the tracker. */
const wrongly = (key: string): string => (/\d$/.test(key) ? `${key}7` : `${key}X`);

describe("a source that the account cannot see", { concurrency: false }, () => {
  let home: PanHome & { readonly emulators: Emulators };
  before(async () => {
    home = await makeEmulatedHome(3);
  }, limit);
  after(() => home[Symbol.asyncDispose]());

  const flags = () =>
    trackers.map((tracker) => {
      const key = home.emulators[tracker.id]?.sources[2]?.key ?? home.emulators[tracker.id]?.sources[0]?.key ?? "";
      const flag = `--${tracker.sourceKeys[0]?.key.replaceAll("_", "-")}`;
      return { tracker, flag, key };
    });

  test("is rejected with the nearest suggestion, and nothing is written", limit, async () => {
    const before = readFileSync(home.paths.projectsFile, "utf8");
    for (const { tracker, flag, key } of flags()) {
      const refused = await home.here(["project", "add", "--id", "new", flag, wrongly(key)]);
      fails(refused, 3, /credentials cannot see a .*\.\n.*Did you mean “/);
      assert.ok(refused.stderr.includes(tracker.label), refused.stderr);
      assert.ok(refused.stderr.includes(`Did you mean “${key}`), refused.stderr);
    }
    assert.equal(readFileSync(home.paths.projectsFile, "utf8"), before);
  });

  test("is rejected by a running server too, and on changing a project", limit, async () => {
    const server = home.start(["up", "--port", "0", "--no-open"]);
    await server.until(/Open http/);
    const [first] = flags();
    assert.ok(first);
    const wrong = wrongly(first.key);
    fails(await home.here(["project", "add", "--id", "new", first.flag, wrong]), 3, /Did you mean “/);
    const { url, token } = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as { url: string; token: string };
    const response = await fetch(`${url}/api/projects/one`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ [first.tracker.sourceKeys[0]?.key ?? ""]: wrong }),
    });
    const problem = (await response.json()) as { code: string; field: string; candidates: string[] };
    assert.deepEqual(
      [response.status, problem.code, problem.field, problem.candidates],
      [404, "not_found", first.tracker.sourceKeys[0]?.key, [first.key]],
    );
    await home.pan("down");
    await server.finished;
  });

  test("is rejected by pan init, which writes nothing", limit, async () => {
    await using own = makePanHome();
    const [first] = flags();
    assert.ok(first);
    const env = home.emulators[first.tracker.id]?.credentials ?? {};
    const refused = await own.here(["init", first.flag, wrongly(first.key)], env);
    fails(refused, 3, /Did you mean “/);
    assert.equal(existsSync(own.paths.projectsFile), false);
  });

  test("is accepted with a warning if the tracker cannot be asked", limit, async () => {
    await using own = makePanHome();
    const added = await own.here(["project", "add", "--id", "one", "--github-repo", "acme/app"]);
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stderr, /^Not checked: github:acme\/app\. GITHUB_TOKEN is not set\.$/m);
    assert.match(
      added.stderr,
      /^Its issues appear once GITHUB_TOKEN is in \S*\.panopticon\.env or in the environment, or you sign in with GitHub CLI \(gh\)\.$/m,
    );
    assert.match(added.stderr, /^GITHUB_TOKEN: A classic token .* github\.com\/settings\/tokens/m);
    const both = ["--jira-project", "PROJ", "--jira-project", "OTHER"];
    const { stderr } = await own.here(["project", "add", "--id", "jira", ...both]);
    assert.match(
      stderr,
      /^Not checked: jira:PROJ\..*\n.*Not checked: jira:OTHER\..*\nIts issues appear once \w+ and \w+ are in /m,
    );
    assert.equal(stderr.match(/^JIRA_API_KEY: /gm)?.length, 1);
    const [first] = flags();
    assert.ok(first);
    const env = home.emulators[first.tracker.id]?.credentials ?? {};
    home.emulators[first.tracker.id]?.faults.add({ kind: "server-error", value: 503, times: 20 });
    const args = ["project", "add", "--id", "two", first.flag, first.key, "--json"];
    const down = parse<ChangedProjectShape>(await own.here(args, env));
    home.emulators[first.tracker.id]?.faults.clear();
    assert.deepEqual([down.id, down.unchecked.length], ["two", 1]);
  });
});
