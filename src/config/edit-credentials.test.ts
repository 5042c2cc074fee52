import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isPanopticonError, type PanopticonError } from "../domain/error.ts";
import { setCredentials, type CredentialValues } from "./edit-credentials.ts";
import { makeHome, trackers, type Home } from "./fixture.ts";
import type { Environment } from "./paths.ts";

const canary = "hub_canary_4f1c";

async function change(home: Home, id: string, values: CredentialValues, env: Environment = home.env): Promise<string> {
  const { connections } = await home.read({ env });
  const connection = connections.find((one) => one.id === id);
  const tracker = trackers.find((one) => one.id === (connection?.tracker ?? id));
  assert.ok(tracker);
  setCredentials(values, { tracker, connection, envFile: home.paths.envFile });
  return readFileSync(home.paths.envFile, "utf8");
}

async function refusal(run: Promise<unknown>): Promise<PanopticonError> {
  const error: unknown = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(isPanopticonError(error), String(error));
  assert.ok(!JSON.stringify([error.message, error.hint]).includes(canary), "no error holds a value");
  return error;
}

test("a first credential creates the file; the next read contains it", async () => {
  using home = makeHome();
  assert.equal(await change(home, "hub", { token: ` ${canary} ` }), `HUB_TOKEN=${canary}\n`);
  const { connections } = await home.read();
  assert.equal(connections.find(({ id }) => id === "hub")?.values["token"], canary);
});

test("the key in effect is replaced; removing it removes all of its names", async () => {
  using home = makeHome();
  home.write("env", "# mine\nHB_TOKEN=old # why\nLIN_API_KEY=x\n");
  assert.equal(await change(home, "hub", { token: "new" }), "# mine\nHB_TOKEN=new # why\nLIN_API_KEY=x\n");
  home.write("env", "HUB_TOKEN=a\nHB_TOKEN=b\nLIN_API_KEY=x\n");
  assert.equal(await change(home, "hub", { token: null }), "LIN_API_KEY=x\n");
});

test("a value from the environment cannot be replaced in the file, and the error says why", async () => {
  using home = makeHome();
  home.write("env", "HUB_TOKEN=old\n");
  const error = await refusal(change(home, "hub", { token: canary }, { ...home.env, HUB_TOKEN: "outer" }));
  assert.deepEqual([error.code, error.field], ["conflict", "token"]);
  assert.match(error.message, /HUB_TOKEN is set in the environment .* which takes precedence over the file/);
});

test("a named connection writes the variable that config.yaml names, and only that", async () => {
  using home = makeHome();
  home.write("env", "HUB_TOKEN=default\n");
  home.write("config", "connections:\n  work: { tracker: hub, token: $WORK_TOKEN }\n  bare: { tracker: hub }\n");
  assert.equal(await change(home, "work", { token: "w" }), "HUB_TOKEN=default\nWORK_TOKEN=w\n");
  assert.match((await refusal(change(home, "bare", { token: canary }))).hint ?? "", /token: \$NAME/);
  home.write("config", `connections:\n  inside: { tracker: hub, token: ${canary} }\n`);
  assert.match((await refusal(change(home, "inside", { token: "x" }))).message, /is written in .*config\.yaml itself/);
});

test("a stored secret goes to no other server", async () => {
  using home = makeHome();
  home.write("env", `HUB_TOKEN=${canary}\n`);
  const server = "https://evil.example/api";
  const error = await refusal(change(home, "hub", { server }));
  assert.deepEqual([error.code, error.field], ["invalid_input", "token"]);
  assert.match(error.message, /the stored one was for api\.hub\.example/);
  assert.equal(readFileSync(home.paths.envFile, "utf8"), `HUB_TOKEN=${canary}\n`);
  // The same server, or a new secret with it, is allowed.
  assert.match(await change(home, "hub", { server: "https://api.hub.example/v2" }), /HUB_API_URL/);
  assert.equal(await change(home, "hub", { server, token: "own" }), `HUB_TOKEN=own\nHUB_API_URL=${server}\n`);
});

test("an invalid credential is refused, and nothing is written", async () => {
  using home = makeHome();
  home.write("env", "A=1\n");
  for (const token of [`${canary}\nA=2`, `Bearer ${canary}`]) {
    assert.equal((await refusal(change(home, "hub", { token }))).code, "invalid_input");
  }
  home.write("env", "A=1\nHUB_TOKEN=old\n");
  for (const token of ["", " \n"]) {
    const error = await refusal(change(home, "hub", { token }));
    assert.deepEqual([error.code, error.field, error.hint], ["invalid_input", "token", "To remove it, send null."]);
  }
  assert.equal(readFileSync(home.paths.envFile, "utf8"), "A=1\nHUB_TOKEN=old\n");
  home.write("env", "A=1\n");
  assert.match((await refusal(change(home, "hub", { tokn: canary }))).hint ?? "", /“token”/);
  const bare = await refusal(change(home, "hub", { token: canary, server: "hub.example/api" }));
  assert.deepEqual([bare.code, bare.field], ["invalid_input", "server"]);
  assert.match(bare.message, /must start with https:/);
  assert.equal(readFileSync(home.paths.envFile, "utf8"), "A=1\n");
});
