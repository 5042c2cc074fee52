import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fails } from "../../../test/support/assert-finished.ts";
import { type ChangingHome, openChangingHome } from "../../../test/support/changing-home.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { startPan } from "../../../test/support/stage.ts";

// Texts written in an editor or read from a file.

const limit = { timeout: 100_000 };

let home: ChangingHome;
before(async () => {
  home = await openChangingHome();
}, limit);
after(() => home[Symbol.asyncDispose]());

describe("through a server", { concurrency: false }, () => {
  let server: Awaited<ReturnType<typeof startPan>>;
  before(async () => {
    server = await startPan(home);
  }, limit);
  after(() => server.stop());

  test("edit without flags opens the whole issue in the editor", limit, async () => {
    const { ref, nativeId } = home.hub(5);
    const copy = join(home.folder, "seen.md");
    const script = `cp "$1" "${copy}"; sed -i -e 's/^# .*/# Edited/' -e 's/^labels:.*/labels: [docs]/' "$1"; echo More >> "$1"`;
    const edited = await home.start(["edit", ref], { env: home.editor(script) }).finished;
    assert.equal(edited.code, 0, edited.stderr);
    assert.match(
      readFileSync(copy, "utf8"),
      /^---\nstatus: [\w ]+\npriority: \w+\nlabels: .*\nassignees: .*\n[\s\S]*^---\n# /m,
    );
    const issue = await home.show(ref);
    assert.equal(issue.title, "Edited");
    assert.match(issue.body, /More$/);
    assert.deepEqual(
      issue.labels.map(({ name }) => name),
      ["docs"],
    );
    assert.equal(home.inTracker(nativeId)?.title, "Edited");
    const nothing = await home.start(["edit", ref], { env: home.editor("true") }).finished;
    assert.deepEqual([nothing.code, nothing.stderr.split("\n")[0]], [0, "Nothing changed."]);
  });

  test("a text changed meanwhile is merged, or both versions are kept", limit, () => home.editAgainst(10));

  test("keeps input that cannot be used", limit, async () => {
    const { ref } = home.hub(5);
    const refused = await home.start(["edit", ref], { env: home.editor(`sed -i 's/^status:.*/status: Dnoe/' "$1"`) })
      .finished;
    fails(refused, 2, /Did you mean “Done”/);
    const [, file = ""] = /Your text is kept in (\S+)/.exec(refused.stderr) ?? [];
    assert.match(readFileSync(file, "utf8"), /status: Dnoe/);
    fails(await home.start(["edit", ref], { env: home.editor("exit 3") }).finished, 1, /editor .* ended with an error/);
    fails(await home.start(["edit", ref], { env: { EDITOR: "" } }).finished, 2, /No editor is set/);
    fails(await home.start(["edit", ref], { env: home.editor('rm "$1"') }).finished, 1, /did not save a file/);
    fails(
      await home.start(["create"], { env: { EDITOR: "" } }).finished,
      2,
      /give a title on the command line: pan create TITLE/,
    );
    const strange = await home.start(["edit", ref], { env: home.editor(`printf '\\377' >> "$1"`) }).finished;
    fails(strange, 2, /is not UTF-8 text/);
    assert.match(strange.stderr, /Your text is kept in/);
  });

  test("rejects a file that is not text or is too long", limit, async () => {
    const { ref } = home.hub(6);
    const file = (name: string, bytes: Buffer) => {
      writeFileSync(join(home.folder, name), bytes);
      return join(home.folder, name);
    };
    const cases = [
      [file("latin1.txt", Buffer.from("\xFFn", "latin1")), /is not UTF-8 text/],
      [file("long.txt", Buffer.alloc(1_000_001, "a")), /1,000,001 characters; the limit of .* is [\d,]+ characters/],
      [file("huge.txt", Buffer.alloc(4_000_001, "a")), /larger than 4 megabytes/],
      [join(home.folder, "nowhere.txt"), /could not be read: it does not exist/],
      [home.folder, /could not be read: it is a folder/],
    ] as const;
    for (const [path, says] of cases) {
      fails(await home.pan("comment", ref, "--body-file", path), 2, says);
    }
  });
});
