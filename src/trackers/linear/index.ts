import { lazyConnection } from "../lazy-connection.ts";
import type { TrackerDefinition, WritingCapabilities } from "../tracker.ts";
import { defaultServer, linearHttp } from "./http-policy.ts";
import { linearRefs } from "./refs.ts";

const writing: WritingCapabilities = {
  assignees: "one",
  mostAssignees: null,
  relations: ["blocks", "blocked_by", "relates", "duplicates"],
  texts: { title: null, body: null },
  comments: { edit: true, delete: true, reply: true },
  type: false,
  newLabels: true,
  choices: false,
  newStates: true,
  concurrency: 4,
  lagMs: 2000,
};

export const linear: TrackerDefinition = {
  id: "linear",
  label: linearHttp.label,
  sourceNoun: { one: "team", many: "teams" },
  credentialFields: [
    {
      name: "apiKey",
      label: "API key",
      env: ["LINEAR_API_KEY"],
      secret: true,
      required: true,
      placeholder: "lin_api_…",
      help: "A personal API key with read and write access, from Settings → Security & access in Linear; an OAuth token works too.",
    },
    {
      name: "server",
      label: "Server",
      env: ["LINEAR_API_URL"],
      secret: false,
      required: false,
      defaultValue: defaultServer,
      placeholder: defaultServer,
      help: "The address of the GraphQL API; only tests need to change it.",
    },
  ],
  sourceKeys: [
    {
      key: "linear_team",
      label: "Team",
      plural: "Teams",
      placeholder: "APP",
      perAccount: true,
      check: (value) =>
        /^[A-Za-z][A-Za-z0-9_]*$/.test(value)
          ? { ok: true }
          : {
              ok: false,
              message: `"${value}" is not a team key: write the letters before the hyphen, such as APP for APP-123.`,
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
    countsOutside: false,
  },
  writing,
  refs: linearRefs,
  webhooks: {
    secretIn: "signature",
    byToken: true,
    load: async () => (await import("./webhook-reader.ts")).webhookReader,
  },
  http: linearHttp,
  connect: (http) =>
    lazyConnection(async () => (await import("./connection.ts")).connectLinear(http), writing, {
      webhooks: true,
    }),
};
