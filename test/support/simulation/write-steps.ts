import fc from "fast-check";
import type { Fault } from "../../../emulators/emulator.ts";

/** A step on the user's side, on the tracker's, or in between. Numbers select among what exists at that moment. */
export type SimulatedStep =
  | {
      readonly kind: "rename" | "rewrite" | "write-both" | "move" | "label" | "assign" | "comment" | "relate";
      readonly issue: number;
      readonly pick: number;
    }
  | { readonly kind: "create"; readonly pick: number }
  | { readonly kind: "drop" | "retry" | "resolve"; readonly pick: number }
  | {
      readonly kind: "their-title" | "their-state" | "their-comment" | "their-delete";
      readonly issue: number;
      readonly pick: number;
    }
  | { readonly kind: "their-create" }
  | { readonly kind: "wait"; readonly ms: number }
  | {
      readonly kind: "deliver" | "sync";
      readonly fault: Fault | null;
      readonly crash: { readonly calls: number; readonly after: boolean } | null;
    };

/** Often the same few issues, because changes are most easily lost when several affect one issue. */
const index = fc.oneof({ weight: 1, arbitrary: fc.nat({ max: 1 }) }, { weight: 1, arbitrary: fc.nat({ max: 1000 }) });

const writeFault: fc.Arbitrary<Fault> = fc
  .record({
    kind: fc.constantFrom(
      "reset",
      "server-error",
      "truncate",
      "malformed-json",
      "secondary-limit",
      "rate-limit",
      "lost-answer",
      "error-after",
      "drop",
    ),
    after: fc.nat({ max: 2 }),
    times: fc.integer({ min: 1, max: 3 }),
    // Mostly writes, because otherwise faults would hit mostly reads.
    method: fc.constantFrom("POST", "POST", "PATCH", null),
  })
  .map(({ method, ...each }) => (method === null ? each : { ...each, method }))
  .map((each): Fault =>
    each.kind === "server-error"
      ? { ...each, value: 503 }
      : each.kind.endsWith("limit")
        ? { ...each, value: 90 }
        : each,
  );

const one = <Kind extends SimulatedStep["kind"]>(...kinds: Kind[]) =>
  fc.record({ kind: fc.constantFrom(...kinds), issue: index, pick: index });

/** A step of a simulation; local changes and deliveries are the most frequent. */
const simulatedStep: fc.Arbitrary<SimulatedStep> = fc.oneof(
  { weight: 8, arbitrary: one("rename", "rewrite", "write-both", "move", "label", "assign", "comment", "relate") },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("create" as const), pick: index }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("drop" as const, "retry" as const, "resolve" as const), pick: index }),
  },
  { weight: 3, arbitrary: one("their-title", "their-state", "their-comment") },
  { weight: 1, arbitrary: one("their-delete") },
  { weight: 1, arbitrary: fc.constant({ kind: "their-create" as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 200_000 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("deliver" as const, "deliver" as const, "sync" as const),
      fault: fc.option(writeFault, { freq: 8 }),
      crash: fc.option(fc.record({ calls: fc.integer({ min: 1, max: 25 }), after: fc.boolean() }), { freq: 3 }),
    }),
  },
);

/** The steps of one simulation. */
export const simulatedSteps = fc.array(simulatedStep, { minLength: 4, maxLength: 30, size: "max" });
