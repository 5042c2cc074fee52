import type { IssueType, LabelRef, NativeDraft } from "../../domain/operation.ts";
import type { Status } from "../../domain/status.ts";
import type { IssueDraft } from "../changes.ts";
import { changeLabels, readLabel, withMeaning } from "../words/label-words.ts";
import { nameField } from "../words/name-field.ts";
import { readPriority } from "../words/priority-words.ts";
import type { SourceContext } from "../source-context.ts";
import { readDestination } from "../words/status-words.ts";
import { readNames, readText } from "../words/text-words.ts";
import { requireField } from "../words/type-words.ts";

export type DraftPlacing = Pick<NativeDraft, "stateId" | "nativePriority" | "labels"> & {
  /** The local status in a shadowed project. */
  readonly ownStatus: Status | null;
};

/** Reads labels, status and priority of a new issue; a status or a priority may be represented by a label. */
export async function readDraftPlacing(
  draft: Pick<IssueDraft, "labels" | "status" | "priority">,
  type: IssueType,
  source: SourceContext,
): Promise<DraftPlacing> {
  const { labels: known } = await source.vocabulary();
  let labels: readonly LabelRef[] = await nameField("labels", () =>
    changeLabels(
      [],
      readNames(draft.labels, "labels").map((name) => readLabel(name, known, source)),
      [],
    ),
  );
  const { stateId, ownStatus } = await nameField("status", readState);
  const nativePriority = await nameField("priority", readOwnPriority);
  if (labels.length > 0) await nameField("labels", () => requireField(source, type.name, "labels"));
  return { stateId, ownStatus, nativePriority, labels };

  async function readState(): Promise<{ stateId: string | null; ownStatus: Status | null }> {
    if (draft.status === undefined) return { stateId: null, ownStatus: null };
    const placed = { type: type.name, stateId: "", labels: names() };
    const { moves, status } = await readDestination(readText(draft.status, "status").trim(), placed, source);
    const [move] = moves;
    if (source.config.shadow || move === undefined) return { stateId: null, ownStatus: status };
    labels = withMeaning(labels, move, known);
    return { stateId: move.stateId, ownStatus: null };
  }

  async function readOwnPriority(): Promise<string | null> {
    if (draft.priority === undefined) return null;
    const move = await readPriority(draft.priority, { nativePriority: null, labels: names() }, source);
    if (move === null) return null;
    requireField(source, type.name, "priority");
    if (move.kind === "native") return move.nativePriority;
    labels = withMeaning(labels, move, known);
    return null;
  }

  function names(): readonly string[] {
    return labels.map(({ name }) => name);
  }
}
