/**
 * A query's selection as data, from which both its text and its complexity are computed. A string is a scalar; `first` makes it a connection, and `fields` are
 * those of its nodes.
 */
type Field =
  | string
  | {
      readonly name: string;
      /** Arguments in addition to `first`, as GraphQL text. */
      readonly args?: string;
      readonly first?: number | "$first";
      readonly paged?: boolean;
      readonly fields: readonly Field[];
    };

export type Selection = readonly Field[];

const page: Selection = ["hasNextPage", "endCursor"];

/** The selection as GraphQL text. */
export function toText(selection: Selection): string {
  return selection
    .map((field) => {
      if (typeof field === "string") return field;
      const args = [field.first === undefined ? "" : `first: ${field.first}`, field.args ?? ""].filter(Boolean);
      const head = args.length === 0 ? field.name : `${field.name}(${args.join(", ")})`;
      const inner = toText(field.fields);
      if (field.first === undefined) return `${head} { ${inner} }`;
      return `${head} { nodes { ${inner} }${field.paged ? ` pageInfo { ${toText(page)} }` : ""} }`;
    })
    .join(" ");
}

/**
 * A query's complexity by Linear's rule: a scalar 0.1, an object 1, a connection `first` times its content. https://linear.app/developers/rate-limiting does
 * not say whether `pageInfo` is multiplied; this assumes it is.
 */
export function pointsOf(selection: Selection, first: number): number {
  return selection.reduce((sum: number, field) => {
    if (typeof field === "string") return sum + 0.1;
    const inner = 1 + pointsOf(field.fields, first);
    if (field.first === undefined) return sum + inner;
    const times = field.first === "$first" ? first : field.first;
    return sum + 1 + times * (inner + (field.paged ? 1 + pointsOf(page, first) : 0));
  }, 0);
}

/** Linear refuses a query above this complexity. */
export const maxPoints = 10_000;

const largestPage = 250;

/** The largest page size `$first` within Linear's complexity limit. */
export function pageSizeFor(selection: Selection): number {
  const fixed = pointsOf(selection, 0);
  const perNode = pointsOf(selection, 1) - fixed;
  return Math.max(1, Math.min(largestPage, Math.floor((maxPoints - fixed) / perNode)));
}
