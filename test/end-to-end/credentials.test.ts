import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import type { Emulator } from "../../emulators/emulator.ts";
import { after, before } from "../support/hooks.ts";
import { eventually, makeHome, type PanServer, startPan } from "../support/stage.ts";
import type { PanHome } from "../../src/cli/fixture.ts";
import type { TrackerShape, TrackersShape } from "../../src/server/contract/tracker.ts";

const limit = { timeout: 60_000 };

let github: Emulator;
let rally: Emulator;
let home: PanHome;
let server: PanServer;

before(async () => {
  [github, rally] = await Promise.all([
    startEmulator("github", { issues: 5, seed: 5, sources: 1 }),
    startEmulator("rally", { issues: 5, seed: 5, sources: 1 }),
  ]);
  home = makeHome({ emulators: [], projects: "projects: {}\n" });
  home.write("env", `# keys\nGITHUB_API_URL=${github.credentials["GITHUB_API_URL"]}\n`);
  server = await startPan(home, { env: { LINEAR_API_KEY: "lin_api_environment_canary", PATH: "/usr/bin:/bin" } });
});

after(async () => {
  await home[Symbol.asyncDispose]();
  await Promise.all([github.close(), rally.close()]);
});

const token = () => github.credentials["GITHUB_TOKEN"] ?? "";
const text = (body: unknown) => JSON.stringify(body);
const trackerOf = async (id: string): Promise<TrackerShape> => {
  const { trackers } = await server.get<TrackersShape>("/api/trackers");
  const found = trackers.find((tracker) => tracker.id === id);
  assert.ok(found);
  return found;
};

/** With the dashboard's cookie and origin: only a browser may test stored credentials. */
async function validateInBrowser(tracker: string, body: unknown): Promise<Record<string, unknown>> {
  const signedIn = await fetch(`${server.url}/?token=${server.token}`, { redirect: "manual" });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const answer = await fetch(`${server.url}/api/${tracker}/validate`, {
    method: "POST",
    headers: { cookie, origin: server.url, "sec-fetch-site": "same-origin", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, unknown>;
}

test("a token is stored, effective immediately, never returned, and can be removed", limit, async () => {
  const set = await server.ask("PATCH", "/api/trackers/github/credentials", { token: token() });
  assert.equal(set.status, 200, text(set.body));
  assert.ok(!text(set.body).includes(token()));
  const [field] = (set.body as TrackerShape).credentials;
  assert.deepEqual(
    [field?.present, field?.value, field?.key, field?.locked, field?.origin],
    [true, null, "GITHUB_TOKEN", null, `GITHUB_TOKEN in ${home.paths.envFile}`],
  );
  assert.match(readFileSync(home.paths.envFile, "utf8"), /^# keys\nGITHUB_API_URL=.*\nGITHUB_TOKEN=\S+\n$/);
  assert.equal(statSync(home.paths.envFile).mode & 0o777, 0o600);

  const tested = await validateInBrowser("github", {});
  assert.equal(tested["valid"], true, text(tested));
  const sources = await server.ask("GET", "/api/sources?tracker=github");
  assert.equal(sources.status, 200);

  const removed = await server.ask("PATCH", "/api/trackers/github/credentials", { token: null });
  assert.equal((removed.body as TrackerShape).credentials[0]?.present, false);
  await eventually(async () => ((await trackerOf("github")).health === "misconfigured" ? true : undefined), "no token");
});

test("a credential from the environment cannot be changed, with the reason, and is not returned", limit, async () => {
  const field = (await trackerOf("linear")).credentials[0];
  assert.match(field?.locked?.reason ?? "", /LINEAR_API_KEY is set in the environment/);
  const answer = await server.ask("PATCH", "/api/trackers/linear/credentials", { apiKey: "new" });
  assert.equal(answer.status, 409);
  assert.ok(!text(answer.body).includes("canary"));
});

test("a form is tested over the stored credentials, which are sent to no other server", limit, async () => {
  const { RALLY_API_KEY: apiKey = "", RALLY_SERVER: server_ = "" } = rally.credentials;
  const set = await server.ask("PATCH", "/api/trackers/rally/credentials", { apiKey, server: server_ });
  assert.equal(set.status, 200, text(set.body));
  const wrong = await validateInBrowser("rally", { connection: "rally", workspace: "/workspace/1" });
  assert.equal(wrong["valid"], false);
  assert.ok(String(wrong["hint"]).length > 0, text(wrong));
  const right = await validateInBrowser("rally", { connection: "rally", workspace: null });
  assert.equal(right["valid"], true, text(right));
  const elsewhere = await validateInBrowser("rally", { connection: "rally", server: github.url });
  assert.deepEqual([elsewhere["valid"], elsewhere["field"]], [false, "apiKey"]);
  assert.ok(!text(elsewhere).includes(apiKey));
});

test("writes nothing without the session", limit, async () => {
  const answer = await fetch(`${server.url}/api/trackers/github/credentials`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: "ghp_x" }),
  });
  assert.equal(answer.status, 401);
  assert.ok(!readFileSync(home.paths.envFile, "utf8").includes("ghp_x"));
});
