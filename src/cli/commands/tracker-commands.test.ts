import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parse, fails } from "../../../test/support/assert-finished.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import type { TrackersShape } from "../../server/contract/tracker.ts";

const limit = { timeout: 60_000 };

describe("with emulated trackers", { concurrency: false }, () => {
  let home: SyncedHome;
  before(async () => {
    home = await makeSyncedHome(40);
  }, limit);
  after(() => home[Symbol.asyncDispose]());

  describe("server down", () => {
    test("trackers and status show account, sources and counts", limit, async () => {
      const { trackers, problems } = parse<TrackersShape>(await home.here(["trackers", "--json"]));
      assert.deepEqual(problems, []);
      assert.deepEqual(
        trackers.map(({ id, health, sources }) => [id, health, sources.length]),
        Object.keys(home.emulators).map((id) => [id, "ok", 2]),
      );
      assert.ok(trackers.every(({ account }) => account !== null && account.login !== ""));
      const status = parse<{ server: unknown; mirrored: number }>(await home.here(["status", "--json"]));
      assert.deepEqual([status.server, status.mirrored], [null, home.total()]);
    });

    test("tests stored credentials; wrong ones are unauthorized", limit, async () => {
      const result = parse<{ valid: boolean; sources: unknown[] }>(
        await home.pan("trackers", "test", "github", "--json"),
      );
      assert.equal(result.valid, true);
      assert.ok(result.sources.length >= 2);
      const wrong = await home.start(["trackers", "test", "github"], { env: { GITHUB_TOKEN: "ghp_wrong" } }).finished;
      fails(wrong, 4, /GitHub: /);
      assert.ok(!`${wrong.stdout}${wrong.stderr}`.includes("ghp_wrong"));
      fails(await home.pan("trackers", "test", "linar"), 3, /Did you mean “linear”\?/);
    });

    test("a sync with a wrong token fails for that tracker only", limit, async () => {
      const env = { GITHUB_TOKEN: "ghp_wrong" };
      const result = await home.start(["sync", "--json"], { env }).finished;
      assert.equal(result.code, 4, result.stderr);
      const { failures } = JSON.parse(result.stdout) as { failures: { source: string }[] };
      assert.ok(failures.length > 0 && failures.every(({ source }) => source.startsWith("github:")));
      // The next sync, with the right token, succeeds.
      assert.equal((await home.pan("sync")).code, 0);
      fails(await home.pan("sync", "linar"), 3, /Did you mean “linear”\?/);
    });

    test("the doctor finds no problems, then names those it does find", limit, async () => {
      const well = await home.pan("doctor");
      assert.equal(well.code, 0, well.stdout);
      for (const area of ["Node", "git", "Disk", "Mirror", "GitHub", "Linear"]) {
        assert.match(well.stdout, new RegExp(`^ok +${area}: `, "m"));
      }
      chmodSync(home.paths.envFile, 0o644);
      const projects = readFileSync(home.paths.projectsFile, "utf8");
      home.write("projects", projects.replace("history: all", "histroy: all"));
      home.hub.emulator.faults.add({ kind: "clock-skew", value: 86_400_000, times: 20 });
      try {
        const env = { LINEAR_API_KEY: "lin_api_wrong" };
        const { code, stdout } = await home.start(["doctor", "--json"], { env }).finished;
        assert.equal(code, 1);
        const { findings } = JSON.parse(stdout) as {
          findings: { level: string; message: string; fix: string | null }[];
        };
        const found = (pattern: RegExp) => findings.find(({ message }) => pattern.test(message));
        assert.match(found(/other users on this machine can read/)?.fix ?? "", /chmod 600/);
        assert.ok(found(/projects\.yaml:3:5: unknown key "histroy"; did you mean "history"\?/));
        assert.ok(found(/clock is 1 day behind GitHub's/), stdout);
        assert.equal(findings.filter(({ level }) => level === "error").length, 2, stdout);
      } finally {
        home.hub.emulator.faults.clear();
        chmodSync(home.paths.envFile, 0o600);
        home.write("projects", projects);
      }
    });
  });
});
