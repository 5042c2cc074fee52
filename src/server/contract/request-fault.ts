import { z } from "zod";
import { PanopticonError } from "../../domain/error.ts";
import { nearestWord } from "../../domain/nearest-word.ts";

type Fault = z.core.$ZodIssue & { readonly written?: string; readonly known?: readonly string[] };

const targets: ReadonlyMap<string, string> = new Map([
  ["json", "body"],
  ["query", "query"],
  ["param", "address"],
  ["tool", "tool"],
]);

const usualHint = "See GET /api/openapi.json for all calls.";
const hints: ReadonlyMap<string, string> = new Map([["tool", "See the list of tools for their parameters."]]);

/** Makes zod describe invalid values in this API's words. `Fault.written` is an unknown word, `known` are the known ones. */
export function sayFaultsInWords(): void {
  z.config({
    customError: (issue) => {
      // Stored in the issue, which `toRequestError` receives; it gets neither the schema nor the input.
      Object.assign(issue, wordsOf(issue));
      return sayFault(issue);
    },
  });
}

/** The `invalid_input` error for an invalid part of a request (`json`, `query`, `param`), or for invalid arguments of a `tool`, from zod's first issue. */
export function toRequestError(target: string, fault: Fault | undefined): PanopticonError {
  const part = targets.get(target) ?? "request";
  const path = fault?.path.map(String).join(".") ?? "";
  const key = fault?.code === "unrecognized_keys" ? fault.keys[0] : undefined;
  const near = fault?.written === undefined ? undefined : nearestWord(fault.written, fault.known ?? []);
  const field = target === "json" ? (fault?.path[0] ?? key) : undefined;
  const subject = path === "" ? `The ${part}` : `${path}:`;
  return new PanopticonError("invalid_input", `${subject} ${fault?.message ?? "cannot be read"}.`, {
    hint: near === undefined ? (hints.get(target) ?? usualHint) : `Did you mean “${near}”?`,
    ...(near !== undefined && { candidates: [near] }),
    ...(field !== undefined && { field: String(field) }),
  });
}

function wordsOf(issue: z.core.$ZodRawIssue): Pick<Fault, "written" | "known"> {
  if (issue.code === "invalid_value" && typeof issue.input === "string") {
    return { written: issue.input, known: issue.values.map(String) };
  }
  const [written] = issue.code === "unrecognized_keys" ? issue.keys : [];
  if (written === undefined) return {};
  const shape = issue.inst instanceof z.ZodObject ? (issue.inst.shape as Record<string, unknown>) : {};
  return { written, known: Object.keys(shape) };
}

/** The end of a sentence that starts with the part of the request; undefined to use zod's own message. */
function sayFault(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${kindOf(issue.expected)}${butIs(issue.input)}`;
    case "unrecognized_keys":
      return `has no “${issue.keys[0] ?? ""}”`;
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_small":
      if (Number(issue.minimum) === 1 && issue.origin !== "number" && issue.origin !== "int")
        return "must not be empty";
      if (issue.inclusive === false) return `must be more than ${issue.minimum}`;
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "invalid_format":
      if (issue.format === "date") return "must be a date such as 2026-11-22";
      if (issue.format === "datetime") return "must be a time such as 2026-11-22T10:30:00Z";
      return undefined;
    case "invalid_union":
      return sayUnion(issue.errors);
    default:
      return undefined;
  }
}

const wholes: ReadonlySet<string> = new Set(["invalid_type", "invalid_value", "invalid_union"]);

/** For a union: what is wrong with the nearest alternative, else all alternatives. */
function sayUnion(errors: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const firsts = errors.flatMap(([first]) => first ?? []);
  const near = firsts.find(({ code, path }) => path.length > 0 || !wholes.has(code));
  if (near !== undefined) return [...near.path.map(String), near.message].join(" ");
  const values = firsts.flatMap((issue) => (issue.code === "invalid_value" ? issue.values.map(String) : []));
  const others = firsts.flatMap((issue) => {
    if (issue.code === "invalid_type") return [kindOf(issue.expected)];
    return issue.code === "invalid_union" ? [issue.message.replace(/^must be /, "")] : [];
  });
  return `must be ${[...(values.length === 0 ? [] : [values.join(", ")]), ...new Set(others)].join(", or ")}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "an object"],
  ["record", "an object"],
  ["null", "null"],
]);

const kindOf = (expected: string): string => kinds.get(expected) ?? expected;

/** `, not a number`; empty if that adds nothing. */
function butIs(input: unknown): string {
  if (input === null) return ", not null";
  if (Array.isArray(input)) return ", not a list";
  return Number.isNaN(input) ? "" : `, not ${kindOf(typeof input)}`;
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}
