import { lazyConnection } from "../lazy-connection.ts";
import type { TrackerDefinition, WritingCapabilities } from "../tracker.ts";
import { defaultServer, rallyHttp } from "./http-policy.ts";
import { rallyRefs } from "./refs.ts";
import { parsePlace, toSourceKey } from "./place.ts";

const writing: WritingCapabilities = {
  assignees: "one",
  mostAssignees: null,
  // Between stories, and between portfolio items of one level; duplicates between defects.
  relations: ["blocks", "blocked_by", "duplicates"],
  // The workspace's attribute definitions limit the length of texts, in HTML; Rally refuses longer ones.
  texts: { title: 256, body: null },
  comments: { edit: true, delete: true, reply: false },
  type: false,
  newLabels: true,
  choices: false,
  newStates: false,
  concurrency: 4,
  lagMs: 2000,
};

export const rally: TrackerDefinition = {
  id: "rally",
  label: rallyHttp.label,
  sourceNoun: { one: "project", many: "projects" },
  credentialFields: [
    {
      name: "apiKey",
      label: "API key",
      env: ["RALLY_API_KEY"],
      secret: true,
      required: true,
      placeholder: "_…",
      help: "An API key with full access (read-only is enough for viewing), from API Keys at rally1.rallydev.com/login/accounts.",
    },
    {
      name: "workspace",
      label: "Workspace",
      env: ["RALLY_WORKSPACE"],
      secret: false,
      required: false,
      placeholder: "/workspace/12345",
      help: "The default for projects that name none: its number, /workspace/12345, or the address in the browser.",
    },
    {
      name: "project",
      label: "Project",
      env: ["RALLY_PROJECT"],
      secret: false,
      required: false,
      placeholder: "/project/67890",
      help: "The default for projects that name none: its number, /project/67890, or the address in the browser; its child projects belong to it.",
    },
    {
      name: "server",
      label: "Server",
      env: ["RALLY_SERVER"],
      secret: false,
      required: false,
      defaultValue: defaultServer,
      placeholder: defaultServer,
      help: "The address of Rally; change it for another region or your own server.",
    },
  ],
  sourceKeys: [
    {
      key: "rally_project",
      label: "Project",
      plural: "Projects",
      placeholder: "67890",
      check: (value) =>
        parsePlace(value, "project")?.project != null
          ? { ok: true }
          : {
              ok: false,
              message: `"${value}" is not a project: write its number, such as 67890, or its address from the browser.`,
            },
      refPrefix: () => "",
      qualifier: {
        key: "rally_workspace",
        label: "Workspace",
        placeholder: "12345",
        check: (value) =>
          parsePlace(value, "workspace")?.workspace != null
            ? { ok: true }
            : {
                ok: false,
                message: `"${value}" is not a workspace: write its number, such as 12345, or its address from the browser.`,
              },
      },
      defaults: { value: "project", qualifier: "workspace" },
      canonical: toSourceKey,
    },
  ],
  capabilities: {
    labels: true,
    priority: true,
    estimate: true,
    dueDate: false,
    cycles: true,
    parent: true,
    relations: true,
    comments: true,
    attachments: true,
    countsOutside: true,
  },
  writing,
  refs: rallyRefs,
  webhooks: {
    secretIn: "address",
    byToken: true,
    load: async () => (await import("./webhook-reader.ts")).webhookReader,
  },
  http: rallyHttp,
  connect: (http) =>
    lazyConnection(async () => (await import("./connection.ts")).connectRally(http), writing, {
      webhooks: true,
    }),
};
