import { fieldWords } from "./field-words.ts";
import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { IssueType, ScalarField, SetField } from "../../domain/operation.ts";
import { nameOf, notDescribed, type SourceContext } from "../source-context.ts";
import { readText } from "./text-words.ts";
import { unknownWord } from "./unknown-word.ts";

/** An issue type by its name. Throws `invalid_input` for an unknown one, `unsupported` for one that cannot be created here. */
export function readType(written: unknown, source: SourceContext): IssueType {
  const name = readText(written, "type").trim();
  if (source.form === null) throw notDescribed(source.config, source.tracker);
  const type = source.types.find((one) => foldName(one.name) === foldName(name));
  const creatable = source.types.filter((one) => one.creatable).map((one) => one.name);
  if (type === undefined) throw unknownWord("type", name, creatable, nameOf(source));
  if (type.creatable) return type;
  throw new PanopticonError("unsupported", `A ${type.name} cannot be created in ${nameOf(source)}.`, {
    hint: `Available: ${creatable.join(", ")}.`,
    candidates: creatable,
  });
}

/** The default type of a new issue. */
export function defaultType(source: SourceContext): IssueType {
  if (source.form === null) throw notDescribed(source.config, source.tracker);
  const type = source.types.find((one) => one.creatable);
  if (type !== undefined) return type;
  throw new PanopticonError("unsupported", `No issues can be created in ${nameOf(source)}.`);
}

/** Whether issues of this type have a shared field; decided by the tracker's capabilities if the type does not say. */
export function hasField(source: SourceContext, type: string, field: ScalarField | SetField): boolean {
  const { capabilities, writing } = source.tracker;
  if (field === "title" || field === "body" || field === "state") return true;
  if (field === "type") return writing.type;
  const own = source.types.find(({ name }) => name === type)?.has;
  if (own !== undefined) return own.includes(field);
  if (field === "assignees") return true;
  return field === "cycle" ? capabilities.cycles : capabilities[field];
}

/** Throws `unsupported`, in plain words, if issues of this type do not have the field. */
export function requireField(source: SourceContext, type: string, field: ScalarField | SetField): void {
  if (hasField(source, type, field)) return;
  const { label } = source.tracker;
  if (field === "type") {
    throw new PanopticonError("unsupported", `The type of an issue in ${label} cannot be changed from here.`, {
      hint: `Change it in ${label}, or create a new issue.`,
    });
  }
  const byKind = source.types.some(({ name, has }) => name === type && has !== undefined);
  throw new PanopticonError(
    "unsupported",
    byKind ? `A ${type} in ${label} has no ${fieldWords[field]}.` : `Issues in ${label} have no ${fieldWords[field]}.`,
  );
}
