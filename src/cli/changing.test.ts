import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import { eventually, makeHome, oneProject, sourceOf, startPan, untilTrackers } from "../../test/support/stage.ts";
import type { OutboxShape } from "../server/contract/change.ts";
import type { CommentShape, IssueDetailShape } from "../server/contract/issue.ts";
import type { Finished, PanHome } from "./fixture.ts";
import { parse, fails } from "../../test/support/assert-finished.ts";

const limit = { timeout: 100_000 };

let github: Emulator;
let linear: Emulator;
let home: PanHome;
before(async () => {
  github = await startEmulator("github", { issues: 28, seed: 31, closed: 0 });
  linear = await startEmulator("linear", { issues: 28, seed: 31, closed: 0 });
  home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  assert.equal((await home.pan("sync")).code, 0);
}, limit);
after(async () => {
  await home[Symbol.asyncDispose]();
  await github.close();
  await linear.close();
});

const word = () => sourceOf(github).split("/")[1] ?? "";
/** An open issue of GitHub's, by its place. */
const hub = (place: number) => {
  const issue = github.world.issues(sourceOf(github))[place];
  assert.ok(issue);
  return { ...issue, ref: `${word()}${issue.key}` };
};
const team = (place: number) => linear.world.issues(sourceOf(linear))[place]?.key ?? "";
const inTracker = (nativeId: string) => github.world.issues().find((issue) => issue.nativeId === nativeId);
const show = async (ref: string) => parse<IssueDetailShape>(await home.here(["show", ref, "--json"]));
const outbox = async () => parse<OutboxShape>(await home.here(["outbox", "--json"])).operations;

/** An editor that does to the file what the script says, in place. */
function editor(script: string): Record<string, string> {
  const file = join(home.folder, "editor.sh");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { EDITOR: file };
}

/** Edits by hand while the tracker gets other texts, and the mirror hears of it. */
async function editMeanwhile(ref: string, script: string, theirs: () => void): Promise<Finished> {
  const [open, go] = [join(home.folder, "open"), join(home.folder, "go")];
  for (const file of [open, go]) rmSync(file, { force: true });
  const waiting = `touch "${open}"; while [ ! -e "${go}" ]; do sleep 0.05; done; ${script}`;
  const editing = home.start(["edit", ref], { env: editor(waiting) });
  await eventually(() => (existsSync(open) ? true : undefined), "the editor is open");
  theirs();
  assert.equal((await home.pan("sync", "github")).code, 0);
  writeFileSync(go, "");
  return editing.finished;
}

/** The title ends in conflict, since both sides changed it; the text is merged. */
async function editAgainst(place: number): Promise<void> {
  const { ref, nativeId, body } = hub(place);
  const edited = await editMeanwhile(ref, `sed -i 's/^# .*/# Mine/' "$1"; echo More >> "$1"`, () =>
    github.world.edit(nativeId, { title: "Theirs", body: `First\n${body}` }),
  );
  fails(edited, 5, /In conflict: title changed in the tracker/);
  assert.equal(inTracker(nativeId)?.title, "Theirs");
  assert.match(inTracker(nativeId)?.body ?? "", /^First\n[\s\S]*More$/, "the text is merged");
  const [operation] = await outbox();
  assert.deepEqual([operation?.fields[0]?.to, operation?.fields[0]?.theirs], ["Mine", "Theirs"]);
  assert.equal((await home.here(["outbox", "resolve", String(operation?.id), "--mine"])).code, 0);
  assert.equal(inTracker(nativeId)?.title, "Mine");
}

