import { lazyConnection } from "../lazy-connection.ts";
import type { TrackerDefinition } from "../tracker.ts";
import { jiraHttp } from "./http-policy.ts";
import { jiraRefs } from "./refs.ts";

export const jira: TrackerDefinition = {
  id: "jira",
  label: jiraHttp.label,
  sourceNoun: { one: "project", many: "projects" },
  credentialFields: [
    {
      name: "apiKey",
      label: "API key",
      env: ["JIRA_API_KEY"],
      secret: true,
      required: true,
      placeholder: "API token or personal access token",
      help: "Jira Cloud: an API token from id.atlassian.com/manage-profile/security/api-tokens, together with JIRA_EMAIL. Data Center: a personal access token from your profile, alone.",
    },
    {
      name: "email",
      label: "E-mail",
      env: ["JIRA_EMAIL"],
      secret: false,
      required: false,
      placeholder: "you@example.com",
      help: "Jira Cloud: the account that the token belongs to. Leave it out for Data Center.",
    },
    {
      name: "server",
      label: "Server",
      env: ["JIRA_URL"],
      secret: false,
      required: true,
      placeholder: "https://SITE.atlassian.net",
      help: "Set JIRA_URL to https://SITE.atlassian.net; for a token with scopes to https://api.atlassian.com/ex/jira/CLOUD_ID; for Data Center to its address with the context path, such as https://HOST/jira.",
    },
  ],
  sourceKeys: [
    {
      key: "jira_project",
      label: "Project",
      plural: "Projects",
      placeholder: "PROJ",
      check: (value) =>
        /^[A-Za-z][A-Za-z0-9_]+$/.test(value)
          ? { ok: true }
          : {
              ok: false,
              message: `"${value}" is not a project key: write the letters before the hyphen, such as PROJ for PROJ-123.`,
            },
      refPrefix: () => "",
    },
  ],
  capabilities: {
    labels: true,
    priority: true,
    estimate: true,
    dueDate: true,
    cycles: true,
    parent: true,
    relations: true,
    comments: true,
    attachments: true,
    countsOutside: true,
  },
  writing: {
    assignees: "one",
    mostAssignees: null,
    relations: ["blocks", "blocked_by", "relates", "duplicates"],
    texts: { title: 255, body: 32_767 },
    comments: { edit: true, delete: true, reply: false },
    type: true,
    newLabels: true,
    choices: true,
    newStates: false,
    concurrency: 4,
    lagMs: 60000,
  },
  refs: jiraRefs,
  webhooks: {
    secretIn: "signature",
    byToken: false,
    load: async () => (await import("./webhook-reader.ts")).webhookReader,
  },
  http: jiraHttp,
  connect: (http) => lazyConnection(async () => (await import("./connection.ts")).connectJira(http), jira.writing),
};
