import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { trackers } from "./registry.ts";

/** Folders here that are not trackers. */
const others = ["conformance", "http", "timed-list", "webhooks"];
const root = join(import.meta.dirname, "../..");
const page = "docs/adding-a-tracker.md";
const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !others.includes(entry.name))
  .map((entry) => entry.name);

it("has one line for every folder, and a folder for every line", () => {
  assert.deepEqual(
    trackers.map((tracker) => tracker.id).sort(),
    [...folders].sort(),
    "src/trackers/registry.ts has a line for each folder of a tracker; what is shared belongs into `others` of this test",
  );
});

it("has an emulator for every tracker", () => {
  for (const { id } of trackers)
    assert.ok(emulatedTrackers.includes(id), `emulators/registry.ts has no line for ${id}: ${page}`);
});

it("has the same files in every folder", () => {
  const files = [
    "index.ts",
    "client.ts",
    "schema.ts",
    "map.ts",
    "refs.ts",
    "errors.ts",
    "subject.ts",
    "webhook-reader.ts",
    "README.md",
    "glyph.svg",
    "conformance.test.ts",
  ];
  for (const folder of folders) {
    for (const file of files) {
      const path = join(import.meta.dirname, folder, file);
      assert.ok(existsSync(path), `src/trackers/${folder}/${file} is missing: ${page} says what it is`);
    }
    const faults = `test/faults/${folder}.test.ts`;
    assert.ok(existsSync(join(root, faults)), `${faults} is missing: ${page}`);
  }
});

it("has no duplicate names", () => {
  for (const names of [
    trackers.map((tracker) => tracker.id),
    trackers.map((tracker) => tracker.label),
    trackers.flatMap((tracker) => tracker.sourceKeys.map((key) => key.key)),
    trackers.flatMap((tracker) => tracker.credentialFields.flatMap((field) => field.env)),
  ]) {
    assert.equal(new Set(names).size, names.length, names.join(", "));
  }
});

it("declares every secret field to the HTTP client, and every server field has a default or is required", () => {
  for (const { id, credentialFields, http } of trackers) {
    const secrets = credentialFields.filter((field) => field.secret).map((field) => field.name);
    assert.deepEqual([...http.secretValues].sort(), secrets.sort(), id);
    assert.equal(http.tracker, id);
    const server = credentialFields.find((field) => field.name === "server");
    assert.ok(server && (server.required || server.defaultValue !== undefined), id);
  }
});

it("validates the values of source keys, by example", () => {
  for (const { sourceKeys } of trackers) {
    for (const { key, placeholder, check } of sourceKeys) {
      assert.deepEqual(check(placeholder), { ok: true }, `"check" of ${key} refuses its own placeholder`);
      for (const wrong of ["", "a b", "https://example.com/a/b", "../..", "a/b/c/"]) {
        assert.equal(check(wrong).ok, false, `"check" of ${key} takes "${wrong}", which names no source`);
      }
    }
  }
});
