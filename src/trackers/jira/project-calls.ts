import type { z } from "zod";
import type { JiraCalls } from "./calls.ts";
import {
  CreateFields,
  type CreateType,
  CreateTypes,
  IssueTypeStatuses,
  LabelPage,
  Named,
  Permissions,
  Project,
  ProjectPage,
  User,
} from "./schema.ts";
import { fetchSprints } from "./fetch-sprints.ts";

const smallPageSize = 100;
const largePageSize = 1_000;
const metaPageSize = 200;

/** An instance can have more labels than a user would pick from; the labels of issues come with the issues. */
const maxLabelPages = 5;

/** Projects and their workflows, fields, people, sprints and permissions. */
export function createProjectCalls({ http, getSite, parse, get, share }: JiraCalls) {
  const fetchNamed = async (what: "priority" | "resolution", signal: AbortSignal | undefined) =>
    parse(Named.array(), await get(`/${what}`, {}, signal), what);

  async function fetchLabels(signal?: AbortSignal): Promise<readonly string[]> {
    const labels: string[] = [];
    for (let page = 0; page < maxLabelPages; page++) {
      const query = { startAt: labels.length, maxResults: largePageSize };
      const { values, isLast } = parse(LabelPage, await get("/label", query, signal), "label");
      labels.push(...values);
      if (isLast !== false || values.length === 0) break;
    }
    return labels;
  }

  /** Reads a complete list about new issues, whatever page size the server chooses. null for 404. */
  async function findMeta<T>(
    schema: z.ZodType<{ readonly values: readonly T[]; readonly total?: number | null | undefined }>,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<readonly T[] | null> {
    const found: T[] = [];
    for (;;) {
      const query = { startAt: found.length, maxResults: metaPageSize };
      const response = await get(path, query, signal, [404]);
      if (response.status === 404) return null;
      const { values, total } = parse(schema, response, "createmeta");
      found.push(...values);
      if (values.length === 0 || found.length >= (total ?? 0)) return found;
    }
  }

  return {
    async *fetchProjects(signal?: AbortSignal): AsyncGenerator<readonly Project[], void, undefined> {
      if (!(await getSite(signal)).isCloud) {
        yield parse(Project.array(), await get("/project", {}, signal), "project");
        return;
      }
      for (let startAt = 0; ;) {
        const query = { startAt, maxResults: smallPageSize, orderBy: "key" };
        const page = parse(ProjectPage, await get("/project/search", query, signal), "project/search");
        yield page.values;
        startAt += page.values.length;
        if (page.isLast !== false || page.values.length === 0) return;
      }
    },

    /** null if it does not exist or is not visible. */
    async findProject(idOrKey: string, signal?: AbortSignal): Promise<Project | null> {
      const response = await get(`/project/${encodeURIComponent(idOrKey)}`, {}, signal, [404]);
      return response.status === 404 ? null : parse(Project, response, "project");
    },

    /** Each issue type with the statuses of its workflow. */
    async fetchStatuses(project: string, signal?: AbortSignal) {
      const path = `/project/${encodeURIComponent(project)}/statuses`;
      return parse(IssueTypeStatuses.array(), await get(path, {}, signal), "statuses");
    },

    /** The types that the account can create, in the project's order; null if this Jira does not tell (before 8.4). */
    async findCreateTypes(project: string, signal?: AbortSignal): Promise<readonly CreateType[] | null> {
      return findMeta(CreateTypes, `/issue/createmeta/${encodeURIComponent(project)}/issuetypes`, signal);
    },

    /** The required and optional fields of a new issue of a type; null if the type does not exist. */
    async findCreateFields(project: string, typeId: string, signal?: AbortSignal): Promise<CreateFields | null> {
      const path = `/issue/createmeta/${encodeURIComponent(project)}/issuetypes/${encodeURIComponent(typeId)}`;
      const fields = await findMeta(CreateFields, path, signal);
      return fields === null ? null : fields.filter(({ id }) => id !== "");
    },

    /** Which of these permissions the account has in a project; null if Jira does not tell. */
    async findPermissions(projectId: string, keys: readonly string[], signal?: AbortSignal) {
      const query = { projectId, permissions: keys.join(",") };
      const response = await get("/mypermissions", query, signal, [400, 404]);
      if (response.status >= 400) return null;
      const { permissions } = parse(Permissions, response, "mypermissions");
      return new Map(keys.map((key) => [key, permissions[key]?.havePermission ?? null]));
    },

    fetchPriorities: (signal?: AbortSignal) => share("priorities", (own) => fetchNamed("priority", own), signal),
    fetchResolutions: (signal?: AbortSignal) => share("resolutions", (own) => fetchNamed("resolution", own), signal),

    /** Cloud: all labels of the instance. */
    fetchAllLabels: (signal?: AbortSignal) => share("labels", fetchLabels, signal),

    /** Data Center: a user by the immutable key; null if there is none. */
    async findUser(key: string, signal?: AbortSignal): Promise<User | null> {
      const response = await get("/user", { key }, signal, [404]);
      return response.status === 404 ? null : parse(User, response, "user");
    },

    async fetchAssignable(projectKey: string, signal?: AbortSignal) {
      const query = { project: projectKey, maxResults: largePageSize };
      return parse(User.array(), await get("/user/assignable/search", query, signal), "user/assignable/search");
    },

    fetchSprints: (projectKey: string, signal?: AbortSignal) => fetchSprints({ http, parse }, projectKey, signal),
  };
}
