import { PanopticonError } from "../../domain/error.ts";
import { foldName } from "../../domain/fold-name.ts";
import type { FieldSpec } from "../../domain/operation.ts";
import { nameField } from "./name-field.ts";
import { readPerson } from "./person-words.ts";
import { nameOf, type SourceContext } from "../source-context.ts";
import { readDay, readNames, readNumber, readText } from "./text-words.ts";
import { findByName, unknownWord } from "./unknown-word.ts";

/**
 * Reads the tracker's own fields, written by id or name, as ids and native values: a choice as its option's id, a person as theirs. `specs` are the known
 * fields; null if the tracker could not be asked, and values are taken as written. Throws `invalid_input`.
 */
export async function readOwnFields(
  written: unknown,
  specs: readonly FieldSpec[] | null,
  source: SourceContext,
): Promise<ReadonlyMap<string, unknown>> {
  const fields = new Map<string, unknown>();
  if (written === undefined) return fields;
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    throw new PanopticonError("invalid_input", "The tracker's own fields are not an object of ids and values.");
  }
  for (const [key, value] of Object.entries(written)) {
    const spec = specs?.find(({ id, name }) => id === key || foldName(name) === foldName(key));
    if (spec !== undefined) fields.set(spec.id, await nameField(spec.id, () => readValue(value, spec, source)));
    else if (specs === null) fields.set(key, value);
    else throw unknownField(key, specs, source);
  }
  return fields;
}

function unknownField(key: string, specs: readonly FieldSpec[], source: SourceContext): PanopticonError {
  const known = specs.flatMap(({ id, name }) => (name === id ? [id] : [name, id]));
  const { code, message, hint, candidates } = unknownWord("field", key, known, nameOf(source));
  return new PanopticonError(code, message, { hint, candidates, field: key });
}

/** Required fields without a value. */
export function missingFields(specs: readonly FieldSpec[], fields: ReadonlyMap<string, unknown>): FieldSpec[] {
  return specs.filter(({ id, required }) => required && isEmpty(fields.get(id)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** A field with several values accepts a single one without a list. */
function toList(value: unknown): unknown {
  return typeof value === "string" ? [value] : value;
}

async function readValue(value: unknown, spec: FieldSpec, source: SourceContext): Promise<unknown> {
  const { name, kind, options } = spec;
  if (value === null) return null;
  const option = (text: string) => {
    // Trackers that do not list a field's options validate them themselves.
    if (options.length === 0) return text;
    const found = findByName("value", text, options);
    if (found !== undefined) return found.id;
    throw unknownWord(
      "value",
      text,
      options.map((one) => one.name),
      name,
    );
  };
  switch (kind) {
    case "text":
    case "markdown":
      return readText(value, name);
    case "number":
      return readNumber(typeof value === "string" && value.trim() !== "" ? Number(value) : value, name);
    case "date":
      return readDay(value, name);
    case "choice":
      return option(readText(value, name).trim());
    case "choices":
      return readNames(toList(value), name).map(option);
    case "labels":
      return readNames(toList(value), name);
    case "person":
      return readPerson(readText(value, name).trim(), (await source.vocabulary()).people, source);
    case "people": {
      const { people } = await source.vocabulary();
      return Promise.all(readNames(toList(value), name).map((one) => readPerson(one, people, source)));
    }
  }
}
