import type { NativeDraft } from "../../src/domain/operation.ts";

/** A new issue with only a title. */
export const blankDraft: NativeDraft = {
  title: "A new issue",
  body: "",
  type: null,
  stateId: null,
  nativePriority: null,
  labels: [],
  assigneeIds: [],
  cycleId: null,
  dueDate: null,
  estimate: null,
  parent: null,
  fields: {},
};
