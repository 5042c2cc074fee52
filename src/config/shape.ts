import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { nearestWord } from "../domain/nearest-word.ts";
import type { YamlText } from "./yaml-text.ts";

export type JsonSchema = { readonly [key: string]: unknown };

/**
 * The shape of a value in a configuration file. One definition provides the reader, the messages with their positions, and the JSON Schema for editors. `read`
 * reports problems and returns undefined for an unusable value.
 */
export type Shape<T> = {
  read(node: Node | null, text: YamlText, at: At): T | undefined;
  readonly schema: JsonSchema;
};

/** A value's position: its key, for messages, and an offset for values that have none of their own. */
type At = { readonly key: string; readonly offset: number };

/** A value with its offset, for checks that need more than the value. */
export type Located<T> = { readonly value: T; readonly offset: number };

/** The result of a check: null if the value is valid, else the end of a sentence that starts with the key. */
type Check = (value: string) => string | null;

export type TextOptions = {
  readonly description: string;
  readonly check?: Check;
  /** Added to the JSON Schema: `{ pattern: "…" }`. */
  readonly schema?: JsonSchema;
};

const offsetOf = (node: Node | null, at: At) => node?.range?.[0] ?? at.offset;

function resolved(node: Node | null, text: YamlText): Node | null {
  return isAlias(node) ? (node.resolve(text.document) ?? null) : node;
}

/** A text on one line. Plain numbers and booleans are accepted as written, because users do not quote ids. */
export function text({ description, check, schema }: TextOptions): Shape<string> {
  return {
    schema: { description, type: ["string", "number"], ...schema },
    read(given, source, at) {
      const node = resolved(given, source);
      const offset = offsetOf(given, at);
      if (!isScalar(node) || node.value === null || node.value === undefined) {
        const what = node === null || isScalar(node) ? "has no value" : "must be a single text";
        source.report("error", offset, `"${shown(at.key)}" ${what}`);
        return undefined;
      }
      const value = (typeof node.value === "string" ? node.value : (node.source ?? "")).trim();
      const wrong = value === "" ? "has no value" : check?.(value);
      if (wrong) {
        source.report("error", offset, `"${shown(at.key)}" ${wrong}`);
        return undefined;
      }
      return value;
    },
  };
}

/** One of a few words; for an unknown one, the nearest is suggested. */
export function word<const W extends string>(words: readonly W[], description: string): Shape<W> {
  return {
    schema: { description, enum: words },
    read(node, source, at) {
      const value = text({ description }).read(node, source, at);
      if (value === undefined) return undefined;
      const found = words.find((candidate) => candidate === value);
      if (found === undefined)
        source.report("error", offsetOf(node, at), `"${shown(at.key)}" ${notOneOf(value, words)}`);
      return found;
    },
  };
}

function notOneOf(value: string, words: readonly string[]): string {
  const near = nearestWord(value, words);
  const known = `must be one of ${words.join(", ")}`;
  return near === undefined ? known : `${known}; did you mean "${near}"?`;
}

/** True or false. */
export function flag(description: string): Shape<boolean> {
  return {
    schema: { description, type: "boolean" },
    read(given, source, at) {
      const node = resolved(given, source);
      if (isScalar(node) && typeof node.value === "boolean") return node.value;
      source.report("error", offsetOf(given, at), `"${shown(at.key)}" must be true or false`);
      return undefined;
    },
  };
}

