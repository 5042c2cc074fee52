import type { Command } from "commander";
import { trackers } from "../../trackers/registry.ts";
import { collect } from "./options.ts";

/** Every source key of projects.yaml, with its tracker. */
export const sourceKeys = trackers.flatMap((tracker) =>
  tracker.sourceKeys.map((definition) => ({ tracker, definition })),
);

/** `github_repo` → `--github-repo`. */
export const flagOf = (key: string) => `--${key.replaceAll("_", "-")}`;

/** commander's property name for that flag: `githubRepo`. */
const optionOf = (key: string) => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Adds one repeatable flag per source key. */
export function addSourceFlags(command: Command): void {
  for (const { tracker, definition } of sourceKeys) {
    command.option(
      `${flagOf(definition.key)} <${definition.label.toLowerCase()}>`,
      `a ${tracker.label} ${definition.label.toLowerCase()}: ${definition.placeholder}; may be repeated`,
      collect,
    );
  }
}

/** The flags' values as written in projects.yaml: a value, or a list. */
export function readSourceFlags(
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | readonly string[]>> {
  return Object.fromEntries(
    sourceKeys.flatMap(({ definition }) => {
      const values = options[optionOf(definition.key)] as readonly string[] | undefined;
      const [first] = values ?? [];
      if (values === undefined || first === undefined) return [];
      return [[definition.key, values.length === 1 ? first : values] as const];
    }),
  );
}

/** A hint that lists all source flags. */
export function nameASource(command: string): string {
  const flags = sourceKeys.map(({ definition }) => `${flagOf(definition.key)} ${definition.placeholder}`);
  return `Choose what goes on the board: ${command} ${flags.join(", or ")}.`;
}
