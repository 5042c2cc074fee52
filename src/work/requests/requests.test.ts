import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Emulator } from "../../../emulators/emulator.ts";
import { startEmulator } from "../../../emulators/start.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { makeWorkbench, type Workbench } from "../../../test/support/workbench.ts";
import { systemClock } from "../../domain/clock.ts";
import type { CodeHost } from "../../domain/code-host.ts";
import type { Status } from "../../domain/status.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { createHttpClient } from "../../trackers/http/create-http-client.ts";
import { findTracker } from "../../trackers/registry.ts";
import { createWorkspaces, type Workspaces } from "../workspaces/workspaces.ts";
import type { CodePlace } from "./code-place.ts";
import { createRequests, type Requests } from "./requests.ts";

const hosts = {
  github: { source: "harborline/portal", weak: "ghp_emulator_weak", list: "/pulls", merge: "merge" },
  gitlab: {
    source: "harborline/platform/billing",
    weak: "glpat-emulator_weak",
    list: "/merge_requests",
    merge: "merge",
  },
} as const;

for (const [tracker, { source, weak, list }] of Object.entries(hosts)) {
  describe(`requests on ${tracker}`, () => {
    let emulator: Emulator;
    let bench: Workbench;
    let workspaces: Workspaces;
    let requests: Requests;
    let token: string;
    let isKnown = true;
    let status: Status = "in_progress";
    let setByHandAt: number | null = null;
    const moves: string[] = [];
    let number = 0;

    function connect(): CodeHost {
      const definition = findTracker(tracker);
      assert.ok(definition);
      const { client } = createHttpClient({
        policy: definition.http,
        values: { token, server: emulator.url },
        clock: systemClock,
        userAgent: "panopticon-test",
        attempts: 1,
      });
      const { code } = definition.connect(client);
      assert.ok(code);
      return code;
    }

    before(async () => {
      emulator = await startEmulator(tracker, { issues: 40, seed: 5, budget: 1_000_000 });
      token = Object.values(emulator.credentials).find((value) => !value.startsWith("http")) ?? "";
      bench = await makeWorkbench();
      emulator.world.keepCode?.(source, bench.origin);
      workspaces = createWorkspaces(bench.parts);
      requests = make();
    });
    after(async () => {
      await workspaces.stop();
      await bench.close();
      await emulator.close();
    });

    function make(): Requests {
      const place: CodePlace = {
        id: tracker,
        repository: source,
        requestNoun: "request",
        maxTitle: 255,
        host: connect,
        toLocal: (ms) => ms,
        linkWords: async () => "Closes #1",
      };
      return createRequests(
        {
          ...bench.parts,
          codeHosts: ["GitHub", "GitLab"],
          findCode: () => (isKnown ? place : null),
          readStatus: async () => ({ status, setByHandAt, setAt: setByHandAt }),
          moveStatus: async (_issueId, to, actor) => {
            status = to;
            moves.push(`${to} by ${actor.kind}`);
          },
          mayMove: () => true,
        },
        workspaces,
      );
    }

    async function workspaceOf(title: string, commits = 1): Promise<Workspace> {
      number += 1;
      const { ready } = await workspaces.create("shop", await bench.addIssue(number, title));
      const workspace = await ready;
      for (let index = 0; index < commits; index += 1) bench.commit(`${number}-${index}.txt`, title, workspace.path);
      return workspace;
    }

    async function call(method: string, path: string, body: object): Promise<{ state: string }> {
      const below = tracker === "github" ? `/repos/${source}` : `/api/v4/projects/${encodeURIComponent(source)}`;
      const response = await fetch(`${emulator.url}${below}${list}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.ok(response.ok, await response.clone().text());
      return (await response.json()) as { state: string };
    }

    const branchesOf = () => bench.git(["branch", "--list", "--format=%(refname:short)"], bench.origin).split("\n");

    test("work that cannot be handed in is refused plainly, and nothing is pushed", async () => {
      const empty = await workspaceOf("Nothing yet", 0);
      await assert.rejects(requests.open(empty.id, { draft: false }), {
        code: "conflict",
        message: /There are no commits/,
      });
      const beside = await workspaceOf("Another branch");
      bench.git(["checkout", "--quiet", "-b", `fix/${beside.id}`, "origin/main"], beside.path);
      bench.commit("beside.txt", "beside\n", beside.path);
      await assert.rejects(requests.open(beside.id, { draft: false }), {
        code: "conflict",
        message: new RegExp(`fix/${beside.id} is checked out, but ${beside.branch} is the branch to hand in`),
      });
      const workspace = await workspaceOf("Not allowed");
      isKnown = false;
      await assert.rejects(requests.open(workspace.id, { draft: false }), {
        code: "unsupported",
        message: /neither on GitHub nor GitLab/,
      });
      isKnown = true;
      const strong = token;
      token = weak;
      await assert.rejects(requests.open(workspace.id, { draft: false }), (error: { code: string }) =>
        ["forbidden", "not_found"].includes(error.code),
      );
      token = strong;
      bench.git(["remote", "rename", "origin", "elsewhere"]);
      bench.git(["remote", "remove", "elsewhere"]);
      await assert.rejects(requests.open(workspace.id, { draft: false }), {
        code: "unsupported",
        message: /no remote/,
      });
      bench.git(["remote", "add", "origin", bench.origin]);
      bench.git(["fetch", "--quiet"]);
      assert.deepEqual(branchesOf(), ["main"]);
    });

    test("a request is opened once, links its issue, and moves it", async () => {
      const workspace = await workspaceOf("$(touch /tmp/x) `id` \u0007 done");
      const opened = await requests.open(workspace.id, { body: "What was done.", draft: false });
      assert.deepEqual(moves.splice(0), ["in_review by panopticon"]);
      assert.deepEqual(await requests.open(workspace.id, { draft: false }), opened, "one that is open is given");
      const [sent] = emulator.requests.list().filter(({ method }) => method === "POST");
      assert.match(sent?.body ?? "", /What was done\.\\n\\nCloses #1/);
      assert.match(sent?.body ?? "", /\$\(touch \/tmp\/x\) `id` done/);
      assert.deepEqual((await workspaces.get(workspace.id)).request, opened);
      assert.equal((await workspaces.get(workspace.id)).facts.unpublished, 0);
    });

    test("never overwrites a branch that someone else pushed to", async () => {
      const workspace = await workspaceOf("Two at once");
      const other = join(bench.folder, `other-${number}`);
      execFileSync("git", ["clone", "--quiet", bench.origin, other], { stdio: "pipe" });
      bench.git(["checkout", "--quiet", "-b", workspace.branch], other);
      bench.commit("theirs.txt", "theirs\n", other);
      bench.git(["push", "--quiet", "origin", workspace.branch], other);
      await assert.rejects(requests.open(workspace.id, { draft: false }), {
        code: "conflict",
        message: /has commits on .* that are not here/,
      });
    });

    for (const [where, folder, name] of [
      ["the remote's", () => bench.origin, "pre-receive"],
      ["this repository's", () => join(bench.checkout, ".git"), "pre-push"],
    ] as const) {
      test(`does not report a branch that a hook of ${where} refuses as behind, and shows the hook's message`, async () => {
        const workspace = await workspaceOf(`Refused by a ${name} hook`);
        const hook = join(folder(), "hooks", name);
        mkdirSync(join(folder(), "hooks"), { recursive: true });
        const words = "\\033[31mSign your commits\\033[0m\\n\\nTo do so: git commit -S\\n";
        writeFileSync(hook, `#!/bin/sh\nprintf "${words}" >&2\nexit 1\n`, { mode: 0o755 });
        try {
          await assert.rejects(requests.open(workspace.id, { draft: false }), {
            code: "forbidden",
            message:
              /^The branch could not be pushed: Sign your commits; To do so: git commit -S; failed to push some refs to \S+$/,
            hint: /git push origin .* shows the full error/,
          });
        } finally {
          rmSync(hook);
        }
      });
    }

    test("a push that hangs holds up no other workspace, tells what it writes, and can be stopped", async () => {
      const [slow, other] = [await workspaceOf("Hangs"), await workspaceOf("Goes on")];
      const hook = join(bench.checkout, ".git", "hooks", "pre-push");
      mkdirSync(join(bench.checkout, ".git", "hooks"), { recursive: true });
      const waits = `read local tip rest\ncase $local in *${slow.branch}) echo Running the tests >&2; sleep 600;; esac\n`;
      writeFileSync(hook, `#!/bin/sh\n${waits}`, { mode: 0o755 });
      try {
        assert.throws(() => requests.stopPush(slow.id), { code: "conflict" });
        const opening = requests.open(slow.id, { draft: false });
        opening.catch(() => undefined);
        await eventually(async () => {
          const push = requests.push(slow.id);
          return push !== null && workspaces.log(slow.id, push.logFrom).text.includes("Running the tests")
            ? true
            : undefined;
        }, "the hook has said something");
        await requests.look();
        assert.equal((await requests.open(other.id, { draft: false })).state, "open");
        requests.stopPush(slow.id);
        await assert.rejects(opening, { code: "conflict", message: /^The push of .* was stopped/ });
        assert.equal(requests.push(slow.id), null);

        // Nor does it outlive the server.
        const leaving = make();
        const left = leaving.open(slow.id, { draft: false });
        left.catch(() => undefined);
        await eventually(async () => leaving.push(slow.id) ?? undefined, "it is pushed");
        await leaving.stop();
        await assert.rejects(left, { code: "conflict", message: /^The push of .* was stopped/ });
      } finally {
        rmSync(hook);
      }
      assert.equal((await requests.open(slow.id, { draft: false })).state, "open");
      moves.length = 0;
    });

    test("requests opened and merged by others are found with one conditional request per look; squashed commits count as kept", async () => {
      const workspace = await workspaceOf("By others");
      bench.git(["push", "--quiet", "origin", workspace.branch], workspace.path);
      emulator.requests.clear();
      for (let look = 0; look < 3; look += 1) await requests.look();
      assert.ok(emulator.requests.count() <= 3, String(emulator.requests.count()));
      assert.ok(
        emulator.requests
          .list()
          .slice(1)
          .every((request) => request.status === 304),
      );

      const names = tracker === "github" ? ["head", "base"] : ["source_branch", "target_branch"];
      await call("POST", "", { title: "Ours", [names[0] ?? ""]: workspace.branch, [names[1] ?? ""]: "main" });
      status = "in_progress";
      await requests.look();
      assert.deepEqual(moves.splice(0), ["in_review by panopticon"]);
      const { request } = await workspaces.get(workspace.id);
      assert.equal(request?.state, "open");
      const how = tracker === "github" ? { merge_method: "squash" } : { squash: true };
      await call("PUT", `/${request?.number}/merge`, how);
      emulator.requests.clear();
      await requests.look();
      assert.equal(emulator.requests.count(), 1);
      assert.deepEqual(moves.splice(0), ["done by panopticon"]);
      await requests.look();
      assert.deepEqual(moves, []);

      // The host deletes the branch; its commits are only in the squashed one.
      bench.git(["update-ref", "-d", `refs/heads/${workspace.branch}`], bench.origin);
      bench.git(["fetch", "--quiet", "--prune"]);
      await workspaces.remove(workspace.id, { force: false });
    });

    test("a request for a branch created in a workspace is found without inspecting the workspace", async () => {
      const workspace = await workspaceOf("A branch of its own", 0);
      const branch = `own/${workspace.id}`;
      bench.git(["switch", "--quiet", "-c", branch], workspace.path);
      bench.commit(`own-${workspace.id}.txt`, "own\n", workspace.path);
      bench.git(["push", "--quiet", "origin", branch], workspace.path);
      const names = tracker === "github" ? ["head", "base"] : ["source_branch", "target_branch"];
      await call("POST", "", { title: "Own", [names[0] ?? ""]: branch, [names[1] ?? ""]: "main" });
      status = "in_progress";
      await requests.look();
      assert.deepEqual(moves.splice(0), ["in_review by panopticon"]);
      const { request, branch: now } = await workspaces.get(workspace.id);
      assert.deepEqual([request?.state, now], ["open", branch]);
      assert.equal((await requests.open(workspace.id, { draft: false })).number, request?.number);
      moves.length = 0;
    });

    test("keeps what was set by hand after the merge", async () => {
      const workspace = await workspaceOf("By hand");
      const { number: own } = await requests.open(workspace.id, { draft: false });
      await call("PUT", `/${own}/merge`, {});
      moves.length = 0;
      setByHandAt = Date.now() + 60_000;
      status = "backlog";
      await requests.look();
      assert.deepEqual(moves, []);
      assert.equal((await workspaces.get(workspace.id)).request?.state, "merged");
    });
  });
}
