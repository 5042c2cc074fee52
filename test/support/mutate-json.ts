import fc from "fast-check";
import { hostileJson } from "./fuzz.ts";

/** A change of a JSON value at a place, which is an index into all of its values. */
export type Mutation = {
  readonly place: number;
  readonly kind: "drop" | "rename" | "replace" | "retype" | "wrap" | "repeat" | "pollute" | "empty" | "all";
  readonly value: unknown;
};

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom<Mutation["kind"][]>(
    "drop",
    "rename",
    "replace",
    "retype",
    "wrap",
    "repeat",
    "pollute",
    "empty",
    "all",
  ),
  value: hostileJson,
});

type Place = { readonly parent: Record<string, unknown> | unknown[]; readonly key: string | number };

/** A copy of the value with the mutations applied one after another; `all` replaces the whole value. */
export function mutateJson(value: unknown, mutations: readonly Mutation[]): unknown {
  let root: { value: unknown } = { value: structuredClone(value) };
  for (const one of mutations) {
    if (one.kind === "all" && one.place % 5 === 0) root = { value: structuredClone(one.value) };
    else {
      const places = placesOf(root);
      const place = places[one.place % places.length];
      if (place !== undefined) apply(place, one);
    }
  }
  return root.value;
}

function placesOf(root: Record<string, unknown>): Place[] {
  const found: Place[] = [];
  const look = (parent: Place["parent"]): void => {
    for (const key of Array.isArray(parent) ? parent.keys() : Object.keys(parent)) {
      found.push({ parent, key });
      const inner = (parent as Record<string | number, unknown>)[key];
      if (typeof inner === "object" && inner !== null && found.length < 5000) look(inner as Place["parent"]);
    }
  };
  look(root);
  return found;
}

function apply({ parent, key }: Place, { kind, value }: Mutation): void {
  const at = parent as Record<string | number, unknown>;
  const before = at[key];
  switch (kind) {
    case "drop":
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete at[key];
      return;
    case "rename":
      if (Array.isArray(parent)) return;
      delete at[key];
      at[`${key}_`] = before;
      return;
    case "retype":
      at[key] =
        typeof before === "number"
          ? String(before)
          : typeof before === "string"
            ? Number(before) || before.length
            : before === null
              ? []
              : typeof before === "boolean"
                ? String(before)
                : Array.isArray(before)
                  ? Object.fromEntries(before.entries())
                  : [before];
      return;
    case "wrap":
      at[key] = [{ value: before }];
      return;
    case "repeat":
      at[key] =
        typeof before === "string"
          ? before.repeat(Math.min(2000, Math.ceil(200_000 / (before.length + 1))))
          : [before, before];
      return;
    case "pollute":
      at[key] =
        typeof before === "object" && before !== null
          ? (JSON.parse(
              JSON.stringify(before).replace(/^\{/, '{"__proto__":{"polluted":true},').replace(/,\}$/, "}"),
            ) as unknown)
          : "__proto__";
      return;
    case "empty":
      at[key] = Array.isArray(before) ? [] : typeof before === "object" ? {} : "";
      return;
    case "replace":
    case "all":
      // Arbitraries may return the same object twice; inserting it twice could create a cycle with the next change.
      at[key] = structuredClone(value);
  }
}
