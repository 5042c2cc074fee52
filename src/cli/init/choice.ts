import type { ValidConnection } from "./tested-connection.ts";

/** A repository, team or project that can be mirrored. */
export type SourceChoice = {
  readonly connection: ValidConnection;
  /** The key in projects.yaml, such as `github_repo`. */
  readonly sourceKey: string;
  readonly key: string;
  readonly name: string;
};

/** Everything the tested credentials can see. */
export function choicesOf(connections: readonly ValidConnection[]): readonly SourceChoice[] {
  return connections.flatMap((connection) => {
    const sourceKey = connection.tracker.sourceKeys[0]?.key;
    if (sourceKey === undefined) return [];
    return connection.result.sources.map(({ key, name }) => ({ connection, sourceKey, key, name }));
  });
}

/** The chosen sources as written in projects.yaml: a value, or a list, per key. */
export function toSourceValues(chosen: readonly SourceChoice[]): Record<string, unknown> {
  const byKey = Map.groupBy(chosen, ({ sourceKey }) => sourceKey);
  return Object.fromEntries(
    [...byKey].map(([sourceKey, sources]) => {
      const keys = sources.map(({ key }) => key);
      return [sourceKey, keys.length === 1 ? keys[0] : keys];
    }),
  );
}

/** `acme/app` → `app`. */
export const lastWord = (key: string): string => key.split("/").at(-1) ?? key;

/** A project name for a source: its key, unless that has no letters. */
export function suggestName({ key, name }: Pick<SourceChoice, "key" | "name">): string {
  return /\p{L}/u.test(key) ? lastWord(key) : name;
}
