import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse, fails } from "../../test/support/assert-finished.ts";
import { forEachStatus } from "../domain/status.ts";
import type { TrackersShape } from "../server/contract/tracker.ts";
import { makePanHome } from "./fixture.ts";

const limit = { timeout: 60_000 };

describe("command lines", { concurrency: false }, () => {
  test("--help, --version, and help for each command", limit, async () => {
    await using home = makePanHome();
    const help = await home.pan("--help");
    assert.equal(help.code, 0);
    const names = ["up", "down", "status", "demo", "doctor", "project", "trackers", "sync", "issues", "show"];
    for (const name of names) assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
    assert.match((await home.pan("--version")).stdout, /^\d+\.\d+\.\d+\n$/);
    const all = await Promise.all(names.map((name) => home.here([name, "--help"])));
    for (const [index, { code, stdout }] of all.entries()) {
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: pan ${names[index]}`));
    }
    const below = await home.here(["project", "add", "--help"]);
    assert.match(below.stdout, /--github-repo/);
    assert.deepEqual(await home.here(["help", "project", "add"]), below);
  });

  for (const [args, message] of [
    [["isues"], /Unknown command 'isues'.\nDid you mean issues\?/],
    [["issues", "--jsn"], /Unknown option '--jsn'.\nDid you mean --json\?/],
    [["issues", "--limit", "5000"], /whole number from 1 to 1000/],
    [["issues", "--status", "plannig"], /There is no status called “plannig”.\nDid you mean “planning”\?/],
    [["issues", "--label", ""], /'--label <label>' argument '' is invalid. It must not be empty/],
    [["export", "--status", ","], /It must not be empty/],
    [
      ["agent", "scrpted"],
      /^Unknown command 'agent scrpted'.\nAvailable: start, list, attach, send, stop, resume, logs, signal.\n$/,
    ],
    [["help", "isues"], /Unknown command 'isues'.\nDid you mean issues\?/],
    [["issues", "--tracker", "gihub"], /There is no tracker called “gihub”.\nDid you mean “github”\?/],
    [["show"], /^Missing required argument 'ref'\.\nShow its options with pan show --help\.\n$/],
    [["up", "--port", "x"], /whole number from 0 to 65535\.\nShow its options with pan up --help/],
    [
      ["outbox", "retry", "x"],
      /^Argument 'id' cannot be 'x'\. It must be a whole number .*\.\nShow its options with pan outbox retry --help\.\n$/,
    ],
    [["--jsn"], /^Unknown option '--jsn'\.\nList the commands with pan --help\.\n$/],
    [["up", "--host", "0.0.0.0"], /cannot listen on 0\.0\.0\.0.*\n.*ssh -N -L 3011:127\.0\.0\.1:3011/],
  ] as const) {
    test(`pan ${args.join(" ")} is a usage error`, limit, async () => {
      await using home = makePanHome();
      fails(await home.here(args), 2, message);
    });
  }

  test("before the first sync, listings are empty and say so", limit, async () => {
    await using home = makePanHome();
    const listed = await home.pan("issues", "--json");
    assert.deepEqual(parse(listed), { issues: [], total: 0, byStatus: forEachStatus(() => 0), cursor: null });
    assert.match(listed.stderr, /Nothing is mirrored yet/);
    fails(await home.pan("show", "app#1"), 3, /nothing is mirrored yet/);
    const { trackers } = parse<TrackersShape>(await home.pan("trackers", "--json"));
    assert.deepEqual([...new Set(trackers.map(({ health }) => health))], ["not_configured"]);
    assert.equal((await home.pan("down")).stdout, "No server is running.\n");
    assert.match((await home.pan("status")).stdout, /^The server is not running/);
    assert.deepEqual(parse(await home.pan("project", "list", "--json")), { projects: [], total: 0, cursor: null });
  });
});
