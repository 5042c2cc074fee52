import type { FieldValue } from "../../domain/operation.ts";
import type { TextBase } from "../changes.ts";
import { requireKnownKeys } from "../words/known-keys.ts";
import { nameField } from "../words/name-field.ts";
import { readText } from "../words/text-words.ts";

/** The texts that an edit says it began with. Throws `invalid_input` for what is none. */
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

/** What an edit of a text began with; a base that differs from what is shown in nothing but its line ends and the space after it is what is shown. */
export function readBase(base: TextBase, field: keyof TextBase, shown: FieldValue): FieldValue {
  const began = base[field];
  return began === undefined || plain(began) === plain(String(shown ?? "")) ? shown : began;
}

function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
