import { PanopticonError } from "../../domain/error.ts";
import type { JiraClient } from "./client.ts";
import type { User } from "./schema.ts";

/** Data Center's users: issues contain their immutable key, writes need their name. */
export type JiraPeople = {
  learn(user: User): void;
  /** Throws `invalid_input` if there is no such user. */
  nameOf(key: string, signal?: AbortSignal): Promise<string>;
};

export function createPeople(client: JiraClient): JiraPeople {
  const names = new Map<string, string>();

  function learn({ key, name }: User): void {
    if (key != null && name != null) names.set(key, name);
  }

  return {
    learn,
    async nameOf(key, signal) {
      const known = names.get(key);
      if (known !== undefined) return known;
      const user = await client.findUser(key, signal);
      if (user?.name == null) {
        throw new PanopticonError("invalid_input", `Jira has no user with the key ${key}.`, {
          tracker: "jira",
          field: "assignees",
          hint: "The person may have been removed. Choose someone else.",
        });
      }
      learn(user);
      return user.name;
    },
  };
}
