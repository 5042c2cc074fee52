import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse, fails } from "../../../test/support/assert-finished.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import type { IssueDetailShape, IssueListShape } from "../../server/contract/issue.ts";
import { makeEmulatedHome, makePanHome } from "../fixture.ts";
import { isAlive } from "./running-server.ts";

const limit = { timeout: 60_000 };

describe("with emulated trackers", { concurrency: false }, () => {
  let home: SyncedHome;
  before(async () => {
    home = await makeSyncedHome(40);
  }, limit);
  after(() => home[Symbol.asyncDispose]());

  describe("server up", { concurrency: false }, () => {
    test("up, the same answers, live changes, projects, down", limit, async () => {
      const down = parse<IssueListShape>(await home.pan("issues", "--json", "--limit", "100", "--sort", "-created"));
      const server = home.start(["up", "--port", "0", "--no-open"]);
      const [, url = ""] = await server.until(/Panopticon runs at (\S+)/);
      await server.until(/Open http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/);
      assert.equal(statSync(home.paths.serverFile).mode & 0o777, 0o600);
      const file = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as Record<string, unknown>;
      assert.deepEqual([file["pid"], file["url"]], [server.process.pid, url]);

      const listed = await home.pan("issues", "--json", "--limit", "100", "--sort", "-created");
      assert.deepEqual(parse(listed), down);
      assert.equal(listed.stderr, "");
      fails(await home.pan("issues", "--status", "plannig"), 2, /Did you mean “planning”\?/);
      fails(await home.pan("show", `${home.hub.word}#99999`), 3, /There is no issue/);

      const created = home.hub.world.create(home.hub.key, { title: "Seen through the server" });
      home.hub.world.comment(created.nativeId, "First!");
      assert.match((await home.pan("sync", "github")).stdout, /^1 issue changed/);
      const shown = parse<IssueDetailShape>(await home.pan("show", `${home.hub.word}${created.key}`, "--json"));
      assert.deepEqual(
        shown.comments.map(({ body }) => body),
        ["First!"],
      );
      const status = parse<{ server: { pid: number } | null; mirrored: number }>(await home.pan("status", "--json"));
      assert.deepEqual([status.server?.pid, status.mirrored], [server.process.pid, home.total()]);

      const again = await home.pan("up", "--no-open");
      assert.equal(again.code, 0);
      assert.match(again.stdout, /is already running/);
      fails(await home.pan("up", "--port", "4999", "--no-open"), 1, /is already running.*\n.*pan down/);

      const removed = await home.pan("project", "remove", "two");
      assert.equal(removed.code, 0, removed.stderr);
      const { projects } = parse<{ projects: { id: string }[] }>(await home.pan("project", "list", "--json"));
      assert.deepEqual(
        projects.map(({ id }) => id),
        ["one"],
      );
      const source = home.hub.emulator.sources[1]?.key ?? "";
      fails(await home.pan("project", "add", "--id", "one", "--github-repo", source), 5, /already/);
      const added = await home.pan("project", "add", "--id", "two", "--github-repo", source, "--history", "all");
      assert.equal(added.code, 0, added.stderr);
      fails(await home.pan("project", "remove", "tow"), 3, /Did you mean “two”\?/);

      assert.equal((await home.pan("down")).stdout, `The server at ${url} has stopped.\n`);
      assert.equal((await server.finished).code, 0);
      assert.equal(existsSync(home.paths.serverFile), false);
    });

    test("runs in the background with a log, and down stops it", limit, async () => {
      const started = await home.pan("up", "--detach", "--port", "0", "--no-open");
      assert.equal(started.code, 0, started.stderr);
      const [, pid] = /in the background \(process (\d+)\)/.exec(started.stdout) ?? [];
      assert.ok(pid);
      assert.ok(existsSync(join(home.paths.home, "server.log")));
      assert.equal((await home.pan("issues", "--json")).stderr, "");
      assert.match((await home.pan("down")).stdout, /has stopped/);
      assert.equal(isAlive(Number(pid)), false);
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      test(`${signal} stops it cleanly`, limit, async () => {
        const server = home.start(["up", "--port", "0", "--no-open"]);
        await server.until(/Open http/);
        server.process.kill(signal);
        const { code, stderr } = await server.finished;
        assert.equal(code, 0, stderr);
        assert.equal(existsSync(home.paths.serverFile), false);
      });
    }

    test("stops cleanly when nobody reads its output any more", limit, async () => {
      await using own = await makeEmulatedHome(600);
      for (const { faults } of Object.values(own.emulators)) faults.add({ kind: "slow", value: 300, times: Infinity });
      const server = own.start(["up", "--port", "0", "--no-open"]);
      await server.until(/Open http/);
      // As `pan up 2>&1 | head -2` does. The first sync of a source that has so many issues is a line.
      server.process.stdout?.destroy();
      server.process.stderr?.destroy();
      assert.equal((await server.finished).code, 0);
      assert.equal(existsSync(own.paths.serverFile), false);
    });

    test("a killed server leaves nothing behind that blocks the next one", limit, async () => {
      const server = home.start(["up", "--port", "0", "--no-open"]);
      await server.until(/Open http/);
      server.process.kill("SIGKILL");
      await server.finished;
      assert.equal(existsSync(home.paths.serverFile), true);
      assert.match((await home.pan("issues", "--json")).stderr, /From the mirror/);
      assert.match((await home.pan("down")).stdout, /No server is running/);
      const next = home.start(["up", "--port", "0", "--no-open"]);
      await next.until(/Open http/);
      await home.pan("down");
      await next.finished;
    });

    test("a suspended server is bypassed until it continues", limit, async () => {
      const server = home.start(["up", "--port", "0", "--no-open"]);
      await server.until(/Open http/);
      server.process.kill("SIGSTOP");
      const passed = await home.pan("issues", "--json").finally(() => server.process.kill("SIGCONT"));
      assert.match(passed.stderr, /is running but not responding\. This is from the mirror, last synced/);
      assert.equal((await home.pan("issues", "--json")).stderr, "");
      await home.pan("down");
      assert.equal((await server.finished).code, 0);
    });

    test("names a port in use, and its Panopticon if it is one", limit, async () => {
      const other = createServer((_, response) => response.end("something else"));
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const port = String((other.address() as AddressInfo).port);
      fails(
        await home.pan("up", "--port", port, "--no-open"),
        1,
        new RegExp(`Port ${port} is in use by another program`),
      );
      other.close();

      const first = home.start(["up", "--port", "0", "--no-open"]);
      const [, url = ""] = await first.until(/Panopticon runs at (\S+)/);
      await using second = makePanHome();
      const used = new URL(url).port;
      fails(
        await second.pan("up", "--port", used, "--no-open"),
        1,
        new RegExp(`Port ${used} is in use by another Panopticon`),
      );
      const refused = await second.pan("up", "--port", used, "--no-open", "--detach");
      fails(refused, 1, /in use by another Panopticon/);
      await home.pan("down");
      await first.finished;
    });
  });
});
