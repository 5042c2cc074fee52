import assert from "node:assert/strict";
import { isPanopticonError } from "../../domain/error.ts";
import { hasCode } from "./assert-code.ts";
import { startLocalServer } from "./local-server.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

const picture = {
  name: "Dock plan.png",
  contentType: "image/png",
  content: Buffer.from("\u0089PNG\r\n\u001a\n and the rest", "latin1"),
};

/** Attachments and images: listed with the issue, opened with the login, and only from the tracker's own hosts. */
export function testFiles(it: Register, subject: Subject): void {
  const attach = async (t: Parameters<typeof setStage>[0]) => {
    const stage = await setStage(t, subject, { issues: 5 });
    const { world } = stage.emulator;
    const [issue] = world.issues(stage.source.key);
    assert.ok(issue && world.attach, "a tracker with attachments has `world.attach` in its emulator");
    const url = world.attach(issue.nativeId, picture);
    return { ...stage, issue, url };
  };

  if (subject.definition.capabilities.attachments) {
    it("lists an issue's files and opens them with the login", async (t) => {
      const { connection, source, issue } = await attach(t);
      const read = await connection.read(source, issue.nativeId, issue.key);
      assert.equal(read.kind, "issue");
      const file =
        read.kind === "issue" ? read.issue.attachments?.find(({ name }) => name === picture.name) : undefined;
      assert.ok(file, "the file is listed under its name");
      const opened = await connection.openFile(file.url);
      assert.deepEqual(Buffer.from(await new Response(opened.stream).arrayBuffer()), picture.content);
      assert.equal(opened.contentType, picture.contentType);
      assert.ok(opened.size === null || opened.size === picture.content.length);
    });

    it("does not open a file without valid credentials", async (t) => {
      const { open, url, emulator } = await attach(t);
      const { http, credentialFields } = subject.definition;
      const wrong = credentialFields
        .filter((field) => http.secretValues.includes(field.name))
        .flatMap((field) => field.env);
      const { connection } = open({
        credentials: {
          ...emulator.credentials,
          ...Object.fromEntries(wrong.map((name) => [name, "wrong-0123456789"])),
        },
      });
      await assert.rejects(
        connection.openFile(url),
        (error: unknown) => isPanopticonError(error) && ["auth", "forbidden", "not_found"].includes(error.code),
      );
    });
  }

  it("opens no file of another host, and sends nothing there", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 5 });
    const [issue] = emulator.world.issues();
    const url = emulator.world.attach?.(issue?.nativeId ?? "", picture) ?? `${emulator.url}/picture.png`;
    const elsewhere = await startLocalServer((_, response) => void response.end("secret"));
    t.after(() => elsewhere.close());
    const own = new URL(url);
    const other = new URL(elsewhere.url);
    for (const address of [
      `${other.origin}${own.pathname}`,
      `http://${own.host}@${other.host}${own.pathname}`,
      `${own.protocol}//user:secret@${own.host}${own.pathname}`,
      `${own.protocol}//${own.hostname}.evil.example${own.pathname}`,
      `http://169.254.169.254/latest/meta-data/`,
      "file:///etc/passwd",
      "data:text/plain,x",
      "/relative",
      "",
    ]) {
      await assert.rejects(connection.openFile(address), hasCode("forbidden"), address);
    }
    assert.deepEqual(elsewhere.seen, []);
  });
}
