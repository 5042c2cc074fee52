import type { WireRequest } from "../server/http-server.ts";
import type { Project, ProjectPermission, User, Workspace } from "./records.ts";
import type { RallyState } from "./state.ts";

/** The account behind an API key. */
export type Account = {
  readonly key: string;
  readonly user: User;
  readonly sees: (place: Project | Workspace) => boolean;
  /** Whether the user may change the project's content, as its editor or administrator. */
  readonly edits: (project: Project) => boolean;
  /** Whether the key is read-only: every other request is answered with 401. https://knowledge.broadcom.com/external/article/127054 */
  readonly isReadOnly: boolean;
};

export type Access = {
  readonly full: Account;
  readonly other: Account;
  /** A viewer with a read-only key, who sees only the first project. */
  readonly weak: Account;
  /** null: unknown or missing key. */
  identify(request: WireRequest, by?: "header" | "cookie"): Account | null;
};

/**
 * The full and the other user see and edit the company's workspace; the weak one may view its first project. `viewer` has a full key of the same user, `reader`
 * a read-only key of the full one.
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

/** Everyone may edit everything; the first user administers, the third may view the first project and its descendants. */
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
