import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { makePanHome } from "../fixture.ts";

test("an interrupted sync exits like other interrupted programs and says how far it got", async (t) => {
  // A tracker that accepts every connection and never responds.
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.after(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  await using home = makePanHome();
  home.write("env", `JIRA_URL=http://127.0.0.1:${port}\nJIRA_API_KEY=some-key\n`);
  home.write("projects", "projects: { one: { jira_project: BOOK } }\n");
  for (const args of [["sync"], ["issues", "--sync"]]) {
    const asked = once(silent, "connection");
    const syncing = home.start(args);
    await asked;
    syncing.process.kill("SIGINT");
    const { code, stdout, stderr } = await syncing.finished;
    assert.deepEqual(
      [code, stdout, stderr],
      [130, "", "Interrupted; everything read so far is kept.\n"],
      args.join(" "),
    );
  }
});

test("syncing a tracker without mirrored sources says so", async () => {
  await using home = makePanHome();
  home.write("projects", "projects: { one: { jira_project: BOOK } }\n");
  const { code, stderr } = await home.here(["sync", "github"]);
  assert.equal(code, 0);
  assert.equal(
    stderr,
    "Nothing of github is mirrored: no project includes any of its sources. Add one with pan project add.\n",
  );
});
