import type { WireReply, WireRequest } from "../server/http-server.ts";
import { badRequest } from "./replies.ts";

/**
 * A request's body, validated like Grape does: all values of the wrong type are reported together; unknown parameters are ignored. undefined: not sent; null:
 * sent empty.
 */
export type BodyParams = {
  has(name: string): boolean;
  text(name: string): string | null | undefined;
  integer(name: string): number | null | undefined;
  choice<T extends string>(name: string, values: readonly T[]): T | undefined;
  /** A list, or comma-separated text. */
  list(name: string): readonly string[] | undefined;
  integers(name: string): readonly number[] | undefined;
  /** Records a missing parameter as a problem. */
  require(name: string): void;
  refuse(problem: string): void;
  /** The 400 response with all problems; null if there are none. */
  refusal(): WireReply | null;
};

/** Reads JSON and forms. Returns the refusal for any other body. */
export function readBody(request: WireRequest): BodyParams | WireReply {
  const values = parse(request);
  if (values === null) return badRequest(["message body does not match declared format"]);
  // GitLab's front end rejects NUL characters, which no database accepts.
  if (/\\u0000/.test(request.body) || request.body.includes("\0")) {
    return { status: 400, headers: { "Content-Type": "text/plain" }, body: "Bad Request" };
  }
  const problems: string[] = [];
  const has = (name: string) => Object.hasOwn(values, name);
  const invalid = (name: string) => {
    problems.push(`${name} is invalid`);
    return undefined;
  };

  const integerOf = (value: unknown): number | null =>
    /^-?\d{1,15}$/.test(String(value)) && (typeof value === "string" || typeof value === "number")
      ? Number(value)
      : null;
  const listOf = (name: string): readonly string[] | undefined => {
    if (!has(name)) return undefined;
    const value = values[name];
    const parts = Array.isArray(value) ? value : value === null ? [] : [value];
    if (parts.some((part) => typeof part !== "string" && typeof part !== "number")) return invalid(name);
    return parts.flatMap((part) =>
      String(part)
        .split(",")
        .map((text) => text.trim())
        .filter((text) => text !== ""),
    );
  };

  return {
    has,
    text(name) {
      if (!has(name)) return undefined;
      const value = values[name];
      if (value === null) return null;
      // A text parameter accepts any scalar.
      return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? String(value)
        : invalid(name);
    },
    integer(name) {
      if (!has(name)) return undefined;
      const value = values[name];
      if (value === null || value === "") return null;
      return integerOf(value) ?? invalid(name);
    },
    choice(name, known) {
      if (!has(name)) return undefined;
      const found = known.find((one) => one === values[name]);
      if (found === undefined) problems.push(`${name} does not have a valid value`);
      return found;
    },
    list: listOf,
    integers(name) {
      const parts = listOf(name);
      if (parts === undefined) return undefined;
      const numbers = parts.map(integerOf);
      return numbers.every((one) => one !== null) ? numbers : invalid(name);
    },
    require(name) {
      if (!has(name)) problems.push(`${name} is missing`);
    },
    refuse: (problem) => void problems.push(problem),
    refusal: () => (problems.length === 0 ? null : badRequest(problems)),
  };
}

function parse({ headers, body }: WireRequest): Record<string, unknown> | null {
  if (body === "") return {};
  if ((headers["content-type"] ?? "").includes("application/x-www-form-urlencoded")) {
    const form = new URLSearchParams(body);
    return Object.fromEntries(
      [...new Set(form.keys())].map((name) => {
        const all = form.getAll(name);
        return name.endsWith("[]") ? [name.slice(0, -2), all] : [name, all.at(-1)];
      }),
    );
  }
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
