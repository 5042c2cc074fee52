import type { WireRequest } from "../server/http-server.ts";
import type { Project, ProjectPermission, User, Workspace } from "./records.ts";
import type { RallyState } from "./state.ts";

/** Who is asking, as the API key tells. */
export type Account = {
  readonly key: string;
  readonly user: User;
  readonly sees: (place: Project | Workspace) => boolean;
  /** Whether the user may change what lies in the project: an editor or administrator of it. */
  readonly edits: (project: Project) => boolean;
  /** Whether the key itself was made for reading only: every other request is answered with 401. https://knowledge.broadcom.com/external/article/127054 */
  readonly isReadOnly: boolean;
};

export type Access = {
  readonly full: Account;
  readonly other: Account;
  /** A viewer with a key for reading only, who sees the first project alone. */
  readonly weak: Account;
  /** null: the key is none of ours, or there is none. */
  identify(request: WireRequest, by?: "header" | "cookie"): Account | null;
};

/**
 * The full and the other user see and edit the company's workspace; the weak one may look at its first project. `viewer` has a full key of the same user, `reader`
 * a key for reading only of the full one.
 */
export function createAccess(state: RallyState): Access {
  const [first, second, third] = state.users;
  const [main, sandbox] = state.workspaces;
  if (!first || !second || !third || !main || !sandbox) throw new Error("The seed has too few users or workspaces.");
  const roleOf = (user: User, project: Project) => roleIn(state, user, project);
  const account = (name: string, user: User, isReadOnly = false): Account => ({
    key: `_rally_emulator_${name}`,
    user,
    sees: (place) =>
      "workspace" in place
        ? !place.isHidden && roleOf(user, place) !== undefined
        : place === sandbox || state.projects.some((one) => one.workspace === place && roleOf(user, one) !== undefined),
    edits: (project) => ["Admin", "Editor"].includes(roleOf(user, project) ?? ""),
    isReadOnly,
  });
  const full = account("full", first);
  const other = account("other", second);
  const weak = account("weak", third, true);
  const all = [full, other, weak, account("viewer", third), account("reader", first, true)];
  return {
    full,
    other,
    weak,
    identify(request, by = "header") {
      const { zsessionid = "", cookie = "" } = request.headers;
      const key = by === "header" ? zsessionid : /(?:^|;\s*)ZSESSIONID=([^;]*)/.exec(cookie)?.[1];
      return all.find((one) => one.key === key) ?? null;
    },
  };
}

/** Everybody edits everything; the first user administers, the third one may look at the first project and what lies below it. */
function roleIn({ users, projects }: RallyState, user: User, project: Project): ProjectPermission["role"] | undefined {
  if (user === users[0]) return "Admin";
  if (user !== users[2]) return "Editor";
  return rootOf(project) === projects[0] ? "Viewer" : undefined;
}

function rootOf(project: Project): Project {
  return project.parent === null ? project : rootOf(project.parent);
}

export function permissionsOf(state: RallyState): readonly ProjectPermission[] {
  return state.projects.flatMap((project) =>
    state.users.flatMap((user, index): ProjectPermission[] => {
      const role = roleIn(state, user, project);
      return role === undefined ? [] : [{ oid: project.oid * 100 + index, user, project, role }];
    }),
  );
}
