import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { systemClock } from "../../domain/clock.ts";
import { createSession, readOrCreateToken, secretCheck } from "./session.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "panopticon-session-"));
});
after(() => rm(folder, { recursive: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test("creates the token once, readable only by its owner", async () => {
  const path = join(folder, "deep", "token");
  const token = await readOrCreateToken(path);
  assert.match(token, /^[\w-]{43}$/);
  assert.equal(await modeOf(path), 0o600);
  assert.equal(await modeOf(join(folder, "deep")), 0o700);
  assert.equal(await readOrCreateToken(path), token);
  assert.equal((await readFile(path, "utf8")).trim(), token);
});

test("removes other users' access to a token file", async () => {
  const path = join(folder, "open-token");
  const token = await readOrCreateToken(path);
  await chmod(path, 0o644);
  assert.equal(await readOrCreateToken(path), token);
  assert.equal(await modeOf(path), 0o600);
});

test("replaces a damaged token file by a new token", async () => {
  const path = join(folder, "damaged");
  await writeFile(path, "short\n", { mode: 0o600 });
  const token = await readOrCreateToken(path);
  assert.match(token, /^[\w-]{43}$/);
  assert.equal(await readOrCreateToken(path), token);
});

test("accepts only equal secrets", () => {
  const isSecret = secretCheck("abc");
  assert.ok(isSecret("abc"));
  for (const other of ["", "ab", "abcd", "abd", "ABC"]) assert.ok(!isSecret(other));
});

test("accepts a code once, and not after two minutes", () => {
  let now = 1000;
  const session = createSession("secret", { now: () => now, sleep: () => Promise.resolve() });
  const [first, second] = [session.createCode(), session.createCode()];
  assert.ok(session.takeCode(first));
  assert.ok(!session.takeCode(first));
  now += 120_000;
  assert.ok(!session.takeCode(second));
  assert.ok(!session.takeCode("never made"));
});

test("uses a cookie that is not the token, and another one for each port", () => {
  const session = createSession("secret", { now: () => 0, sleep: () => Promise.resolve() });
  assert.ok(!session.isToken(session.cookieValue));
  assert.ok(!session.isCookie("secret"));
  assert.notEqual(session.cookieName(1), session.cookieName(2));
});

test("distinguishes browsers by their cookies, and accepts an older cookie", () => {
  const session = createSession("secret", systemClock);
  const [one = "", two = ""] = [session.setCookie(3011), session.setCookie(3011)].map(
    (header) => /^panopticon_3011=([^;]+);/.exec(header)?.[1] ?? "",
  );
  assert.notEqual(one, two);
  for (const cookie of [one, two, session.cookieValue]) assert.ok(session.isCookie(cookie));
  assert.notEqual(session.browserOf(one), session.browserOf(two));
  assert.equal(session.browserOf(one), session.browserOf(one));
  assert.ok(!one.includes(session.browserOf(one)));
  assert.ok(!session.isCookie(`x${one}`));
  assert.ok(!session.isCookie(one.split(".")[1] ?? ""));
});
