import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { Label } from "../../domain/issue.ts";
import { isTypingMistake } from "../../domain/nearest-word.ts";
import { type LabelRef, newLabelId, newLabelName } from "../../domain/operation.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { findByName, shorten, unknownWord } from "./unknown-word.ts";

/** An issue's labels by id and name; leaves out those with an unknown name. */
export function namedLabels(ids: readonly string[], labels: readonly Label[]): LabelRef[] {
  const names = new Map(labels.map(({ id, name }) => [id, name]));
  return ids.flatMap((id) => {
    const name = names.get(id) ?? newLabelName(id);
    return name === null ? [] : [{ id, name }];
  });
}

/**
 * A label by its written name. An unknown name becomes a new label if the tracker creates labels on use, unless it looks like a typo. Throws `invalid_input`
 * otherwise.
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

/** A label of the issue by its written name; null for a known label that the issue does not have. */
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

/** The label for a status or a priority; a new one if it is missing. */
export function labelOfName(name: string, labels: readonly Label[]): LabelRef {
  const found = labels.find((label) => foldName(label.name) === foldName(name));
  return found === undefined ? toNewLabel(name) : { id: found.id, name: found.name };
}

/** Adds labels and removes others by name. */
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

/** Adds and removes labels, by name, as required by a move or a priority. */
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
