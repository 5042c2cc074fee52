/** An attribute's value, before it is written as JSON or compared in a query. */
export type Cell =
  | { readonly kind: "plain"; readonly value: string | number | boolean | null }
  /** In milliseconds, or null. */
  | { readonly kind: "time"; readonly at: number | null }
  /** One of an ordered list of values. */
  | { readonly kind: "word"; readonly value: string; readonly order: readonly string[] }
  | { readonly kind: "reference"; readonly entity: Entity | null }
  | {
      readonly kind: "collection";
      readonly type: string;
      readonly count: number;
      readonly entities: () => readonly Entity[];
    };

/** An object of the Web Services API. */
export type Entity = {
  readonly type: EntityType;
  readonly oid: number;
  /** The `_refObjectName`. */
  readonly name: string;
  readonly version: number;
  /** undefined: the type has no such attribute. */
  cell(attribute: string): Cell | undefined;
  /** A record that its schema rejects. */
  readonly malformed?: "missing-field" | "wrong-type" | null;
};

/** A type; `PortfolioItem/Feature` has the path `portfolioitem/feature`. */
export type EntityType = {
  readonly name: string;
  readonly path: string;
  readonly attributes: readonly string[];
};

export type Reader<T> = Readonly<Record<string, (record: T) => Cell>>;

export const plain = (value: string | number | boolean | null): Cell => ({ kind: "plain", value });
export const time = (at: number | null): Cell => ({ kind: "time", at });
export const reference = (entity: Entity | null): Cell => ({ kind: "reference", entity });

/** Creates a type's objects from its records, always the same object for the same record. */
export function defineType<T extends { readonly oid: number }>(
  name: string,
  readers: Reader<T>,
  about: {
    readonly name: (record: T) => string;
    readonly version?: (record: T) => number;
    readonly malformed?: (record: T) => "missing-field" | "wrong-type" | null;
  },
): { readonly type: EntityType; readonly of: (record: T) => Entity } {
  const all: Reader<T> = { ObjectID: (record) => plain(record.oid), ...readers };
  const type: EntityType = { name, path: name.toLowerCase(), attributes: Object.keys(all) };
  return {
    type,
    of: (record) => ({
      type,
      oid: record.oid,
      name: about.name(record),
      version: about.version?.(record) ?? 1,
      malformed: about.malformed?.(record) ?? null,
      cell: (attribute) => (Object.hasOwn(all, attribute) ? all[attribute]?.(record) : undefined),
    }),
  };
}
