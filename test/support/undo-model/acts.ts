import fc from "fast-check";
import type { Fault } from "../../../emulators/emulator.ts";
import type { Subject } from "../../../src/trackers/conformance/stage.ts";

const issue = fc.nat({ max: 2 });
const pick = fc.nat({ max: 3 });
/** The outcome of the next request. */
export type Fate = (typeof fates)[number];
const fates = ["taken", "refused", "answer lost", "answer to a new one lost", "limited", "unreachable"] as const;
/** A user's act, or an event meanwhile; `pick` chooses among values or issues. */
export const act = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constantFrom("title", "body", "label", "move", "title and label"), issue, pick }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bulk" as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("comment", "edit comment", "delete comment"), issue, pick }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "create" as const }) },
  { weight: 8, arbitrary: fc.constant({ kind: "undo" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("deliver" as const),
      fate: fc.constantFrom<Fate>("taken", "refused", ...fates),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("drop", "retry"), pick }) },
);
export type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

/** The emulator fault that causes an outcome. */
export function faultsOf({ writing }: Pick<Subject, "writing">, fate: Exclude<Fate, "taken">): Fault {
  const writes = writing?.writes.at(-1) ?? { method: "POST" };
  switch (fate) {
    case "refused":
      return { kind: "server-error", value: 403, times: 1, ...writes };
    case "answer lost":
      return { kind: "lost-answer", times: 1, ...writes };
    case "answer to a new one lost":
      return { kind: "lost-answer", times: 1, ...writes, method: "POST" };
    case "limited":
      return { kind: "rate-limit", value: 90, times: 1, ...writes };
    case "unreachable":
      return { kind: "drop", times: 4 };
  }
}
