import type { WireReply } from "../server/http-server.ts";
import { labelFault, offScreen, readValue, type Setting, type ValueContext } from "./field-values.ts";
import type { Properties } from "./records.ts";
import { errorReply } from "./replies.ts";
import type { ScreenField } from "./screens.ts";

/** A syntactically valid request to change an issue. */
export type Asked = {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly update: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly properties: Properties;
  readonly transition: string | null;
};

const parts = ["fields", "update", "properties", "transition", "historyMetadata"];

/** null if the body is not such a request. */
export function readAsked(text: string): Asked | null {
  const body = readRecord(text);
  if (body === null || Object.keys(body).some((key) => !parts.includes(key))) return null;
  const fields = body["fields"] === undefined ? {} : recordOf(body["fields"]);
  const update = body["update"] === undefined ? {} : recordOf(body["update"]);
  const properties = readProperties(body["properties"] ?? []);
  const transition = body["transition"] === undefined ? null : recordOf(body["transition"]);
  if (fields === null || update === null || properties === null) return null;
  if (body["transition"] !== undefined && typeof transition?.["id"] !== "string") return null;
  const operations: Record<string, Record<string, unknown>[]> = {};
  for (const [id, list] of Object.entries(update)) {
    const own = Array.isArray(list) ? list.map(recordOf) : [null];
    if (own.some((one) => one === null || Object.keys(one).length !== 1)) return null;
    operations[id] = own.filter((one) => one !== null);
  }
  return { fields, update: operations, properties, transition: transition === null ? null : String(transition["id"]) };
}

/** A list of keys and values; null if an entry is invalid. Values are objects. https://developer.atlassian.com/server/jira/platform/entity-properties/ */
export function readProperties(value: unknown): Properties | null {
  if (!Array.isArray(value)) return null;
  const found: Properties = new Map();
  for (const one of value.map(recordOf)) {
    const key = one?.["key"];
    const own = recordOf(one?.["value"]);
    if (typeof key !== "string" || key.length > 255 || own === null) return null;
    found.set(key, own);
  }
  return found;
}

/** The changes a request makes, in order, or Jira's error if a field is invalid. */
export function readChanges(
  asked: Asked,
  screen: readonly ScreenField[],
  context: ValueContext,
): { readonly settings: readonly Setting[] } | { readonly refusal: WireReply } {
  const settings: Setting[] = [];
  const errors: Record<string, string> = {};
  let message: string | null = null;
  const take = (id: string, value: unknown) => {
    const read = readValue(id, value, context);
    if (typeof read === "function") settings.push(read);
    else if (read.about === "field") errors[id] = read.message;
    else message = read.message;
  };
  for (const [id, value] of Object.entries(asked.fields)) {
    const field = screen.find(({ info }) => info.id === id);
    if (field === undefined) errors[id] = offScreen(id);
    else if (id in asked.update) errors[id] = `Field '${id}' cannot be in 'fields' and in 'update'.`;
    else take(id, value);
  }
  for (const [id, operations] of Object.entries(asked.update)) {
    const field = screen.find(({ info }) => info.id === id);
    if (field === undefined) errors[id] = offScreen(id);
    else {
      for (const operation of operations) {
        const [verb = "", value] = Object.entries(operation)[0] ?? [];
        if (!field.operations.includes(verb)) {
          errors[id] =
            `Field '${id}' does not support operation '${verb}'. Supported operation(s) are: ${field.operations.map((one) => `'${one}'`).join(", ")}`;
        } else if (verb === "set") take(id, value);
        else {
          const wrong = labelFault(value);
          if (wrong !== null) errors[id] = wrong;
          else settings.push(toLabels(verb, String(value)));
        }
      }
    }
  }
  if (message !== null) return { refusal: errorReply(400, [message]) };
  if (Object.keys(errors).length > 0) return { refusal: errorReply(400, [], errors) };
  return { settings };
}

/** Adding an existing label and removing a missing one do nothing. */
function toLabels(verb: string, label: string): Setting {
  return (issue) => {
    const others = issue.labels.filter((one) => one !== label);
    if (verb === "remove") issue.labels = others;
    else if (!issue.labels.includes(label)) issue.labels = [...issue.labels, label];
  };
}

/** Jira's error for required fields of a screen that the request omits; null if none. */
export function missingFields(asked: Asked, screen: readonly ScreenField[]): WireReply | null {
  const errors: Record<string, string> = {};
  for (const { info, required, hasDefault } of screen) {
    const isGiven = info.id in asked.fields || info.id in asked.update;
    if (required && !hasDefault && !isGiven) errors[info.id] = `${info.name} is required.`;
  }
  return Object.keys(errors).length === 0 ? null : errorReply(400, [], errors);
}

export function readRecord(text: string): Record<string, unknown> | null {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return null;
  }
}

export function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}
