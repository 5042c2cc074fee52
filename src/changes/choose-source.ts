import { PanopticonError } from "../domain/error.ts";
import { foldName } from "../domain/fold-name.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import type { SourceRow } from "../store/sources/source-row.ts";

/** The one source identified by a project, or by a source's id, key or name. Throws `invalid_input` with the choices. */
export function chooseSource(
  { project, source }: { readonly project?: string | undefined; readonly source?: string | undefined },
  rows: readonly SourceRow[],
): SourceRow {
  const inProject = project === undefined ? rows : rows.filter(({ config }) => config.project === project);
  if (project !== undefined && inProject.length === 0) {
    const known = rows.map(({ config }) => config.project);
    throw unknown({ noun: "project with a source", field: "project" }, project, known);
  }
  const found = source === undefined ? inProject : findCalled(source, inProject);
  const [only, ...others] = found;
  if (source !== undefined && only === undefined) {
    throw unknown(
      { noun: "source", field: "source" },
      source,
      inProject.flatMap(({ config, info }) => [config.key, ...(info === null ? [] : [info.name]), config.id]),
      inProject.map(toWords),
    );
  }
  if (only !== undefined && others.length === 0) return only;
  const where = project === undefined ? "" : ` in the project ${project}`;
  throw new PanopticonError(
    "invalid_input",
    found.length === 0
      ? "No project has a source to create an issue in."
      : `There are ${found.length} sources${where}: choose one.`,
    {
      hint: found.length === 0 ? "Add one with pan project add." : `Available: ${found.map(toWords).join(", ")}.`,
      candidates: found.map(({ config }) => config.id),
    },
  );
}

/** By id or key; by its name in the tracker only if no key matches. */
function findCalled(written: string, rows: readonly SourceRow[]): readonly SourceRow[] {
  const folded = written.toLowerCase();
  const byKey = rows.filter(({ config: { id, key } }) => id === written || key.toLowerCase() === folded);
  return byKey.length > 0
    ? byKey
    : rows.filter(({ info }) => info !== null && foldName(info.name) === foldName(written));
}

/** `rally:67890 (Dispatch Desk)`: its id, and its name if that adds information. */
function toWords({ config, info }: SourceRow): string {
  return info === null || config.id.endsWith(`:${info.name}`) ? config.id : `${config.id} (${info.name})`;
}

/** `listed`: all choices, if there are more than the `known` words. */
function unknown(
  { noun, field }: { readonly noun: string; readonly field: string },
  written: string,
  known: readonly string[],
  listed = known,
): PanopticonError {
  const nearest = nearestWord(written, new Set(known));
  const words = [...new Set(listed)];
  return new PanopticonError("not_found", `There is no ${noun} called “${written}”.`, {
    field,
    hint: nearest === undefined ? `Available: ${words.join(", ")}.` : `Did you mean “${nearest}”?`,
    candidates: nearest === undefined ? [...new Set(known)] : [nearest],
  });
}
