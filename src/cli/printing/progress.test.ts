import assert from "node:assert/strict";
import { test } from "node:test";
import type { SyncEvent } from "../../sync/sync-engine.ts";
import { createOutput } from "./output.ts";
import { followProgress } from "./progress.ts";

function follow(isTTY: boolean, meanwhile?: string) {
  let text = "";
  const stream = { isTTY, columns: 80, write: (part: string) => ((text += part), true) };
  const listeners = new Set<(event: SyncEvent) => void>();
  const out = createOutput({ streams: { stdout: stream, stderr: stream }, env: { NO_COLOR: "1" } });
  const on = (listener: (event: SyncEvent) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const progress = followProgress(out, { on }, meanwhile);
  return {
    progress,
    listeners,
    text: () => text,
    emit: (source: string, done: number, total: number | null, finished = false) => {
      for (const listener of listeners) listener({ type: "progress", connection: "c", source, done, total, finished });
    },
  };
}

test("on a terminal, one line follows the syncs", () => {
  const { emit, text, progress, listeners } = follow(true);
  emit("hub:a/b", 1200, 4000);
  assert.ok(text().endsWith("hub:a/b 1,200 of about 4,000"));
  emit("lin:APP", 300, null);
  assert.ok(text().endsWith("hub:a/b 1,200 of about 4,000 · lin:APP 300"));
  emit("hub:a/b", 4100, 4000, true);
  assert.match(text(), /hub:a\/b: 4,100 read\n/);
  progress.end();
  assert.equal(listeners.size, 0);
});

test("in a pipe, one line per finished source", () => {
  const { emit, text } = follow(false);
  emit("hub:a/b", 1200, 4000);
  emit("hub:a/b", 4000, 4000, true);
  assert.equal(text(), "hub:a/b: 4,000 read\n");
});

test("shows the waiting line immediately, and whenever no large sync is running", () => {
  const { emit, text, progress } = follow(true, "Syncing hub…");
  assert.equal(text(), "Syncing hub…");
  emit("hub:a/b", 3, null);
  assert.ok(text().endsWith("Syncing hub…"));
  emit("hub:a/b", 300, null);
  assert.ok(text().endsWith("hub:a/b 300"));
  emit("hub:a/b", 300, null, true);
  assert.ok(text().endsWith("Syncing hub…"));
  progress.end();
  assert.ok(text().endsWith("\r\u001B[2K"), "nothing is left of it");
});

test("polls print nothing", () => {
  const { emit, text } = follow(false);
  emit("hub:a/b", 3, null);
  emit("hub:a/b", 3, null, true);
  assert.equal(text(), "");
});
