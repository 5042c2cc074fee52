import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import type { Emulator } from "../../emulators/emulator.ts";
import type { Finished, PanHome } from "../../src/cli/fixture.ts";
import { after, before } from "../support/hooks.ts";
import { isSynced, makeHome, oneProject, sourceOf, startPan, untilTrackers } from "../support/stage.ts";

const limit = { timeout: 100_000 };

let github: Emulator;
let linear: Emulator;
let home: PanHome;
let team = "";
before(async () => {
  github = await startEmulator("github", { issues: 20, seed: 61 });
  linear = await startEmulator("linear", { issues: 20, seed: 61 });
  home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  team = linear.world.issues(sourceOf(linear))[0]?.key ?? "";
  assert.equal((await home.pan("sync")).code, 0);
});
after(async () => {
  await home[Symbol.asyncDispose]();
  await github.close();
  await linear.close();
});

/** The keys in each command's JSON output, as in the API. */
const listings = (): readonly { readonly args: readonly string[]; readonly keys: readonly string[] }[] => [
  { args: ["status"], keys: ["server", "mirrored", "notMirrored", "trackers", "problems"] },
  { args: ["issues"], keys: ["issues", "total", "cursor"] },
  { args: ["issues", "--status", "backlog,done", "--assignee", "me", "--sort", "-updated"], keys: ["issues", "total"] },
  { args: ["show", team], keys: ["ref", "title", "body", "comments", "relations", "history", "attachments"] },
  { args: ["sync"], keys: ["changed", "removed", "requests", "failures"] },
  { args: ["sync", "linear"], keys: ["changed", "removed", "requests", "failures"] },
  { args: ["trackers"], keys: ["trackers", "problems"] },
  { args: ["trackers", "test", "github"], keys: ["valid", "message", "account", "sources"] },
  { args: ["project", "list"], keys: ["projects"] },
  { args: ["doctor"], keys: ["findings"] },
];

/** Wrong usage, with the documented exit codes: 2 wrong usage, 3 not found, 5 conflict. */
const mistakes: readonly { readonly args: readonly string[]; readonly code: number; readonly says: RegExp }[] = [
  { args: ["satus"], code: 2, says: /Unknown command 'satus'\.\nDid you mean status\?/ },
  { args: ["issues", "--label"], code: 2, says: /argument missing/ },
  { args: ["issues", "--limit", "0"], code: 2, says: /whole number from 1 to 1000/ },
  { args: ["issues", "--priority", "9"], code: 2, says: /priority/ },
  { args: ["issues", "--sort", "colour"], code: 2, says: /sort/i },
  { args: ["issues", "--updated", "yesterday"], code: 2, says: /“yesterday” is not a valid time/ },
  { args: ["issues", "--project", "nowhere"], code: 3, says: /There is no project called “nowhere”/ },
  { args: ["issues", "--cursor", "nonsense"], code: 2, says: /cursor/ },
  { args: ["show"], code: 2, says: /missing required argument 'ref'/i },
  { args: ["show", "APP-1", "APP-2"], code: 2, says: /too many arguments/i },
  { args: ["show", "NOPE-1"], code: 3, says: /There is no issue/ },
  { args: ["sync", "gihub"], code: 3, says: /Did you mean “github”\?/ },
  { args: ["trackers", "test"], code: 2, says: /missing required argument 'tracker'/i },
  { args: ["trackers", "test", "liner"], code: 3, says: /Did you mean “linear”\?/ },
  { args: ["trackers", "tset", "linear"], code: 2, says: /Unknown command 'trackers tset'\.\nDid you mean test\?/ },
  { args: ["project", "remove", "oen"], code: 3, says: /Did you mean ["“]one["”]\?/ },
  { args: ["project", "remove"], code: 2, says: /missing required argument/i },
  { args: ["project", "add", "--id", "one", "--github-repo", "harborline/portal"], code: 5, says: /already/ },
  { args: ["project", "add", "--id", "x", "--github-repo", "no slash"], code: 2, says: /cannot be used/ },
  { args: ["project", "add", "--id", "a b", "--github-repo", "a/b"], code: 2, says: /is not a valid id/ },
  { args: ["project", "ad"], code: 2, says: /Unknown command 'project ad'\.\nDid you mean add\?/ },
  { args: ["up", "--port", "70000"], code: 2, says: /whole number from 0 to 65535/ },
  { args: ["up", "--host", "192.168.0.1"], code: 2, says: /only on this machine/ },
  { args: ["demo", "--issues", "many"], code: 2, says: /whole number/ },
  { args: ["doctor", "now"], code: 2, says: /too many arguments/i },
  { args: ["down", "--force"], code: 2, says: /Unknown option '--force'/ },
];

const helped = ["up", "down", "status", "demo", "doctor", "sync", "issues", "show"].concat([
  "project",
  "project add",
  "project list",
  "project remove",
  "trackers",
  "trackers test",
]);

function isPlain({ stdout, stderr }: Finished): void {
  assert.ok(!stdout.includes("\u001B") && !stderr.includes("\u001B"), "no colours in a pipe");
  assert.doesNotMatch(stderr, /\n\s+at |went wrong inside/);
}

async function checkListings(plain: boolean): Promise<void> {
  for (const { args, keys } of listings()) {
    const json = await home.pan(...args, "--json");
    isPlain(json);
    assert.equal(json.code, 0, `${args.join(" ")}: ${json.stderr}`);
    const value = JSON.parse(json.stdout) as Record<string, unknown>;
    for (const key of keys) assert.ok(Object.hasOwn(value, key), `${args.join(" ")} --json has ${key}`);
    if (!plain) continue;
    const text = await home.pan(...args);
    isPlain(text);
    assert.equal(text.code, 0, `${args.join(" ")}: ${text.stderr}`);
  }
}

/** A few at a time, because each is a process. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker(), worker()]);
}

async function checkMistakes(chosen: typeof mistakes): Promise<void> {
  const wrong: string[] = [];
  await inParallel(chosen, async ({ args, code, says }) => {
    const result = await home.pan(...args);
    if (result.code !== code || !says.test(result.stderr) || result.stdout !== "")
      wrong.push(`pan ${args.join(" ")}: ${result.code}\n${result.stdout}${result.stderr}`);
    isPlain(result);
  });
  assert.deepEqual(wrong, []);
}

describe("server down", { concurrency: false }, () => {
  test("every command prints JSON and plain text", limit, () => checkListings(true));
  test("wrong usage has its own exit code", limit, () => checkMistakes(mistakes));
  test("every command and subcommand has help", limit, async () => {
    await inParallel(helped, async (words) => {
      const help = await home.pan(...words.split(" "), "--help");
      assert.equal(help.code, 0);
      assert.match(help.stdout, new RegExp(`^Usage: pan ${words}`));
      assert.equal(help.stderr, "");
    });
  });
});

test("server up: the same output and the same errors", limit, async () => {
  const down = (await home.pan("issues", "--json", "--limit", "100", "--sort", "created")).stdout;
  const server = await startPan(home);
  await untilTrackers(server, (shape) => isSynced(shape), "synced");
  assert.equal((await home.pan("issues", "--json", "--limit", "100", "--sort", "created")).stdout, down);
  await checkListings(false);
  // Those that involve the server.
  await checkMistakes(
    mistakes.filter(({ args }) => ["issues", "show", "sync", "project", "trackers"].includes(args[0] ?? "")),
  );
  assert.equal((await home.pan("down")).code, 0);
  assert.equal((await server.finished).code, 0);
});
