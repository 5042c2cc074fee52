import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { after } from "../../../test/support/hooks.ts";
import { createTmux } from "./tmux.ts";

const home = mkdtempSync(join(tmpdir(), "panopticon-tmux-"));
mkdirSync(join(home, "work"));
const tmux = createTmux({ home, env: process.env, secret: new Set() });
after(async () => {
  for (const { name } of await tmux.list()) await tmux.kill(name);
  rmSync(home, { recursive: true });
});

test("a session starts even in the moment in which tmux ends with its last one", { timeout: 120_000 }, async () => {
  const start = (name: string) => tmux.start({ name, command: ["/bin/sh", "-c", "cat"], log: join(home, "log") });
  await start("agent-0");
  for (let number = 1; number <= 60; number += 1) {
    await tmux.kill(`agent-${number - 1}`);
    await start(`agent-${number}`);
    assert.deepEqual(await tmux.list(), [{ name: `agent-${number}`, dead: false, exitCode: null }]);
  }
});
