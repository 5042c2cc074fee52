import { PanopticonError } from "../../domain/error.ts";
import type { Source } from "../tracker.ts";
import type { GithubClient } from "./client.ts";
import type { Issue, Label, Milestone, User } from "./schema.ts";

export type GithubNames = ReturnType<typeof createNames>;

/**
 * Maps ids to the names that the API expects: the mirror stores ids of people and milestones, the API takes logins and numbers. Remembers the names it reads
 * and fetches unknown ones, so that a change queued before a restart still finds its names.
 */
export function createNames(client: GithubClient) {
  const logins = new Map<string, string>();
  const milestones = new Map<string, number>();
  const labels = new Map<string, string>();

  const learn = {
    people(users: readonly User[]) {
      for (const user of users) logins.set(String(user.id), user.login);
    },
    milestones(list: readonly Milestone[]) {
      for (const { id, number } of list) if (number != null) milestones.set(String(id), number);
    },
    labels(list: readonly Label[]) {
      for (const { id, name } of list) labels.set(String(id), name);
    },
    /** The people, labels and milestone of an issue. */
    issue(issue: Issue) {
      learn.people(issue.assignees ?? []);
      learn.labels(issue.labels.filter((label) => typeof label !== "string"));
      if (issue.milestone) learn.milestones([issue.milestone]);
    },
  };

  return {
    learn,

    /** A label's name, if it was read; an issue's own labels come with the issue. */
    labelOf: (id: string): string | undefined => labels.get(id),

    /** Logins by user id. Throws `invalid_input` for a user who cannot be assigned here. */
    async loginsOf(source: Source, ids: readonly string[], signal?: AbortSignal): Promise<string[]> {
      if (ids.some((id) => !logins.has(id))) learn.people(await client.fetchAssignees(source.key, signal));
      return ids.map((id) => {
        const login = logins.get(id);
        if (login !== undefined) return login;
        throw new PanopticonError("invalid_input", `GitHub has no person ${id} in ${source.key}.`, {
          tracker: "github",
          field: "assignees",
          hint: "They may have left the repository. Choose someone else.",
        });
      });
    },

    /** A milestone's number by its id. Throws `invalid_input` if the repository does not have it. */
    async milestoneOf(source: Source, id: string, signal?: AbortSignal): Promise<number> {
      if (!milestones.has(id)) learn.milestones(await client.fetchMilestones(source.key, signal));
      const number = milestones.get(id);
      if (number !== undefined) return number;
      throw new PanopticonError("invalid_input", `There is no milestone ${id} in ${source.key}.`, {
        tracker: "github",
        field: "cycle",
        hint: "It may have been deleted. Choose another one.",
      });
    },
  };
}
