import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Source } from "../tracker.ts";
import type { JiraClient } from "./client.ts";

export function projectNotFound(source: Pick<Source, "key">): PanopticonError {
  return new PanopticonError(
    "not_found",
    `The project ${source.key} does not exist, or the account has no access to it.`,
    {
      tracker: "jira",
      hint: "Check jira_project in projects.yaml: it is the part before the hyphen in the project's issue keys. The account needs permission to browse the project.",
    },
  );
}

/**
 * Passes on what a search of one project gives. A search refuses a project that is not there (any more) as a bad query, in the words and the language
 * of the account; so the project itself is asked then, and `not_found` thrown.
 */
export async function* inProject<T>(
  client: JiraClient,
  source: Source,
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    if (!isPanopticonError(error) || (error.code !== "invalid_input" && error.code !== "forbidden")) throw error;
    if ((await client.findProject(source.nativeId ?? source.key, signal)) === null) throw projectNotFound(source);
    throw error;
  }
}
