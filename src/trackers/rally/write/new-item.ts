import { PanopticonError } from "../../../domain/error.ts";
import { type NativeDraft, newLabelName } from "../../../domain/operation.ts";
import type { OperationMark } from "../../tracker.ts";
import { toWireValue } from "../attributes.ts";
import { kindOfItem, toStateAttributes } from "./item-kind.ts";
import { toParentAttributes } from "./item-parent.ts";
import { markdownToHtml } from "../text/markdown-to-html.ts";
import { toMarker } from "../marker.ts";
import type { ProjectScope } from "../scope.ts";
import type { ArtifactType } from "../workflow.ts";
import { estimateOf, toCycleAttributes } from "./write-plan.ts";
import type { Attributes } from "./write-client.ts";
import type { RallyParts } from "../parts.ts";

/** The type of a draft, by default the first that can be created. Throws `invalid_input`. */
export function typeOfDraft({ type }: NativeDraft, types: readonly ArtifactType[]): ArtifactType {
  const found =
    type === null ? types.find(({ isCreatable }) => isCreatable) : types.find(({ label }) => label === type);
  if (found !== undefined) return found;
  throw new PanopticonError("invalid_input", `Rally has no type "${type ?? ""}" of items.`, {
    tracker: "rally",
    field: "type",
    candidates: types.map(({ label }) => label),
  });
}

/** A new item's attributes: the whole draft except tags that do not exist yet. Throws `invalid_input` and `unsupported`. */
export async function toNewItem(
  parts: RallyParts,
  { workspace, project }: ProjectScope,
  draft: NativeDraft,
  type: ArtifactType,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<Attributes> {
  const { client } = parts;
  const { kind, path } = type;
  const [owner] = draft.assigneeIds;
  const tags = draft.labels.filter(({ id }) => newLabelName(id) === null);
  const parent = draft.parent?.nativeId ?? null;
  if (kind === "task" && parent === null) {
    throw new PanopticonError("invalid_input", "A task in Rally must belong to a story or a defect.", {
      tracker: "rally",
      field: "parent",
      hint: "Choose the story or defect it belongs to.",
    });
  }
  return {
    Name: draft.title,
    Description: markdownToHtml(draft.body, client.baseUrl) + toMarker(mark.id),
    // A task is in the project of its story.
    ...(kind === "task" ? {} : { Project: { _ref: `/project/${project}` } }),
    ...(draft.stateId === null ? {} : toStateAttributes(draft.stateId, path)),
    ...(kind === "defect" && draft.nativePriority !== null ? { Priority: draft.nativePriority } : {}),
    ...(tags.length === 0 ? {} : { Tags: tags.map(({ id }) => ({ _ref: `/tag/${id}` })) }),
    ...(owner === undefined ? {} : { Owner: { _ref: `/user/${owner}` } }),
    ...(draft.cycleId === null || kind === "task" ? {} : toCycleAttributes(draft.cycleId, kind, null)),
    ...(draft.estimate === null || kind === "portfolio" ? {} : { [estimateOf(kind)]: draft.estimate }),
    ...(parent === null ? {} : await toParentAttributes(parts, workspace, { kind, present: null }, parent, signal)),
    ...(await toOwnAttributes(parts, workspace, type, draft.fields, signal)),
  };
}

/** The workspace's own fields in Rally's format. Throws `invalid_input` for one that the type does not have. */
export async function toOwnAttributes(
  { client, places }: RallyParts,
  workspace: string,
  type: ArtifactType,
  fields: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<Attributes> {
  const names = Object.keys(fields);
  if (names.length === 0) return {};
  const attributes = await places.attributesOf(workspace, type, signal);
  return Object.fromEntries(
    names.map((name) => {
      const attribute = attributes.find(({ ElementName }) => ElementName === name);
      if (attribute === undefined) {
        throw new PanopticonError("invalid_input", `${type.label} has no field "${name}" in Rally.`, {
          tracker: "rally",
          field: name,
          hint: "The workspace's fields may have changed. Try again in a while.",
        });
      }
      return [name, toWireValue(attribute, fields[name], client.baseUrl)];
    }),
  );
}

/** The type of an existing item, by its state. */
export function typeOfItem(stateId: string, types: readonly ArtifactType[]): ArtifactType {
  const { path } = kindOfItem({ stateId });
  const found = types.find((type) => type.path === path);
  if (found !== undefined) return found;
  throw new PanopticonError("invalid_input", `Rally has no type "${path}" of items.`, {
    tracker: "rally",
    hint: "The types may have changed. Try again in a while.",
  });
}
