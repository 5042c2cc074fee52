import assert from "node:assert/strict";
import type { FaultRow } from "../fault-row.ts";
import { changeFew, changeMany } from "./several-pages.ts";

const always = Number.POSITIVE_INFINITY;

export const answerRows: readonly FaultRow[] = [
  {
    name: "a burst of 5xx",
    strike({ emulator, dice }) {
      emulator.faults.add({ kind: "server-error", value: [500, 502, 503, 504][dice(4)] ?? 503, times: always });
    },
    lastsMs: 100_000,
    says: /responded with 50\d\./,
  },
  {
    name: "a body that trickles",
    strike(stage) {
      changeFew(stage);
      stage.emulator.faults.add({ kind: "trickle", value: 20, times: 2 });
      // Longer than the deadline.
      stage.emulator.faults.add({ kind: "trickle", value: 200 });
    },
    lastsMs: 100_000,
  },
  {
    name: "a reset in the middle of a page",
    strike(stage) {
      changeMany(stage);
      stage.emulator.faults.add({ kind: "reset", after: stage.dice(2), times: always });
    },
    lastsMs: 100_000,
    says: /The connection to \S+ was lost\./,
  },
  {
    name: "truncated JSON",
    strike(stage) {
      changeFew(stage);
      stage.emulator.faults.add({ kind: "truncate", after: stage.dice(2), times: always });
    },
    lastsMs: 100_000,
    says: /The connection to \S+ was lost\./,
  },
  {
    name: "malformed JSON",
    strike(stage) {
      changeFew(stage);
      stage.emulator.faults.add({ kind: "malformed-json", after: stage.dice(2), times: always });
    },
    lastsMs: 100_000,
    says: /responded with incomplete JSON\./,
  },
  {
    name: "a record that lacks a field",
    strike({ emulator: { world } }) {
      const [one, two, three] = world.issues();
      for (const issue of [one, two]) world.malform(issue?.nativeId ?? "", "missing-field");
      world.malform(three?.nativeId ?? "", "wrong-type");
      for (const issue of [one, two, three]) world.edit(issue?.nativeId ?? "", { body: "not to be read for now" });
    },
    lastsMs: 100_000,
    async during(stage) {
      const { sources, health } = await stage.shown();
      assert.equal(health, "ok");
      assert.equal(sources[0]?.rejected, 3);
      const { stderr } = await stage.home.here(["status"]);
      assert.match(stderr, /3 records could not be read and are not shown\./);
    },
    // The issues are repaired without any other change.
    mend({ emulator: { world } }) {
      for (const { nativeId } of world.issues()) world.malform(nativeId, null);
    },
    sweeps: true,
  },
  {
    name: "a renamed field in every answer",
    strike(stage) {
      changeFew(stage);
      const { faults } = stage.emulator;
      faults.add({ kind: "renamed-field", field: stage.subject.listField, times: always });
    },
    lastsMs: 100_000,
    sweeps: true,
  },
];
