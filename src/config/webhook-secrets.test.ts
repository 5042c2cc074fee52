import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createWebhookSecrets } from "./webhook-secrets.ts";

function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "panopticon-secrets-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "webhooks.json");
  let time = Date.UTC(2026, 0, 1);
  const open = () => createWebhookSecrets(path, () => time);
  return { path, open, wait: (ms: number) => (time += ms) };
}

test("a secret is created once, stored readable only by its owner, and visible to other processes", (t) => {
  const { path, open } = setUp(t);
  const [mine, other] = [open(), open()];
  assert.deepEqual(other.accepted("work"), []);
  const secret = mine.ensure("work");
  assert.ok(secret.length >= 40);
  assert.equal(mine.ensure("work"), secret);
  assert.deepEqual(other.accepted("work"), [secret]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  chmodSync(path, 0o644);
  assert.equal(open().find("work"), secret);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.notEqual(mine.ensure("home"), secret);
});

test("a former secret is accepted for a week after it was replaced", (t) => {
  const { open, wait } = setUp(t);
  const secrets = open();
  const first = secrets.ensure("work");
  const second = secrets.replace("work");
  assert.deepEqual(secrets.accepted("work"), [second, first]);
  wait(6 * 24 * 60 * 60_000);
  const third = secrets.replace("work", "given-by-the-tracker");
  assert.deepEqual(secrets.accepted("work"), [third, second, first]);
  wait(2 * 24 * 60 * 60_000);
  assert.deepEqual(secrets.accepted("work"), [third, second]);
  secrets.forget("work");
  assert.deepEqual(secrets.accepted("work"), []);
});

test("a guessable secret is refused, and a damaged file is reported without its content", (t) => {
  const { path, open } = setUp(t);
  assert.throws(() => open().replace("work", "short"), { code: "invalid_input" });
  for (const text of ["", '{"connections": {"work": {"secret": 7}}}', '{"connections": "canary-of-a-secret']) {
    writeFileSync(path, text);
    assert.throws(
      () => open().accepted("work"),
      (error: Error) => !error.message.includes("canary") && /damaged/.test(error.message),
    );
    assert.equal(readFileSync(path, "utf8"), text);
  }
});