describe("through a server", { concurrency: false }, () => {
  let server: Awaited<ReturnType<typeof startPan>>;
  before(async () => {
    server = await startPan(home);
  }, limit);
  after(() => server.stop());

  test("edit changes what the flags say", limit, async () => {
    const { ref, nativeId } = hub(0);
    const args = ["--title", "By hand", "--label", "bug", "--assign", "me", "--json"];
    const issue = parse<IssueDetailShape>(await home.pan("edit", ref, ...args));
    assert.deepEqual([issue.title, issue.sync.state], ["By hand", "synced"]);
    assert.ok(issue.labels.some(({ name }) => name === "bug"));
    assert.equal(inTracker(nativeId)?.title, "By hand");
    assert.ok(
      issue.history.some(({ actor, field, state }) => actor === "cli" && field === "title" && state === "written"),
    );
  });

  test("move takes a status in several words", limit, async () => {
    const { ref, nativeId } = hub(1);
    const moved = await home.pan("move", ref, "in", "review");
    assert.equal(moved.code, 0, moved.stderr);
    assert.match(moved.stdout, new RegExp(`^${RegExp.escape(ref)} {2}In Review {2}`));
    assert.ok((await show(ref)).labels.some(({ name }) => name.toLowerCase() === "in review"));
    assert.equal(
      parse<IssueDetailShape>(await home.pan("move", ref, "done", "--json")).nativeState.name,
      "Closed as completed",
    );
    assert.notEqual(inTracker(nativeId), undefined);
  });

  test("edit takes one of the tracker's states by its name", limit, async () => {
    const { ref } = hub(13);
    fails(await home.pan("edit", ref, "--state", "Closed as complete"), 2, /Closed as completed/);
    fails(await home.pan("edit", ref, "--state", "Open", "--status", "done"), 2, /two moves/);
    const state = ["--state", "closed as not planned", "--json"];
    const issue = parse<IssueDetailShape>(await home.pan("edit", ref, ...state));
    assert.deepEqual([issue.nativeState.name, issue.status], ["Closed as not planned", "canceled"]);
  });

  test("undo takes back what commands did, one by one", limit, async () => {
    const { ref, nativeId, title } = hub(2);
    assert.equal((await home.pan("edit", ref, "--title", "Once")).code, 0);
    assert.equal((await home.pan("edit", ref, "--title", "Twice")).code, 0);
    assert.equal((await home.here(["undo"])).stdout, `Gave ${ref} its title back.\n`);
    assert.equal(inTracker(nativeId)?.title, "Once");
    assert.equal((await home.here(["undo"])).code, 0);
    assert.equal(inTracker(nativeId)?.title, title);
  });

  test("create makes an issue and says what it is called", limit, async () => {
    const made = await home.pan("create", "Made", "here", "--source", sourceOf(github), "--label", "bug", "--json");
    const issue = parse<IssueDetailShape>(made);
    assert.match(issue.ref, new RegExp(`^${RegExp.escape(word())}#\\d+$`));
    assert.deepEqual([inTracker(issue.nativeId)?.title, issue.labels[0]?.name], ["Made here", "bug"]);
    const plain = await home.pan("create", "Another", "--source", sourceOf(linear));
    assert.match(plain.stdout, /^[A-Z]+-\d+ {2}Another\nhttp/);
  });

  test("none takes away what an issue has", limit, async () => {
    const ref = team(3);
    const edit = async (...flags: string[]) =>
      parse<IssueDetailShape>(await home.here(["edit", ref, ...flags, "--json"]));
    const set = await edit("--estimate", "3", "--due", "2026-12-24", "--parent", team(2));
    assert.deepEqual([set.estimate, set.dueDate, set.parent?.ref], [3, "2026-12-24", team(2)]);
    const none = await edit("--estimate", "none", "--due", "None", "--parent", "none", "--cycle", "none");
    assert.deepEqual([none.estimate, none.dueDate, none.parent, none.cycle], [null, null, null, null]);
  });

  test("comment says it, from the arguments or from a file", limit, async () => {
    const { ref } = hub(3);
    const comment = parse<CommentShape>(await home.pan("comment", ref, "Well", "done", "--json"));
    assert.equal(comment.body, "Well done");
    const file = join(home.folder, "said.md");
    writeFileSync(file, "From a file");
    assert.equal((await home.pan("comment", ref, "--body-file", file)).stdout, `Commented ${ref}.\n`);
    const { comments } = await show(ref);
    assert.deepEqual(
      comments.slice(-2).map(({ body, pending }) => [body.trim(), pending]),
      [
        ["Well done", false],
        ["From a file", false],
      ],
    );
  });

  test("link relates issues of any trackers, and ends it", limit, async () => {
    const { ref } = hub(4);
    const linked = parse<IssueDetailShape>(await home.pan("link", ref, "blocked-by", team(1), "--json"));
    assert.deepEqual(linked.blockedBy, [team(1)]);
    assert.equal((await home.here(["link", ref, "blocked_by", team(1), "--remove"])).code, 0);
    assert.deepEqual(
      (await show(ref)).relations.filter(({ origin }) => origin === "made"),
      [],
    );
    fails(await home.here(["link", ref, "blokcs", team(1)]), 2, /Did you mean “blocks”/);
    fails(await home.here(["link", ref, "blocks", team(1), "--remove"]), 3, /no such relation/);
  });

  test("edit without flags opens the editor on everything", limit, async () => {
    const { ref, nativeId } = hub(5);
    const copy = join(home.folder, "seen.md");
    const script = `cp "$1" "${copy}"; sed -i -e 's/^# .*/# Edited/' -e 's/^labels:.*/labels: [docs]/' "$1"; echo More >> "$1"`;
    const edited = await home.start(["edit", ref], { env: editor(script) }).finished;
    assert.equal(edited.code, 0, edited.stderr);
    assert.match(
      readFileSync(copy, "utf8"),
      /^---\nstatus: [\w ]+\npriority: \w+\nlabels: .*\nassignees: .*\n[\s\S]*^---\n# /m,
    );
    const issue = await show(ref);
    assert.equal(issue.title, "Edited");
    assert.match(issue.body, /More$/);
    assert.deepEqual(
      issue.labels.map(({ name }) => name),
      ["docs"],
    );
    assert.equal(inTracker(nativeId)?.title, "Edited");
    const nothing = await home.start(["edit", ref], { env: editor("true") }).finished;
    assert.deepEqual([nothing.code, nothing.stderr.split("\n")[0]], [0, "Nothing changed."]);
  });

  test("a text that changed while it was written is merged, or keeps both", limit, () => editAgainst(10));

  test("what was typed and cannot be used is kept", limit, async () => {
    const { ref } = hub(5);
    const refused = await home.start(["edit", ref], { env: editor(`sed -i 's/^status:.*/status: Dnoe/' "$1"`) })
      .finished;
    fails(refused, 2, /Did you mean “Done”/);
    const [, file = ""] = /What you wrote is kept in (\S+)/.exec(refused.stderr) ?? [];
    assert.match(readFileSync(file, "utf8"), /status: Dnoe/);
    fails(await home.start(["edit", ref], { env: editor("exit 3") }).finished, 2, /editor .* ended with an error/);
    fails(await home.start(["edit", ref], { env: { EDITOR: "" } }).finished, 2, /No editor is set/);
    fails(await home.start(["edit", ref], { env: editor('rm "$1"') }).finished, 2, /left no file behind/);
    fails(await home.start(["create"], { env: { EDITOR: "" } }).finished, 2, /give a title: pan create TITLE/);
    const strange = await home.start(["edit", ref], { env: editor(`printf '\\377' >> "$1"`) }).finished;
    fails(strange, 2, /is no text in UTF-8/);
    assert.match(strange.stderr, /What you wrote is kept in/);
  });

  test("a file that is no text, or as long as no text is, is refused whole", limit, async () => {
    const { ref } = hub(6);
    const file = (name: string, bytes: Buffer) => {
      writeFileSync(join(home.folder, name), bytes);
      return join(home.folder, name);
    };
    const cases = [
      [file("latin1.txt", Buffer.from("\xFFn", "latin1")), /is no text in UTF-8/],
      [file("long.txt", Buffer.alloc(1_000_001, "a")), /1,000,001 characters; .* takes [\d,]+ characters/],
      [file("huge.txt", Buffer.alloc(4_000_001, "a")), /larger than 4 megabytes/],
      [join(home.folder, "nowhere.txt"), /could not be read: it is not there/],
      [home.folder, /could not be read: it is a folder/],
    ] as const;
    for (const [path, says] of cases) {
      fails(await home.pan("comment", ref, "--body-file", path), 2, says);
    }
  });

  test("mistakes are named with the nearest word", limit, async () => {
    const { ref } = hub(6);
    const mistakes = [
      [["edit", ref, "--title", " "], 2, /title is empty/],
      [["edit", ref, "--due", "2026-11-22"], 1, /have no due date/],
      [["edit", ref, "--due", "2026-02-30"], 2, /The due date “2026-02-30” is no day.\nWrite it as 2026-11-22/],
      [["edit", ref, "--estimate", "many"], 2, /must be a number/],
      [["edit", ref, "--estimate", ""], 2, /must be a number/],
      [["edit", ref, "--parent", ""], 2, /'--parent <ref>' argument '' is invalid. It must not be empty/],
      [["edit", ref, "--cycle", " "], 2, /It must not be empty/],
      [["comment", ref, ""], 2, /^Nothing was said: the text is empty.\n$/],
      [["edit", ref, "--field", "x"], 2, /not NAME=VALUE/],
      [["edit", ref, "--label", ""], 2, /'--label <label>' argument '' is invalid. It must not be empty/],
      [["edit", ref, "--unassign", " "], 2, /must not be empty/],
      [["edit", "nothing#1", "--title", "x"], 3, /There is no issue/],
      [["move", ref, "in-reveiw"], 2, /Did you mean “In Review”/],
      [["create", "x"], 2, /2 sources/],
      [["undo", "99999"], 3, /no entry number 99999/],
      [["outbox", "drop", "x"], 2, /whole number/],
      [["outbox", "dorp", "1"], 2, /Did you mean drop/],
    ] as const;
    for (const [args, code, says] of mistakes) {
      const result = await home.pan(...args);
      assert.equal(result.code, code, `${args.join(" ")}: ${result.stderr}`);
      assert.match(result.stderr, says, args.join(" "));
    }
  });

  test("a comment is changed by the id that its making told, after its tracker named it too", limit, async () => {
    const { ref } = hub(11);
    const { url, token } = JSON.parse(readFileSync(home.paths.serverFile, "utf8")) as { url: string; token: string };
    const made = parse<CommentShape>(await home.pan("comment", ref, "Frist", "--json"));
    assert.match(made.id, /^new:/);
    const written = (await show(ref)).comments.at(-1);
    assert.ok(written !== undefined && !written.pending && written.id !== made.id);
    const send = (method: string) =>
      fetch(`${url}/api/issues/${encodeURIComponent(ref)}/comments/${encodeURIComponent(made.id)}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: method === "PATCH" ? JSON.stringify({ body: "First" }) : null,
      });
    const edited = await send("PATCH");
    assert.equal(edited.status, 200);
    const changed = (await edited.json()) as CommentShape;
    assert.deepEqual([changed.id, changed.body], [written.id, "First"]);
    assert.equal((await send("DELETE")).status, 204);
  });

  test("the server has the lock, and the commands need none", limit, async () => {
    assert.ok(existsSync(home.paths.serverFile));
    const { ref } = hub(9);
    const both = await Promise.all([home.pan("edit", ref, "--label", "one"), home.pan("edit", ref, "--label", "two")]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    );
  });
});

describe("without a server", { concurrency: false }, () => {
  test("undo takes back what commands did, one by one", limit, async () => {
    const { ref, nativeId, title } = hub(2);
    assert.equal((await home.pan("edit", ref, "--title", "Once")).code, 0);
    assert.equal((await home.pan("edit", ref, "--title", "Twice")).code, 0);
    assert.equal((await home.here(["undo"])).stdout, `Gave ${ref} its title back.\n`);
    assert.equal(inTracker(nativeId)?.title, "Once");
    assert.equal((await home.here(["undo"])).code, 0);
    assert.equal(inTracker(nativeId)?.title, title);
  });

  test("an issue is made, and named by its tracker", limit, async () => {
    const issue = parse<IssueDetailShape>(
      await home.pan("create", "Made here", "--source", sourceOf(github), "--assign", "me", "--json"),
    );
    assert.match(issue.ref, new RegExp(`^${RegExp.escape(word())}#\\d+$`));
    assert.equal(inTracker(issue.nativeId)?.title, "Made here");
  });

  test("a command that is interrupted says where its change is kept", limit, async () => {
    const { ref, nativeId } = hub(8);
    github.faults.add({ kind: "slow", path: "/repos/", times: 1000, value: 60_000 });
    const editing = home.start(["edit", ref, "--title", "Interrupted"]);
    const operation = await eventually(
      async () => (await outbox()).find(({ state }) => state === "sending"),
      "it is on its way",
    );
    editing.process.kill("SIGINT");
    const { code, stderr } = await editing.finished;
    assert.equal(code, 130);
    assert.match(stderr, new RegExp(`Interrupted\\. .* kept as entry ${operation.id} of the outbox`));
    github.faults.clear();
    assert.equal((await home.here(["outbox", "retry", String(operation.id)])).code, 0);
    assert.equal(inTracker(nativeId)?.title, "Interrupted");
  });

  test("what cannot be delivered is kept, listed, and delivered later", limit, async () => {
    const { ref, nativeId } = hub(7);
    github.faults.add({ kind: "server-error", path: "/repos/", times: 1000 });
    const offline = await home.pan("edit", ref, "--title", "Offline");
    assert.equal(offline.code, 0);
    assert.match(offline.stderr, /Not yet with the tracker: .*entry \d+ of the outbox/);
    assert.match((await home.here(["status"])).stdout, /mirrored; 1 change on the way \(pan outbox\)/);
    const [operation] = await outbox();
    assert.deepEqual([operation?.ref, operation?.fields[0]?.to], [ref, "Offline"]);
    assert.match((await home.here(["outbox"])).stdout, /title: .* → Offline/);
    github.faults.clear();
    const retried = await home.here(["outbox", "retry", String(operation?.id)]);
    assert.equal(retried.code, 0, retried.stderr);
    assert.equal(inTracker(nativeId)?.title, "Offline");
    assert.deepEqual(await outbox(), []);
  });

  test("a text that changed while it was written is merged, or keeps both", limit, () => editAgainst(11));

  test("a conflict keeps both values until one is chosen", limit, async () => {
    const { ref, nativeId } = hub(8);
    github.world.edit(nativeId, { title: "Theirs" });
    fails(await home.pan("edit", ref, "--title", "Mine"), 5, /In conflict: title changed in the tracker/);
    const [operation] = await outbox();
    assert.deepEqual([operation?.state, operation?.fields[0]?.theirs], ["conflict", "Theirs"]);
    const id = String(operation?.id);
    fails(await home.here(["outbox", "resolve", id]), 2, /Say whose value counts/);
    assert.equal((await home.here(["outbox", "resolve", id, "--mine"])).code, 0);
    assert.equal(inTracker(nativeId)?.title, "Mine");
    assert.deepEqual(await outbox(), []);
  });

  test("a limit that one command met holds for the next ones, and for the server", limit, async () => {
    github.faults.add({ kind: "rate-limit", value: 600, times: 1 });
    fails(await home.here(["sync", "github"]), 1, /limit/);
    github.requests.clear();
    fails(await home.here(["sync", "github"]), 1, /next request is allowed at \d\d:\d\d, in \d+ minutes\./);
    const offline = await home.pan("edit", hub(9).ref, "--title", "Later");
    assert.match(offline.stderr, /Not yet with the tracker: .*tried again in \d+ min/);
    const { stdout, stderr } = await home.here(["status"]);
    assert.match(stdout, /GitHub\s+rate limited/);
    assert.match(stderr, /next request is allowed at \d\d:\d\d, in \d+ minutes\./);
    const server = await startPan(home);
    const said = await untilTrackers(
      server,
      ({ trackers }) => trackers.some(({ id, health }) => id === "github" && health === "limited"),
      "the server keeps to the limit",
    );
    assert.ok(said.trackers.every(({ health }) => health !== "unreachable"));
    await server.stop();
    assert.equal(github.requests.count(), 0, "nothing was sent");
  });
});
