import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SourceForm } from "../../src/store/sources/source-row.ts";
import { openTestStore } from "./open-test-store.ts";
import { makeIssue, makePage, makeSource, mapping, sourceInfo, vocabulary } from "./store-fixtures.ts";
import { alpha, beta } from "./test-trackers.ts";
import { systemClock } from "../../src/domain/clock.ts";
import { PanopticonError } from "../../src/domain/error.ts";
import type { NativeIssue } from "../../src/domain/issue.ts";
import type { Mapping } from "../../src/domain/mapping.ts";
import type { FieldSpec, MoveChoice } from "../../src/domain/operation.ts";
import type { SourceConfig } from "../../src/domain/source.ts";
import { resolveRef } from "../../src/server/find/resolve-ref.ts";
import type { Queued } from "../../src/store/outbox/outbox.ts";
import type { Store } from "../../src/store/store.ts";
import type { ChangeBy, Changes, ChangeTracker } from "../../src/changes/changes.ts";
import { createChanges } from "../../src/changes/create-changes.ts";

export const you: ChangeBy = { actor: { kind: "user" }, session: "browser 1" };

/** Alpha creates labels on use and has multiple assignees; Beta's moves depend on its workflow, it has one assignee, and an epic that cannot be created. */
const trackers: readonly (ChangeTracker & typeof alpha)[] = [
  { ...alpha, capabilities: { ...alpha.capabilities, dueDate: true, estimate: true } },
  {
    ...beta,
    writing: {
      ...beta.writing,
      assignees: "one",
      newLabels: false,
      choices: true,
      type: true,
      relations: ["blocks", "blocked_by", "duplicates"],
      comments: { edit: true, delete: false, reply: false },
    },
  },
];

const severity: FieldSpec = {
  id: "severity",
  name: "Severity",
  kind: "choice",
  required: true,
  options: [
    { id: "s1", name: "Crash" },
    { id: "s2", name: "Cosmetic" },
  ],
};

const forms: Record<string, SourceForm> = {
  alpha: {
    types: [{ name: "issue", creatable: true, needsParent: false, fields: [] }],
    writable: { allowed: true, reason: null },
  },
  beta: {
    types: [
      {
        name: "Story",
        creatable: true,
        needsParent: false,
        fields: [],
        has: ["priority", "parent", "labels", "assignees", "cycle"],
      },
      { name: "Bug", creatable: true, needsParent: false, fields: [severity] },
      { name: "Task", creatable: true, needsParent: true, fields: [] },
      { name: "Epic", creatable: false, needsParent: false, fields: [] },
    ],
    writable: { allowed: null, reason: null },
  },
};

const workflow: Mapping = {
  statusRules: [
    { stateId: "open", status: "backlog", origin: "detected" },
    { stateId: "doing", status: "in_progress", origin: "detected" },
    { stateId: "stuck", status: "in_progress", origin: "detected" },
    { stateId: "closed", status: "done", origin: "detected" },
    { stateId: "dropped", status: "canceled", origin: "detected" },
  ],
  priorityRules: [
    { nativePriority: "high", priority: 2 },
    { nativePriority: "low", priority: 4 },
  ],
};

export type ChangesStage = {
  readonly store: Store;
  readonly changes: Changes;
  readonly changed: Pick<Queued, "change">[];
  /** The response of Beta's workflow; set by tests. */
  readonly asked: { choices: readonly MoveChoice[] | "down"; readonly states: string[][] };
  id(ref: string): Promise<number>;
  /** An issue's newest operation. */
  operation(ref: string): ReturnType<Store["outbox"]["get"]>;
  close(): Promise<void>;
};

/** The service over a real store with issues of two trackers: `app#1` to `app#4` of Alpha, `MIN-1` to `MIN-3` of Beta. */
export async function openChangesStage(
  part: {
    readonly source?: Partial<SourceConfig>;
    readonly beta?: Partial<SourceConfig>;
    readonly form?: Partial<SourceForm>;
    readonly alpha?: Partial<NativeIssue>;
  } = {},
): Promise<ChangesStage> {
  const folder = mkdtempSync(join(tmpdir(), "pan-changes-"));
  const store = await openTestStore(join(folder, "mirror.db"));
  const source = (tracker: string, key: string, more: Partial<SourceConfig>) =>
    makeSource(key, { id: `${tracker}:${key}`, tracker, connection: tracker, project: "app", ...more });
  await store.sources.reconcile([
    source("alpha", "acme/app", { refPrefix: "app", ...part.source }),
    source("beta", "MIN", { refPrefix: "", ...part.beta }),
  ]);
  const states = [...vocabulary.states, { id: "doing", name: "Doing", category: "open", position: 4 }];
  const stuck = { id: "stuck", name: "Stuck", category: "open", position: 5 };
  for (const row of await store.sources.list()) {
    const isAlpha = row.config.tracker === "alpha";
    const form = forms[row.config.tracker];
    if (form === undefined) throw new Error("every tracker has a form");
    await store.sources.saveSchema(row.id, {
      info: { ...sourceInfo, id: row.config.key, ...(!isAlpha && { name: "Minutes" }) },
      vocabulary: isAlpha ? vocabulary : { ...vocabulary, states: [...states, stuck] },
      mapping: isAlpha ? { ...mapping, priorityRules: [{ label: "P0", priority: 1 }] } : workflow,
      form: isAlpha ? { ...form, ...part.form } : form,
      at: 1,
    });
    const make = (number: number, more: Partial<NativeIssue> = {}) =>
      isAlpha
        ? makeIssue(number, { relations: [], ...more })
        : makeIssue(number, { nativeId: `m${number}`, key: `MIN-${number}`, type: "Story", relations: [], ...more });
    await store.mirror.applyPage(
      row.id,
      makePage([
        make(1, isAlpha ? part.alpha : {}),
        make(2),
        make(3, { labelIds: ["l-bug"], assigneeIds: ["p-ann"] }),
        make(4),
      ]),
    );
  }
  await store.sources.saveAccount("alpha", { id: "p-ben", login: "ben", name: "Ben Bell" });
  const changed: Pick<Queued, "change">[] = [];
  const asked: ChangesStage["asked"] = { choices: [], states: [] };
  const resolve = (ref: string) => resolveRef(ref, { trackers, board: store.board });
  const changes = createChanges({
    store,
    trackers,
    clock: systemClock,
    resolve,
    sync: {
      changed: (queued) => void changed.push(queued),
      async moveChoices(_issueId, stateIds) {
        asked.states.push([...stateIds]);
        const { choices } = asked;
        if (choices === "down") throw new PanopticonError("unreachable", "Beta does not answer.");
        return choices.filter(({ stateId }) => stateIds.includes(stateId));
      },
    },
  });
  const id = async (ref: string) => (await resolve(ref)).id;
  return {
    store,
    changes,
    changed,
    asked,
    id,
    async operation(ref) {
      const [newest] = await store.outbox.listOf(await id(ref));
      if (newest === undefined) throw new Error(`${ref} has no operation`);
      return newest;
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
