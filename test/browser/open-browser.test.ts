import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { eventually } from "../support/stage.ts";

const script = `
  import { openBrowser } from ${JSON.stringify(new URL("open-browser.ts", import.meta.url).href)};
  const { context } = await openBrowser();
  setInterval(() => undefined, 1000);
  console.log("open");
`;

test("a process that has a browser open ends when told to, together with the browser", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  const browsers = childrenOf(child.pid ?? 0);
  assert.notEqual(browsers.length, 0, "it has started a browser");

  child.kill("SIGTERM");
  assert.deepEqual(await ended, [null, "SIGTERM"]);
  await eventually(() => (browsers.some(isRunning) ? undefined : true), "the browser has ended");
});

/** The running child processes of a process. */
function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && readStat(pid)?.parent === parent);
}

/** A zombie is not running. */
function isRunning(pid: number): boolean {
  return !["Z", undefined].includes(readStat(pid)?.state);
}

function readStat(pid: number): { readonly state: string; readonly parent: number } | null {
  try {
    // The name in the middle may contain anything.
    const [state = "", parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}