/** A whole number from `minimum` to `maximum`. */
export function integer(description: string, minimum: number, maximum: number): Shape<number> {
  return {
    schema: { description, type: "integer", minimum, maximum },
    read(given, source, at) {
      const node = resolved(given, source);
      const value = isScalar(node) ? node.value : undefined;
      if (typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
      source.report(
        "error",
        offsetOf(given, at),
        `"${shown(at.key)}" must be a whole number from ${minimum} to ${maximum}`,
      );
      return undefined;
    },
  };
}

/** A value or a list of values. Invalid entries are reported and left out. */
export function oneOrMany<T>(shape: Shape<T>): Shape<readonly T[]> {
  const { description, ...one } = shape.schema;
  return {
    schema: { description, anyOf: [one, { type: "array", items: one, minItems: 1 }] },
    read(given, source, at) {
      const node = resolved(given, source);
      const nodes = isSeq<Node>(node) ? node.items : [given];
      const values = nodes.map((item) => shape.read(item, source, { ...at, offset: offsetOf(given, at) }));
      return values.filter((value) => value !== undefined);
    },
  };
}

/** A value with its position in the file. */
export function located<T>(shape: Shape<T>): Shape<Located<T>> {
  return {
    schema: shape.schema,
    read(node, source, at) {
      const value = shape.read(node, source, at);
      return value === undefined ? undefined : { value, offset: offsetOf(node, at) };
    },
  };
}

type Keys = Readonly<Record<string, Shape<unknown>>>;
type Values<K extends Keys> = { readonly [P in keyof K]?: K[P] extends Shape<infer T> ? T : never };

/** A map with known keys. Unknown keys are errors that suggest the nearest known one; the known keys are used nevertheless. */
export function record<K extends Keys>(keys: K, description = ""): Shape<Values<K>> {
  const names = Object.keys(keys);
  return {
    schema: {
      ...(description && { description }),
      type: "object",
      properties: Object.fromEntries(Object.entries(keys).map(([name, shape]) => [name, shape.schema])),
      additionalProperties: false,
    },
    read(node, source, at) {
      const entries = entriesOf(node, source, at);
      if (entries === undefined) return undefined;
      const values: Record<string, unknown> = {};
      for (const entry of entries) {
        const shape = Object.hasOwn(keys, entry.key) ? keys[entry.key] : undefined;
        if (shape === undefined) {
          const near = nearestWord(entry.key, names);
          source.report(
            "error",
            entry.offset,
            `unknown key "${shown(entry.key)}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
            near === undefined ? `Valid keys: ${names.join(", ")}.` : undefined,
          );
          continue;
        }
        const value = shape.read(entry.value, source, entry);
        if (value !== undefined) values[entry.key] = value;
      }
      return values as Values<K>;
    },
  };
}

/** A map whose keys the user chooses. */
export function mapOf<T>(
  shape: Shape<T>,
  options: { readonly description: string; readonly checkKey?: Check; readonly keySchema?: JsonSchema },
): Shape<ReadonlyMap<string, Located<T>>> {
  return {
    schema: {
      description: options.description,
      type: "object",
      ...(options.keySchema && { propertyNames: options.keySchema }),
      additionalProperties: shape.schema,
    },
    read(node, source, at) {
      const entries = entriesOf(node, source, at);
      if (entries === undefined) return undefined;
      const values = new Map<string, Located<T>>();
      for (const entry of entries) {
        const wrong = options.checkKey?.(entry.key);
        if (wrong) {
          source.report("error", entry.offset, `"${shown(entry.key)}" ${wrong}`);
          continue;
        }
        const value = shape.read(entry.value, source, entry);
        if (value !== undefined) values.set(entry.key, { value, offset: entry.offset });
      }
      return values;
    },
  };
}

type Entry = At & { readonly value: Node | null };

/** The entries of a map; `key:` without a value is an empty map. */
function entriesOf(given: Node | null, source: YamlText, at: At): Entry[] | undefined {
  const node = resolved(given, source);
  if (node === null || (isScalar(node) && node.value === null)) return [];
  if (!isMap(node)) {
    source.report("error", offsetOf(given, at), `"${shown(at.key)}" must be a map of keys and values`);
    return undefined;
  }
  return node.items.flatMap((pair) => toEntry(pair as Pair<Node, Node | null>, source, offsetOf(node, at)));
}

function toEntry(pair: Pair<Node, Node | null>, source: YamlText, offset: number): Entry[] {
  const key = resolved(pair.key, source);
  const place = pair.key?.range?.[0] ?? offset;
  if (!isScalar(key) || key.value === null || typeof key.value === "object") {
    source.report("error", place, "a key must be a word");
    return [];
  }
  const name = typeof key.value === "string" ? key.value : (key.source ?? "");
  return [{ key: name, offset: place, value: pair.value }];
}

/** A key for messages. It may be a misplaced secret, so only what looks like a key is shown completely. */
export function shown(key: string): string {
  const isShort = /^[\x20-\x7e]{1,18}$/.test(key);
  const isWords = /^[a-z]{1,14}([_-][a-z]{1,14}){1,4}$/.test(key);
  return isShort || isWords ? key : `${key.slice(0, 4).replace(/[^\w]/g, "?")}…`;
}
