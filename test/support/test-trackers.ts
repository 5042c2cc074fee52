import type { RefReader, TrackerDefinition } from "../../src/trackers/tracker.ts";
import type { ParsedRef } from "../../src/domain/mention.ts";

/** `app#7`, `owner/app#7`, `#7`, `https://alpha.example/owner/app/issues/7`. */
const numbered: RefReader = {
  parse(text) {
    const short = /^(?:([\w.-]+\/[\w.-]+)|([\w.-]+))?#(\d+)$/.exec(text);
    if (short) return { key: `#${short[3]}`, prefix: short[2] ?? null, sourceKey: short[1] ?? null, host: null };
    const url = /^https:\/\/(alpha\.example)\/([\w.-]+\/[\w.-]+)\/issues\/(\d+)$/.exec(text);
    return url && { key: `#${url[3]}`, prefix: null, sourceKey: url[2] ?? null, host: url[1] ?? null };
  },
  format: ({ prefix, key }) => `${prefix}${key}`,
};

/** `MIN-7`, `https://beta.example/issue/MIN-7/some-title`. */
const keyed: RefReader = {
  parse(text): ParsedRef | null {
    const key = /^[a-z][a-z0-9]*-\d+$/i.exec(text)?.[0];
    if (key !== undefined) return { key: key.toUpperCase(), prefix: null, sourceKey: null, host: null };
    const url = /^https:\/\/(beta\.example)\/issue\/([a-z][a-z0-9]*-\d+)(?:\/.*)?$/i.exec(text);
    return url && { key: (url[2] ?? "").toUpperCase(), prefix: null, sourceKey: null, host: url[1] ?? null };
  },
  format: ({ key }) => key,
};

/** A fictitious tracker, for code that works with any. It can be described and its refs read, but not connected to. */
function testTracker(options: {
  id: string;
  label: string;
  refs: RefReader;
  noun: { one: string; many: string };
  sourceKey: string;
}): TrackerDefinition {
  const { id, label, refs, noun, sourceKey } = options;
  const unconnected = (): never => {
    throw new Error(`${label} is not a real tracker.`);
  };
  return {
    id,
    label,
    refs,
    sourceNoun: noun,
    credentialFields: [
      {
        name: "token",
        label: `${label} token`,
        env: [`${id.toUpperCase()}_TOKEN`],
        secret: true,
        required: true,
        help: `Made in ${label}'s settings.`,
      },
      {
        name: "server",
        label: "Server",
        env: [`${id.toUpperCase()}_URL`],
        secret: false,
        required: true,
        defaultValue: `https://${id}.example`,
        help: "Only for your own server.",
      },
    ],
    sourceKeys: [
      {
        key: sourceKey,
        label: noun.one,
        plural: noun.many,
        placeholder: "x",
        check: () => ({ ok: true }),
        refPrefix: (value, prefix) => prefix ?? value.split("/").at(-1) ?? value,
      },
    ],
    writing: {
      assignees: "many",
      mostAssignees: 3,
      relations: ["blocks", "blocked_by"],
      texts: { title: 256, body: 65_536 },
      comments: { edit: true, delete: true, reply: true },
      type: false,
      newLabels: true,
      choices: false,
      newStates: false,
      concurrency: 1,
      lagMs: 1000,
    },
    webhooks: {
      secretIn: "signature",
      byToken: false,
      load: async () => ({
        prove: ({ headers }, secret) => {
          const given = headers["x-secret"];
          return given === undefined ? "unsigned" : given === secret ? "proved" : "wrong";
        },
        read: ({ headers }) => ({ id: headers["x-delivery"] ?? null, hints: [] }),
        steps: ({ address }) => [address],
        ping: (secret) => ({ headers: { "x-secret": secret }, body: "{}" }),
      }),
    },
    capabilities: {
      labels: true,
      priority: true,
      estimate: false,
      dueDate: false,
      cycles: true,
      parent: true,
      relations: true,
      comments: true,
      attachments: true,
      countsOutside: true,
    },
    http: {
      tracker: id,
      label: id,
      baseUrl: unconnected,
      headers: unconnected,
      secretValues: ["token"],
      concurrency: 1,
      fileHosts: () => [
        { origin: `https://files.${id}.example`, login: true },
        { origin: `http://${id}.example`, path: "/faces/", login: false },
      ],
      readBudget: unconnected,
      readFailure: unconnected,
    },
    connect: unconnected,
  };
}

export const alpha = testTracker({
  id: "alpha",
  label: "Alpha",
  refs: numbered,
  noun: { one: "repository", many: "repositories" },
  sourceKey: "alpha_repo",
});

export const beta = testTracker({
  id: "beta",
  label: "Beta",
  refs: keyed,
  noun: { one: "team", many: "teams" },
  sourceKey: "beta_team",
});
