import assert from "node:assert/strict";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { type RealServer, startRealServer } from "../../test/support/real-server.ts";

let stage: RealServer;
before(async () => {
  stage = await startRealServer();
});
after(() => stage.close());

test("serves files of the trackers, and nothing else", async () => {
  const elsewhere = createHttpServer((_, response) => response.end("secret of this machine"));
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const other = `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  let asked = 0;
  elsewhere.on("request", () => (asked += 1));
  try {
    for (const emulator of stage.emulators) {
      const open = (url: string) =>
        stage.ask(`/api/files?${new URLSearchParams({ connection: emulator.tracker, url }).toString()}`);
      const { origin, host } = new URL(emulator.url);
      const [issue] = emulator.world.issues();
      assert.ok(issue && emulator.world.attach);
      const url = emulator.world.attach(issue.nativeId, {
        name: "a.png",
        contentType: "image/png",
        content: Buffer.from("pixels"),
      });
      const answer = await open(url);
      assert.deepEqual([answer.status, answer.text], [200, "pixels"]);
      assert.equal(answer.headers["content-type"], "image/png");
      for (const address of [
        `http://${other}/`,
        `http://${host}@${other}/`,
        `http://${host}.evil.example/`,
        `http://localhost:${new URL(origin).port}${new URL(url).pathname}`,
        `${url}`.replace("http:", "https:"),
        `${origin}/_emulator/requests`,
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
      ]) {
        const refused = await open(address);
        // Panopticon's own refusal, not one of the tracker's.
        assert.equal(refused.status, 403, address);
        const { code, title } = refused.json() as { code: string; title: string };
        assert.deepEqual([code, title], ["forbidden", "Not allowed"], address);
      }
    }
    assert.equal(asked, 0);
  } finally {
    elsewhere.closeAllConnections();
    elsewhere.close();
  }
});
