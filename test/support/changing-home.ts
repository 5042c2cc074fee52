import assert from "node:assert/strict";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { Finished, PanHome } from "../../src/cli/fixture.ts";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueDetailShape } from "../../src/server/contract/issue.ts";
import { fails, parse } from "./assert-finished.ts";
import { eventually, makeHome, oneProject, sourceOf } from "./stage.ts";

/** A home whose GitHub and Linear issues are changed by commands; results are checked in the trackers. */
export type ChangingHome = PanHome & {
  readonly github: Emulator;
  readonly linear: Emulator;
  /** The part of GitHub's refs before the number. */
  readonly word: string;
  /** GitHub's open issue at an index; each test uses its own indexes. */
  hub(place: number): WorldIssue & { readonly ref: string };
  /** The ref of Linear's issue at an index. */
  team(place: number): string;
  inTracker(nativeId: string): WorldIssue | undefined;
  show(ref: string): Promise<IssueDetailShape>;
  outbox(): Promise<OutboxShape["operations"]>;
  /** An environment whose editor applies the script to the file, in place. */
  editor(script: string): Record<string, string>;
  /** Edits by hand while GitHub's title and body change: the body is merged, the title conflicts and is resolved. */
  editAgainst(place: number): Promise<void>;
};

type WorldIssue = ReturnType<Emulator["world"]["issues"]>[number];

/** Resolves once the mirror is filled. */
export async function openChangingHome(): Promise<ChangingHome> {
  const github = await startEmulator("github", { issues: 28, seed: 31, closed: 0 });
  const linear = await startEmulator("linear", { issues: 28, seed: 31, closed: 0 });
  const home = makeHome({ emulators: [github, linear], projects: oneProject(github, linear) });
  assert.equal((await home.pan("sync")).code, 0);

  const word = sourceOf(github).split("/")[1] ?? "";
  const hub = (place: number) => {
    const issue = github.world.issues(sourceOf(github))[place];
    assert.ok(issue);
    return { ...issue, ref: `${word}${issue.key}` };
  };
  const team = (place: number) => linear.world.issues(sourceOf(linear))[place]?.key ?? "";
  const inTracker = (nativeId: string) => github.world.issues().find((issue) => issue.nativeId === nativeId);
  const show = async (ref: string) => parse<IssueDetailShape>(await home.here(["show", ref, "--json"]));
  const outbox = async () => parse<OutboxShape>(await home.here(["outbox", "--json"])).operations;

  function editor(script: string): Record<string, string> {
    const file = join(home.folder, "editor.sh");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return { EDITOR: file };
  }

  /** Edits by hand while the tracker's texts change and are synced. */
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

  /** The title conflicts, because both sides changed it; the body is merged. */
  async function editAgainst(place: number): Promise<void> {
    const { ref, nativeId, body } = hub(place);
    const edited = await editMeanwhile(ref, `sed -i 's/^# .*/# Mine/' "$1"; echo More >> "$1"`, () =>
      github.world.edit(nativeId, { title: "Theirs", body: `First\n${body}` }),
    );
    fails(edited, 5, /In conflict: title also changed in the tracker/);
    assert.equal(inTracker(nativeId)?.title, "Theirs");
    assert.match(inTracker(nativeId)?.body ?? "", /^First\n[\s\S]*More$/, "the text is merged");
    const [operation] = await outbox();
    assert.deepEqual([operation?.fields[0]?.to, operation?.fields[0]?.theirs], ["Mine", "Theirs"]);
    assert.equal((await home.here(["outbox", "resolve", String(operation?.id), "--mine"])).code, 0);
    assert.equal(inTracker(nativeId)?.title, "Mine");
  }

  return {
    ...home,
    github,
    linear,
    word,
    hub,
    team,
    inTracker,
    show,
    outbox,
    editor,
    editAgainst,
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await github.close();
      await linear.close();
    },
  };
}
