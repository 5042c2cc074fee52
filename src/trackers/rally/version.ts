import { z } from "zod";

/**
 * What later writes have to know of an item, in the one place that its base has for that: Rally's `VersionId`, the operation that made it, and what of its
 * description markdown cannot say.
 */
export type Version = {
  readonly id: string | null;
  readonly mark: string | null;
  readonly unsayable: readonly string[];
};

const Written = z.array(z.string().nullable());

/** The plain number where there is nothing else to say. */
export function writeVersion({ id, mark, unsayable }: Version): string | null {
  return mark === null && unsayable.length === 0 ? id : JSON.stringify([id, mark, ...unsayable]);
}

export function readVersion(version: string | null): Version {
  if (!version?.startsWith("[")) return { id: version, mark: null, unsayable: [] };
  const [id = null, mark = null, ...unsayable] = Written.parse(JSON.parse(version));
  return { id, mark, unsayable: unsayable.filter((words) => words !== null) };
}
