import { z } from "zod";

/** How often a schema has been used, and its compiled form once compiling paid off. */
type Use = { count: number; compiled: z.ZodType | null };

const uses = new WeakMap<z.ZodType, Use>();

/**
 * Returns the schema compiled to code once it has been used `often` times. The compiled form parses in half the time and reports the same errors, but compiling
 * takes as long as parsing some hundred records, a number most polls never reach. https://zod.dev/compile
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
