import fc from "fast-check";

/** Often the first two issues, since the third has to be created first. */
const issue = fc.nat({ max: 2 });
const pick = fc.nat({ max: 5 });

/** What becomes of the next requests that write. */
export const fates = ["taken", "taken", "refused", "limited", "unreachable", "answer lost", "held"] as const;

/** A change of the user, an event at the tracker, or one in between. Numbers select among what exists at that moment. */
export const act = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom("title", "body", "mention", "label", "assignee", "move", "title and body"),
      issue,
      pick,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom("due date", "estimate", "priority", "parent", "cycle"), issue, pick }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom("comment", "edit comment", "delete comment"), issue, pick }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("relate", "unrelate"), issue, pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("create"), issue, pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("undo", "drop", "retry"), issue, pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("their title", "their body", "their comment"), issue, pick }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("poll", "open", "restart"), issue, pick }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("deliver"), issue, pick, fate: fc.constantFrom(...fates) }),
  },
);

export type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;
