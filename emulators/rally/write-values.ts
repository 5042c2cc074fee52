import type { Attribute } from "./attributes.ts";
import { escapeText, isRefused, keepAllowed } from "./html-whitelist.ts";

/** Why a value is rejected, in Rally's words. */
export class WriteError extends Error {}

export type Converted = string | number | boolean | null | Reference | readonly Reference[];

/** A reference to an object. */
export type Reference = { readonly type: string; readonly oid: number };

/** Reads an attribute's value as sent. Throws `WriteError`. `of`: the type's name in error messages. */
export function convert(value: unknown, attribute: Attribute, of: string, isThorough: boolean): Converted {
  const { type, label, isRequired } = attribute;
  const isMissing = value === null || (typeof value === "string" && value.trim() === "");
  if (isMissing && isRequired) throw new WriteError(`Validation error: ${of}.${label} should not be null`);
  switch (type) {
    case "STRING":
      return value === null ? null : checkWord(text(value, attribute), attribute, of);
    case "TEXT":
      return value === null ? "" : richText(text(value, attribute), attribute, of, isThorough);
    case "RATING":
    case "STATE":
      return checkWord(isMissing ? "None" : text(value, attribute), attribute, of);
    case "BOOLEAN":
      if (typeof value !== "boolean") throw cannotConvert(value, "a boolean");
      return value;
    case "INTEGER":
    case "QUANTITY":
      if (value === null) return null;
      if (typeof value !== "number" || !Number.isFinite(value)) throw cannotConvert(value, "a number");
      if (type === "INTEGER" && !Number.isInteger(value)) throw cannotConvert(value, "an integer");
      if (type === "QUANTITY" && value < 0) {
        throw new WriteError(`Validation error: ${of}.${label} should not be less than 0`);
      }
      return value;
    case "DATE":
      if (value === null) return null;
      if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/.test(value)) {
        throw new WriteError(
          `Could not parse: Cannot convert ${JSON.stringify(value)} into a date.  You must use the ISO8601 date+time format.`,
        );
      }
      return value;
    case "OBJECT":
      return value === null ? null : readReference(value);
    case "COLLECTION":
      // https://knowledge.broadcom.com/external/article/225337
      if (!Array.isArray(value)) throw new WriteError(`Could not convert: ${label} is a collection: give an array`);
      return value.map(readReference);
  }
}

function text(value: unknown, { label }: Attribute): string {
  if (typeof value !== "string") throw cannotConvert(value, `a text for ${label}`);
  return value;
}

function checkWord(value: string, { allowed, label, maxLength }: Attribute, of: string): string {
  if (allowed.length > 0 && !allowed.includes(value)) {
    throw new WriteError(
      `Could not convert: "${value}" is not a valid value for ${of}.${label}; it must be one of ${allowed.join(", ")}`,
    );
  }
  checkInput(value, `${of}.${label}`);
  checkLength(value, `${of}.${label}`, maxLength);
  return value;
}

/** Sanitises rich text and checks its length. */
export function richText(
  html: string,
  { label, maxLength }: Pick<Attribute, "label" | "maxLength">,
  of: string,
  isThorough: boolean,
): string {
  checkInput(html, `${of}.${label}`);
  const stored = keepAllowed(html, isThorough);
  checkLength(stored, `${of}.${label}`, maxLength);
  return stored;
}

function checkInput(value: string, name: string): void {
  if (!isRefused(value)) return;
  throw new WriteError(
    `Validation error: ${name} contained invalid input. Search 'HTML Whitelist' at help.rallydev.com for details.`,
  );
}

function checkLength(value: string, name: string, maxLength: number | null): void {
  if (maxLength === null || [...value].length <= maxLength) return;
  throw new WriteError(`Validation error: ${name} length is greater than the maximum length of ${maxLength}`);
}

/** The length limit applies to the escaped name: https://knowledge.broadcom.com/external/article/246296 */
export function checkTagName(name: unknown): string {
  if (typeof name !== "string" || name.trim() === "")
    throw new WriteError("Validation error: Tag.Name should not be null");
  checkInput(name, "Tag.Name");
  checkLength(escapeText(name), "Tag.Name", 32);
  return name;
}

function cannotConvert(value: unknown, what: string): WriteError {
  return new WriteError(`Could not convert: Cannot convert "${JSON.stringify(value)}" into ${what}`);
}

/** `{"_ref": "/user/123"}`, `"/user/123"`, or the whole address. */
export function readReference(value: unknown): Reference {
  const written = typeof value === "object" && value !== null && "_ref" in value ? value._ref : value;
  const found =
    typeof written === "string" ? /(?:^|\/)((?:portfolioitem\/)?[a-z]+)\/(\d+)(?:\.js)?$/i.exec(written) : null;
  if (found === null) {
    throw new WriteError(`Could not convert: Cannot parse object reference from "${JSON.stringify(value)}"`);
  }
  return { type: (found[1] ?? "").toLowerCase(), oid: Number(found[2]) };
}
