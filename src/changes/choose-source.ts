import { PanopticonError } from "../domain/error.ts";
import { nearestWord } from "../domain/nearest-word.ts";
import type { SourceRow } from "../store/store.ts";

/** The one source that a project, a source's id or its key mean. Throws `invalid_input` with what there is to choose from. */
export function chooseSource(
  { project, source }: { readonly project?: string | undefined; readonly source?: string | undefined },
  rows: readonly SourceRow[],
): SourceRow {
  const inProject = project === undefined ? rows : rows.filter(({ config }) => config.project === project);
  if (project !== undefined && inProject.length === 0) {
    throw unknown(
      "project with a source",
      project,
      rows.map(({ config }) => config.project),
    );
  }
  const found = source === undefined ? inProject : inProject.filter(({ config }) => isCalled(config, source));
  const [only, ...others] = found;
  if (source !== undefined && only === undefined) {
    throw unknown(
      "source",
      source,
      inProject.flatMap(({ config }) => [config.id, config.key]),
    );
  }
  if (only !== undefined && others.length === 0) return only;
  const where = project === undefined ? "" : ` in the project ${project}`;
  throw new PanopticonError(
    "invalid_input",
    found.length === 0
      ? "No project has a source to make an issue in."
      : `There are ${found.length} sources${where}: say which one.`,
    {
      hint:
        found.length === 0
          ? "pan project add adds one."
          : `They are: ${found.map(({ config }) => config.id).join(", ")}.`,
      candidates: found.map(({ config }) => config.id),
    },
  );
}

function isCalled({ id, key }: SourceRow["config"], written: string): boolean {
  return id === written || key.toLowerCase() === written.toLowerCase();
}

function unknown(noun: string, written: string, known: readonly string[]): PanopticonError {
  const words = [...new Set(known)];
  const nearest = nearestWord(written, words);
  return new PanopticonError("not_found", `There is no ${noun} called “${written}”.`, {
    hint: nearest === undefined ? `There are: ${words.join(", ")}.` : `Did you mean “${nearest}”?`,
    candidates: nearest === undefined ? words : [nearest],
  });
}
