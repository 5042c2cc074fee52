import type { WireReply, WireRequest } from "../server/http-server.ts";
import { messageReply } from "./replies.ts";

type FieldType = "string" | "integer" | "boolean" | "array" | "null";

/** The keys a call accepts and the types of each. */
export type BodyShape = Readonly<Record<string, readonly FieldType[]>>;

export type Body = Readonly<Record<string, unknown>>;

/** Reads a JSON body as GitHub does: 400 for invalid JSON; 422 for unknown keys, wrong types and missing keys. */
export function readBody(
  request: WireRequest,
  shape: BodyShape,
  required: readonly string[],
  documentation: string,
): { readonly body: Body } | { readonly refusal: WireReply } {
  const refuse = (status: number, message: string) => ({ refusal: messageReply(status, message, documentation) });
  let value: unknown;
  try {
    value = request.body === "" ? {} : JSON.parse(request.body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(400, "Problems parsing JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(400, "Body should be a JSON object");
  }
  const body = value as Record<string, unknown>;
  for (const [key, own] of Object.entries(body)) {
    const types = shape[key];
    if (types === undefined) return refuse(422, `Invalid request.\n\n"${key}" is not a permitted key.`);
    const type = typeOf(own);
    if (!types.some((one) => one === type)) {
      return refuse(
        422,
        `Invalid request.\n\nFor 'properties/${key}', ${JSON.stringify(own)} is not ${article(types[0])}.`,
      );
    }
  }
  const missing = required.find((key) => !(key in body));
  return missing === undefined ? { body } : refuse(422, `Invalid request.\n\n"${missing}" wasn't supplied.`);
}

function typeOf(value: unknown): FieldType | "other" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "string" || typeof value === "boolean") return typeof value as "string" | "boolean";
  return Number.isInteger(value) ? "integer" : "other";
}

function article(type: FieldType | undefined): string {
  return type === "integer" || type === "array" ? `an ${type}` : `a ${type ?? "value"}`;
}

/** The texts of a list; null if it contains anything else. Labels and people may also be objects. */
export function namesOf(list: unknown, key: "name" | "login"): string[] | null {
  if (!Array.isArray(list)) return null;
  const names = list.map((one: unknown) =>
    typeof one === "string" ? one : typeof one === "object" && one !== null ? (one as Body)[key] : null,
  );
  return names.every((name) => typeof name === "string") ? names : null;
}

/** A value as text, for error messages and names. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
