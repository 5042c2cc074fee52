import { descriptionOf, toWireBody } from "./bodies.ts";
import { inLanguage, type Language } from "./languages.ts";
import {
  type Attachment,
  type Comment,
  type Issue,
  keyOf,
  type Link,
  type Named,
  type Project,
  type Properties,
  type Sprint,
  type Status,
  type User,
} from "./records.ts";
import type { JiraState } from "./state.ts";
import { customIds, type FieldInfo, fieldInfos, sharedIds } from "./wire-fields.ts";

/** Jira's JSON: documents in v3, wiki markup in v2. */
export type Wire = {
  user(user: User): object;
  status(status: Status): object;
  project(project: Project, how: "inline" | "list" | "full"): object;
  named(kind: "priority" | "resolution", one: Named): object;
  issueType(issue: Issue["type"]): object;
  sprint(sprint: Sprint): object;
  comment(issue: Issue, comment: Comment, expand?: readonly string[]): object;
  /** `fields` as requested: names, `*all`, `*navigable`, `-name`; `properties` by key. */
  issue(shown: Issue, fields: readonly string[], properties?: readonly string[]): object;
  fields(): readonly FieldInfo[];
};

/** `2026-11-22T10:00:00.250+0000`. */
export function wireTime(time: number): string {
  return new Date(time).toISOString().replace("Z", "+0000");
}

const categories = {
  new: { id: 2, colorName: "blue-gray", name: "To Do" },
  indeterminate: { id: 4, colorName: "yellow", name: "In Progress" },
  done: { id: 3, colorName: "green", name: "Done" },
} as const;

