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
 * Passes on the results of a search in one project. A search refuses a missing project as an invalid query, with a message in the account's language; therefore
 * the project itself is then requested, and `not_found` thrown if it is missing.
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
