import { z } from "zod";

/**
 * What later writes need to know about an item, in the base's single field for it: Rally's `VersionId`, the operation that created it, and what Markdown cannot
 * express of its description.
 */
export type Version = {
  readonly id: string | null;
  readonly mark: string | null;
  readonly unsayable: readonly string[];
};

const Written = z.array(z.string().nullable());

/** The plain number if there is nothing else. */
export function writeVersion({ id, mark, unsayable }: Version): string | null {
  return mark === null && unsayable.length === 0 ? id : JSON.stringify([id, mark, ...unsayable]);
}

export function readVersion(version: string | null): Version {
  if (!version?.startsWith("[")) return { id: version, mark: null, unsayable: [] };
  const [id = null, mark = null, ...unsayable] = Written.parse(JSON.parse(version));
  return { id, mark, unsayable: unsayable.filter((words) => words !== null) };
}
