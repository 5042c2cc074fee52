import assert from "node:assert/strict";
import { test } from "node:test";
import { shortNames } from "./short-names.ts";

test("shortens a path to its last segment if that is unique", () => {
  assert.deepEqual(shortNames(["acme/portal", "group/sub/billing", "Booking", "Input / Output"]), [
    "portal",
    "billing",
    "Booking",
    "Input / Output",
  ]);
  assert.deepEqual(shortNames(["acme/app", "fork/app", "acme/"]), ["acme/app", "fork/app", "acme/"]);
});
