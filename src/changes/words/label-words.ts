import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { Label } from "../../domain/issue.ts";
import { isTypingMistake } from "../../domain/nearest-word.ts";
import { type LabelRef, newLabelId, newLabelName } from "../../domain/operation.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { findByName, shorten, unknownWord } from "./unknown-word.ts";

/** The labels an issue has, by id and name; one whose name is not known yet is left out. */
export function namedLabels(ids: readonly string[], labels: readonly Label[]): LabelRef[] {
  const names = new Map(labels.map(({ id, name }) => [id, name]));
  return ids.flatMap((id) => {
    const name = names.get(id) ?? newLabelName(id);
    return name === null ? [] : [{ id, name }];
  });
}

/**
 * A label by its written name. One that the source lacks is a new one where the tracker makes labels by using them, unless it looks like a typing mistake.
 * Throws `invalid_input` otherwise.
 */
export function readLabel(written: string, labels: readonly Label[], source: SourceContext): LabelRef {
  const found = findByName("label", written, labels);
  if (found !== undefined) return { id: found.id, name: found.name };
  const names = labels.map(({ name }) => name);
  if (!source.tracker.writing.newLabels) throw unknownWord("label", written, names, nameOf(source));
  const near = names.find((name) => isTypingMistake(written, name));
  if (near === undefined) return toNewLabel(written);
  throw new PanopticonError("invalid_input", `There is no label “${shorten(written)}” in ${nameOf(source)}.`, {
    hint: `Did you mean “${near}”? A new label must not be that similar to an existing one.`,
    candidates: [near],
  });
}

/** A label of the issue by its written name; null for a known one that the issue does not have. */
export function readOwnLabel(
  written: string,
  own: readonly LabelRef[],
  labels: readonly Label[],
  source: SourceContext,
): LabelRef | null {
  const found = findByName("label", written, own);
  if (found !== undefined) return found;
  if (findByName("label", written, labels) !== undefined) return null;
  throw unknownWord(
    "label",
    written,
    own.map(({ name }) => name),
    nameOf(source),
  );
}

/** A label that a status or a priority stands for; made where it is missing. */
export function labelOfName(name: string, labels: readonly Label[]): LabelRef {
  const found = labels.find((label) => foldName(label.name) === foldName(name));
  return found === undefined ? toNewLabel(name) : { id: found.id, name: found.name };
}

/** Labels with some added and some, by name, taken away. */
export function changeLabels(
  own: readonly LabelRef[],
  add: readonly LabelRef[],
  remove: readonly string[],
): readonly LabelRef[] {
  const gone = new Set(remove.map(foldName));
  const kept = own.filter(({ name }) => !gone.has(foldName(name)));
  const has = new Set(kept.map(({ name }) => foldName(name)));
  return [...kept, ...add.filter(({ name }) => !has.has(foldName(name)))];
}

/** Labels with those that come and go, by name, when an issue is given what they stand for. */
export function withMeaning(
  own: readonly LabelRef[],
  move: { readonly addLabels: readonly string[]; readonly removeLabels: readonly string[] },
  known: readonly Label[],
): readonly LabelRef[] {
  return changeLabels(
    own,
    move.addLabels.map((name) => labelOfName(name, known)),
    move.removeLabels,
  );
}

function toNewLabel(name: string): LabelRef {
  return { id: newLabelId(name), name };
}