export function createWire(state: JiraState, language: Language): Wire {
  const say = (name: string) => inLanguage(name, language);
  const { edition, baseUrl } = state;
  const isCloud = edition === "cloud";
  const api = `${baseUrl}/rest/api/${isCloud ? 3 : 2}`;
  const ids = customIds[edition];
  const users = new Map<string, object>();

  function user(one: User): object {
    const known = users.get(one.name);
    if (known) return known;
    const face = `${baseUrl}/secure/useravatar?ownerId=${one.key}`;
    const avatarUrls = Object.fromEntries(
      ["16x16", "24x24", "32x32", "48x48"].map((size) => [size, `${face}&size=${size}`]),
    );
    const made = isCloud
      ? {
          self: `${api}/user?accountId=${encodeURIComponent(one.accountId)}`,
          accountId: one.accountId,
          accountType: "atlassian",
          avatarUrls,
          displayName: one.name,
          active: true,
          timeZone: "Etc/UTC",
        }
      : {
          self: `${api}/user?username=${one.login}`,
          name: one.login,
          key: one.key,
          emailAddress: one.email,
          avatarUrls,
          displayName: one.name,
          active: true,
          timeZone: "Etc/UTC",
        };
    users.set(one.name, made);
    return made;
  }

  function status(one: Status): object {
    const category = categories[one.category];
    return {
      self: `${api}/status/${one.id}`,
      description: "",
      iconUrl: `${baseUrl}/images/icons/statuses/generic.png`,
      name: say(one.name),
      id: String(one.id),
      statusCategory: {
        self: `${api}/statuscategory/${category.id}`,
        key: one.category,
        ...category,
        name: say(category.name),
      },
    };
  }

  function named(kind: "priority" | "resolution", one: Named): object {
    return {
      self: `${api}/${kind}/${one.id}`,
      ...(kind === "priority" ? { iconUrl: `${baseUrl}/images/icons/priorities/${one.name.toLowerCase()}.svg` } : {}),
      name: say(one.name),
      id: String(one.id),
      description: one.description,
    };
  }

  function issueType(one: Issue["type"]): object {
    return {
      self: `${api}/issuetype/${one.id}`,
      id: String(one.id),
      description: one.description,
      iconUrl: `${baseUrl}/images/icons/issuetypes/${one.name.toLowerCase()}.svg`,
      name: say(one.name),
      subtask: one.subtask,
      ...(isCloud ? { hierarchyLevel: one.level } : {}),
    };
  }

  function project(one: Project, how: "inline" | "list" | "full"): object {
    const face = `${baseUrl}/secure/projectavatar?pid=${one.id}`;
    return {
      self: `${api}/project/${one.id}`,
      id: String(one.id),
      key: one.key,
      name: one.name,
      projectTypeKey: "software",
      ...(isCloud ? { simplified: one.isTeamManaged } : {}),
      avatarUrls: Object.fromEntries(
        ["16x16", "24x24", "32x32", "48x48"].map((size) => [size, `${face}&size=${size}`]),
      ),
      ...(how === "inline" || !isCloud
        ? {}
        : { style: one.isTeamManaged ? "next-gen" : "classic", isPrivate: false, properties: {} }),
      ...(how === "full"
        ? {
            description: "",
            lead: user(state.users[0] as User),
            components: [],
            issueTypes: state.types.map(issueType),
            assigneeType: "UNASSIGNED",
            versions: [],
            roles: {},
          }
        : {}),
    };
  }

  function sprint(one: Sprint): object {
    return {
      id: one.id,
      self: `${baseUrl}/rest/agile/1.0/sprint/${one.id}`,
      state: one.state,
      name: one.name,
      startDate: new Date(one.startAt).toISOString(),
      endDate: new Date(one.endAt).toISOString(),
      ...(one.state === "closed" ? { completeDate: new Date(one.endAt).toISOString() } : {}),
      createdDate: new Date(one.startAt - 86_400_000).toISOString(),
      originBoardId: one.boardId,
      goal: one.goal,
    };
  }

  /** In issues, Cloud returns objects; Data Center prints its Java objects. */
  function sprintInIssue(one: Sprint): unknown {
    const [start, end] = [one.startAt, one.endAt].map((time) => new Date(time).toISOString());
    const done = one.state === "closed" ? end : null;
    if (isCloud) {
      return {
        id: one.id,
        name: one.name,
        state: one.state,
        boardId: one.boardId,
        goal: one.goal,
        startDate: start,
        endDate: end,
        ...(done === null ? {} : { completeDate: done }),
      };
    }
    return `com.atlassian.greenhopper.service.sprint.Sprint@${(one.id * 2_654_435).toString(16)}[activatedDate=${one.state === "future" ? "<null>" : start},autoStartStop=false,completeDate=${done ?? "<null>"},endDate=${end},goal=${one.goal === "" ? "<null>" : one.goal},id=${one.id},incompleteIssuesDestinationId=<null>,name=${one.name},rapidViewId=${one.boardId},sequence=${one.id},startDate=${start},state=${one.state.toUpperCase()},synced=false]`;
  }

  function linked(one: Issue): object {
    return {
      id: String(one.id),
      key: keyOf(one),
      self: `${api}/issue/${one.id}`,
      fields: {
        summary: one.summary,
        status: status(one.status),
        ...(one.priority === null ? {} : { priority: named("priority", one.priority) }),
        issuetype: issueType(one.type),
      },
    };
  }

  function link(own: Issue, one: Link): object {
    const { id, name, inward, outward } = one.type;
    const isOutward = one.from.id === own.id;
    return {
      id: String(one.id),
      self: `${api}/issueLink/${one.id}`,
      type: { id: String(id), name, inward, outward, self: `${api}/issueLinkType/${id}` },
      ...(isOutward ? { outwardIssue: linked(one.to) } : { inwardIssue: linked(one.from) }),
    };
  }

  function attachment(one: Attachment): object {
    return {
      self: `${api}/attachment/${one.id}`,
      id: String(one.id),
      filename: one.name,
      author: user(one.author),
      created: wireTime(one.createdAt),
      size: one.content.byteLength,
      mimeType: one.contentType,
      content: attachmentUrl(state, one),
    };
  }

  /** Each field is a function, so that only requested fields are computed. */
  const fieldValues: Readonly<Record<string, (one: Issue) => unknown>> = {
    summary: (one) => one.summary,
    description: (one) => descriptionOf(state, one),
    project: (one) => project(one.project, "inline"),
    issuetype: (one) => issueType(one.type),
    status: (one) => status(one.status),
    resolution: (one) => (one.resolution === null ? null : named("resolution", one.resolution)),
    priority: (one) => (one.priority === null ? null : named("priority", one.priority)),
    labels: (one) => one.labels,
    assignee: (one) => (one.assignee === null ? null : user(one.assignee)),
    creator: (one) => user(one.creator),
    reporter: (one) => user(one.creator),
    // In Data Center only sub-tasks are children; epics have a field of their own.
    parent: (one) => (one.parent !== null && (isCloud || one.type.subtask) ? linked(one.parent) : undefined),
    subtasks: (one) => one.children.filter(({ type }) => type.subtask).map(linked),
    created: (one) => wireTime(one.createdAt),
    updated: (one) => wireTime(one.updatedAt),
    resolutiondate: (one) => (one.resolvedAt === null ? null : wireTime(one.resolvedAt)),
    ...(isCloud ? { statuscategorychangedate: (one: Issue) => wireTime(one.categoryChangedAt) } : {}),
    duedate: (one) => one.dueDate,
    issuelinks: (one) => one.links.map((each) => link(one, each)),
    attachment: (one) => one.attachments.map(attachment),
    [ids.sprint]: (one) => (one.sprints.length === 0 ? null : one.sprints.map(sprintInIssue)),
    [ids.classicPoints]: (one) => (one.type.name === "Bug" || !isCloud ? one.points : null),
    ...(isCloud ? { [ids.points]: (one: Issue) => (one.type.name === "Bug" ? null : one.points) } : {}),
    [ids.epic]: (one) => (one.parent?.type.level === 1 ? keyOf(one.parent) : null),
    ...Object.fromEntries(
      [ids.epicName, sharedIds.freightClass, sharedIds.impact, sharedIds.note].map((id) => [
        id,
        (one: Issue) => one.custom.get(id) ?? null,
      ]),
    ),
  };

  function issue(shown: Issue, wanted: readonly string[], properties: readonly string[] = []): object {
    const names = new Set(
      wanted.flatMap((name) => (/^\*(all|navigable)$/.test(name) ? Object.keys(fieldValues) : [name])),
    );
    for (const name of wanted) if (name.startsWith("-")) names.delete(name.slice(1));
    const fields: Record<string, unknown> = {};
    for (const name of names) {
      const value = Object.hasOwn(fieldValues, name) ? fieldValues[name]?.(shown) : undefined;
      if (value !== undefined) fields[name] = value;
    }
    const how = state.malformed.get(shown.id);
    if (how === "missing-field") delete fields["summary"];
    if (how === "wrong-type" && "updated" in fields) fields["updated"] = { at: fields["updated"] };
    return {
      expand: "operations,versionedRepresentations,editmeta,changelog,renderedFields",
      id: String(shown.id),
      self: `${api}/issue/${shown.id}`,
      key: keyOf(shown),
      ...(properties.length > 0 ? { properties: pick(shown.properties, properties) } : {}),
      ...(Object.keys(fields).length > 0 ? { fields } : {}),
    };
  }

  return {
    user,
    status,
    named,
    issueType,
    project,
    sprint,
    issue,
    fields: () => fieldInfos(edition).map((field) => ({ ...field, name: say(field.name) })),
    comment: (one, own, expand = []) => ({
      self: `${api}/issue/${one.id}/comment/${own.id}`,
      id: String(own.id),
      author: user(own.author),
      body: toWireBody(edition, own.body),
      updateAuthor: user(own.updateAuthor),
      created: wireTime(own.createdAt),
      updated: wireTime(own.updatedAt),
      ...(isCloud ? { jsdPublic: true } : {}),
      ...(expand.includes("properties")
        ? { properties: [...own.properties].map(([key, value]) => ({ key, value })) }
        : {}),
    }),
  };
}

function pick(properties: Properties, wanted: readonly string[]): Record<string, object> {
  const shown = wanted.includes("*all") ? [...properties.keys()] : wanted;
  return Object.fromEntries(
    shown.flatMap((key) => {
      const value = properties.get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Cloud's URL is below the API and redirects to a store, Data Center's is the file itself. */
export function attachmentUrl(state: JiraState, one: Pick<Attachment, "id" | "name">): string {
  return state.edition === "cloud"
    ? `${state.baseUrl}/rest/api/3/attachment/content/${one.id}`
    : `${state.baseUrl}/secure/attachment/${one.id}/${encodeURIComponent(one.name)}`;
}
