import { z } from "zod";

/** How often a schema has been used, and what it was compiled into once that paid. */
type Use = { count: number; compiled: z.ZodType | null };

const uses = new WeakMap<z.ZodType, Use>();

/**
 * The schema as code made for it, which reads in half the time and refuses in the same words, once it has been used `often`: making the code takes as long as reading
 * some hundred records, which most polls never do. https://zod.dev/compile
 */
export function compiledWhenUsed<T>(schema: z.ZodType<T>, often: number): z.ZodType<T> {
  let use = uses.get(schema);
  if (use === undefined) uses.set(schema, (use = { count: 0, compiled: null }));
  if (use.compiled !== null) return use.compiled as z.ZodType<T>;
  use.count += 1;
  if (use.count < often) return schema;
  const compiled = z.compile(schema);
  use.compiled = compiled;
  return compiled;
}
