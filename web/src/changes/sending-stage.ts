import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { ApiError } from "../api/client.ts";
import { inventedIssue } from "../board/data/invented-board.ts";
import { createChangeStore } from "./change-store.ts";
import type { ChangeGroup, Edit } from "./change-group.ts";
import type { SendingParts } from "./changes.ts";
import { createChanges } from "./send-changes.ts";

/** A page's changes without a page: nothing is painted until `settle`, and the server answers as `parts` say. */
export function setUp(parts: Partial<SendingParts> = {}) {
  const store = createChangeStore(() => 1);
  const groups: ChangeGroup[] = [];
  const failures: { what: string; edit: Edit | undefined; error: ApiError }[] = [];
  const paints: (() => void)[] = [];
  const changes = createChanges({
    store,
    edit: async (address, patch) => answerTo(address, patch),
    editAll: async (addresses, patch) =>
      addresses.map((address) => ({ ref: address, issue: answerTo(address, patch), problem: null })),
    undo: async () => [],
    unsent: { keep: () => undefined, forget: () => undefined },
    onUndoFailure: (group, error) => failures.push({ what: group.what, edit: undefined, error }),
    afterPaint: (work) => paints.push(work),
    untilReachable: async () => undefined,
    choose: async () => null,
    onGroup: (group) => groups.push(group),
    onWaiting: () => undefined,
    onFailure: (group, edit, error) => failures.push({ what: group.what, edit, error }),
    ...parts,
  });
  const settle = async () => {
    for (let round = 0; round < 20; round += 1) {
      for (const paint of paints.splice(0)) paint();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { store, groups, failures, paints, changes, settle };
}

let operations = 0;
/** The server's answer to an edit. */
export function answerTo(ref: string, patch: IssuePatch): IssueShape {
  operations += 1;
  return inventedIssue(ref, {
    ...(patch.title !== undefined && { title: patch.title }),
    sync: { state: "pending", reason: null, operation: operations, waitsUntil: null },
  });
}

/** An edit of a title. */
export function titled(ref: string, title: string): Edit {
  return { issue: inventedIssue(ref), patch: { title }, shown: { title } };
}
