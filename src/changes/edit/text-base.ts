import type { FieldValue } from "../../domain/operation.ts";
import type { TextBase } from "../changes.ts";
import { requireKnownKeys } from "../words/known-keys.ts";
import { nameField } from "../words/name-field.ts";
import { readText } from "../words/text-words.ts";

/** Validates the texts that an edit started from. Throws `invalid_input` for anything else. */
export async function checkBase(written: unknown): Promise<TextBase> {
  if (written === undefined) return {};
  return nameField<TextBase>("base", () => {
    requireKnownKeys(written, ["title", "body"], "base");
    const { title, body } = written as Readonly<Record<string, unknown>>;
    return {
      ...(title !== undefined && { title: readText(title, "title in the base") }),
      ...(body !== undefined && { body: readText(body, "body in the base") }),
    };
  });
}

/** The text that an edit started from; a base that differs from the shown text only in line ends and trailing space counts as the shown text. */
export function readBase(base: TextBase, field: keyof TextBase, shown: FieldValue): FieldValue {
  const began = base[field];
  return began === undefined || plain(began) === plain(String(shown ?? "")) ? shown : began;
}

function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
