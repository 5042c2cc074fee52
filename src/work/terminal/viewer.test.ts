import assert from "node:assert/strict";
import { test } from "node:test";
import { createViewer, fewUnshownBytes, maxUnshownBytes } from "./viewer.ts";

test("a viewer is full by what it has not shown or not been sent, and ready again once little of that is left", () => {
  let waiting = 0;
  const output = { reset() {}, write() {}, end() {}, waitingBytes: () => waiting };
  const viewer = createViewer(output, { columns: 80, rows: 24 });
  viewer.write(Buffer.alloc(maxUnshownBytes));
  assert.deepEqual([viewer.isFull(), viewer.isReady()], [false, false]);
  viewer.write(Buffer.alloc(1));
  assert.equal(viewer.isFull(), true);
  viewer.shown(maxUnshownBytes - fewUnshownBytes);
  assert.deepEqual([viewer.isFull(), viewer.isReady()], [false, false]);
  // What it reports as shown neither decreases nor exceeds what it was sent.
  viewer.shown(1);
  viewer.shown(maxUnshownBytes - fewUnshownBytes + 1);
  assert.equal(viewer.isReady(), true);
  viewer.shown(Number.MAX_SAFE_INTEGER);
  viewer.write(Buffer.alloc(fewUnshownBytes + 1));
  assert.equal(viewer.isReady(), false);
  viewer.shown(Number.MAX_SAFE_INTEGER);
  waiting = maxUnshownBytes + 1;
  assert.equal(viewer.isFull(), true);
});
