import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import { readProcessStat } from "../cli/server/process-stat.ts";
import { findServerFile } from "../cli/server/running-server.ts";
import { removeServerFile, writeServerFile } from "./server-file.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "panopticon-server-file-"));
});
after(() => rm(folder, { recursive: true }));

const described = (pid: number) => ({ pid, url: "http://127.0.0.1:3011", token: "secret", version: "1.2.3" });

test("finds a running server by its file, which only its owner can read", async () => {
  const path = join(folder, "running.json");
  await writeServerFile(path, described(process.pid));
  await chmod(path, 0o644);
  await writeServerFile(path, described(process.pid));
  assert.deepEqual(findServerFile(path), { ...described(process.pid), isCertain: false });
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ["running.json"]);
  await removeServerFile(path, process.pid);
  assert.equal(findServerFile(path), null);
  await removeServerFile(path, process.pid);
});

test("verifies the file by the process's start time, if the system tells it", async (t) => {
  const begin = readProcessStat(process.pid)?.begin;
  if (begin === undefined) return t.skip("this system does not tell");
  const path = join(folder, "certain.json");
  const isCertain = async (words: string) => {
    await writeServerFile(path, { ...described(process.pid), begin: words });
    return findServerFile(path)?.isCertain;
  };
  assert.equal(await isCertain(begin), true);
  assert.equal(await isCertain(String(Number(begin) - 1)), false, "another process had this id before");
});

test("treats the file of an ended server as stale", async () => {
  const path = join(folder, "stale.json");
  const ended = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(ended, "exit");
  await writeServerFile(path, described(ended.pid ?? 0));
  assert.equal(findServerFile(path), null);
});

test("leaves another server's file alone", async () => {
  const path = join(folder, "other.json");
  await writeServerFile(path, described(process.pid));
  await removeServerFile(path, Number(String(process.pid).slice(0, -1)));
  assert.deepEqual(findServerFile(path), { ...described(process.pid), isCertain: false });
});
