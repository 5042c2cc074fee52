import { argumentError, inputError } from "./errors.ts";
import { compareText } from "./state.ts";

export type PageArguments = {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly includeArchived?: boolean | null;
  readonly orderBy?: "createdAt" | "updatedAt" | null;
  /** Internal to Linear; rejected. */
  readonly sort?: unknown;
};

type Dated = { readonly id: string; readonly createdAt: number; readonly updatedAt: number };

export type Connection<T> = {
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

const defaultPageSize = 50;
const maxPageSize = 250;

/** Page size and direction; rejects what Linear rejects. */
export function readPageSize(args: PageArguments): { readonly size: number; readonly backwards: boolean } {
  if (args.sort !== null && args.sort !== undefined) throw new Error("The emulator does not know the argument `sort`.");
  for (const property of ["first", "last"] as const) {
    const value = args[property];
    if (value === null || value === undefined) continue;
    if (value > maxPageSize)
      throw argumentError(property, { max: `${property} must not be greater than ${maxPageSize}` });
    if (value < 1) throw argumentError(property, { min: `${property} must not be less than 1` });
  }
  const backwards =
    typeof args.last === "number" || (typeof args.before === "string" && typeof args.first !== "number");
  return { size: (backwards ? args.last : args.first) ?? defaultPageSize, backwards };
}

/** A connection over a short list: newest first by `orderBy`, with ids as cursors. */
export function connect<T extends Dated>(items: readonly T[], args: PageArguments): Connection<T> {
  const { size, backwards } = readPageSize(args);
  const key = args.orderBy ?? "createdAt";
  const sorted = items.toSorted((a, b) => b[key] - a[key] || compareText(b.id, a.id));
  const place = (cursor: string): number => {
    const index = sorted.findIndex((item) => item.id === cursor);
    if (index === -1) throw invalidCursor();
    return index;
  };
  let from = typeof args.after === "string" ? place(args.after) + 1 : 0;
  let to = typeof args.before === "string" ? place(args.before) : sorted.length;
  if (backwards) from = Math.max(from, to - size);
  else to = Math.min(to, from + size);
  return toConnection(sorted.slice(from, to), (item) => item.id, from > 0, to < sorted.length);
}

export function toConnection<T>(
  nodes: readonly T[],
  cursorOf: (item: T) => string,
  hasPreviousPage: boolean,
  hasNextPage: boolean,
): Connection<T> {
  const [start, end] = [nodes[0], nodes.at(-1)];
  return {
    nodes,
    get edges() {
      return nodes.map((node) => ({ cursor: cursorOf(node), node }));
    },
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: start === undefined ? null : cursorOf(start),
      endCursor: end === undefined ? null : cursorOf(end),
    },
  };
}

export function invalidCursor(): Error {
  return inputError("Invalid cursor", "The cursor does not belong to this list.");
}
