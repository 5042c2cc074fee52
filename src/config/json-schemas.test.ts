import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { makeHome, trackers } from "./fixture.ts";
import { jsonSchemas } from "./json-schemas.ts";

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const schemas = jsonSchemas(trackers);
const validators = {
  projects: ajv.compile(schemas["projects.schema.json"] ?? {}),
  config: ajv.compile(schemas["config.schema.json"] ?? {}),
};

const cases: [file: "projects" | "config", valid: boolean, yaml: string][] = [
  ["projects", true, "projects: {}"],
  [
    "projects",
    true,
    `projects:
  app:
    name: App
    path: ~/.panopticon
    hub_repo: [a/b, a/c]
    lin_team: APP
    connections: { hub: work }
    issue_prefix: app
    default_branch: main
    agent: claude
    shadow: false
    history: 90d
    states: { lin: { planning: Spec }, hub: { in_review: "label:in review" } }
    workspace: { root: ~/w, branch: "feature/{ref}-{slug}", copy: [.env.local], setup: ["npm ci"] }`,
  ],
  ["projects", false, "projects: { app: { hubrepo: a/b } }"],
  ["projects", false, "projects: { app: { lin_team: APP, history: 3 weeks } }"],
  ["projects", false, "projects: { app: { lin_team: APP, shadow: maybe } }"],
  ["projects", false, 'projects: { "a b": { lin_team: APP } }'],
  ["projects", false, "projects: [app]"],
  ["projects", false, "projects: { app: { lin_team: APP, states: { lin: { plan: x } } } }"],
  ["config", true, "{}"],
  [
    "config",
    true,
    `server: { host: 127.0.0.1, port: 4000, publicUrl: https://pan.example }
connections: { work: { tracker: hub, server: https://hub.corp.example, token: $HB }, mine: { tracker: lin, apiKey: $LN } }
sync: { minInterval: 30s }
agents: { claude: { command: [claude, --fast] } }
database: postgres://localhost/pan`,
  ],
  ["config", false, "connections: { work: { tracker: lin, token: $X } }"],
  ["config", false, "connections: { work: { token: $X } }"],
  ["config", false, "server: { port: 0 }"],
  ["config", false, "sync: { minInterval: 10 }"],
  ["config", false, "servr: {}"],
];

for (const [file, valid, yaml] of cases) {
  test(`schema and reader agree: ${file}.yaml with ${yaml.replaceAll("\n", " ").slice(0, 60)}`, async () => {
    assert.equal(validators[file](parse(yaml)), valid, JSON.stringify(validators[file].errors));
    using home = makeHome({ HB: "x", LN: "y" });
    home.write("config", "connections: { work: { tracker: hub, token: $HB } }");
    home.write(file, yaml);
    const errors = (await home.read()).problems.filter(({ severity }) => severity === "error");
    assert.equal(errors.length === 0, valid, JSON.stringify(errors));
  });
}
